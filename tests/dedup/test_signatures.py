from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup import signatures
from newscrawl.dedup.signatures import content_hash, revision_hash, tells_the_same, words
from newscrawl.items import Article, Heading, Image

ARTICLE = Article(
    url="https://daily.example/a",
    headline="Harbour reopens",
    subtitle="After a week of storms",
    authors=["Ada Reed", "Ben Cole"],
    published=datetime(2025, 3, 1, 8, tzinfo=UTC),
    text="The harbour reopened on Friday.",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two words.", ["Two", "words"]),
        ("Größe: 3 km", ["Größe", "3", "km"]),
        ("— … —", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("港口隧道将开放。", 7),
        ("トンネルは一年後に開通する", 10),
        ("터널이 곧 열린다", 3),
        ("อุโมงค์ท่าเรือ", 4),
        ("हिन्दी की ख़बर", 3),
        ("کتاب\u200cها را", 2),
        ("العَرَبِيَّة", 1),
        ("Cafe\u0301 olé", 2),
        ("GPT-5 は 2 倍", 5),
    ],
    ids=["Chinese", "Japanese", "Korean", "Thai", "Hindi", "Persian", "Arabic", "Latin", "mixed"],
)
def test_words_of_every_script_are_counted(text, count):
    assert len(words(text)) == count


@pytest.mark.parametrize(
    "same",
    [
        "the HARBOUR reopened on friday",
        "The harbour\n\nreopened   on Friday!",
        "Ｔｈｅ harbour reopened on Friday.",
        "“The harbour” reopened — on Friday.",
    ],
)
def test_case_punctuation_and_space_make_no_other_content(same):
    assert content_hash(same) == content_hash("The harbour reopened on Friday.")


@pytest.mark.parametrize(
    "other",
    [
        "The harbour reopened on Monday.",
        "The harbour reopened on Friday. Ships returned.",
        "On Friday the harbour reopened.",
        "Theharbour reopened on Friday.",
    ],
)
def test_other_words_make_other_content(other):
    assert content_hash(other) != content_hash("The harbour reopened on Friday.")


def test_a_line_break_within_chinese_makes_no_other_content():
    assert content_hash("港口隧道\n将开放。") == content_hash("港口隧道将开放")


HARBOUR = {
    "English": "The harbour reopened on Friday after a week of storms, and the ferries sail again.",
    "Chinese": "港口在一周的风暴之后于周五重新开放,渡轮恢复航行,市政府向码头工人表示感谢。",
    "Japanese": "港は一週間の嵐のあと金曜日に再開し、フェリーの運航も始まったと市が発表した。",
    "Thai": "ท่าเรือเปิดอีกครั้งในวันศุกร์หลังพายุหนึ่งสัปดาห์และเรือข้ามฟากกลับมาแล่นอีก",
}
BUDGET = {
    "English": "Teachers ask the council for smaller classes and a new library before the summer.",
    "Chinese": "教师要求市议会在夏天以前缩小班级规模,并为学校新建一座图书馆,家长们也表示支持。",
    "Japanese": "教員組合は夏までに学級の人数を減らし、新しい図書館を建てるよう議会に求めた。",
    "Thai": "ครูขอให้สภาเมืองลดจำนวนนักเรียนต่อห้องและสร้างห้องสมุดใหม่ก่อนฤดูร้อน",
}


@pytest.mark.parametrize("language", HARBOUR)
def test_an_excerpt_tells_the_same(language):
    text = HARBOUR[language]
    assert tells_the_same(text[: len(text) // 2], text)


@pytest.mark.parametrize("language", HARBOUR)
def test_an_edit_tells_the_same(language):
    text = HARBOUR[language]
    middle = len(text) // 2
    assert tells_the_same(text[:middle] + " 12 " + text[middle + 2 :], text)


@pytest.mark.parametrize("language", HARBOUR)
def test_another_story_tells_something_else(language):
    assert not tells_the_same(HARBOUR[language], BUDGET[language])


def test_an_empty_text_tells_the_same_as_any():
    assert tells_the_same("", HARBOUR["English"])


def test_hashes_have_32_hex_digits():
    assert len(bytes.fromhex(content_hash("a"))) == len(bytes.fromhex(revision_hash(ARTICLE))) == 16


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "Harbour reopens at last"},
        {"subtitle": None},
        {"authors": ["Ada Reed"]},
        {"authors": ["Ben Cole", "Ada Reed"]},
        {"published": None},
        {"published": datetime(2025, 3, 2, 8, tzinfo=UTC)},
        {"text": "The harbour reopened on Friday!"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_makes_a_revision(change):
    assert revision_hash(replace(ARTICLE, **change)) != revision_hash(ARTICLE)


@pytest.mark.parametrize(
    "change",
    [
        {"modified": datetime(2025, 3, 9, tzinfo=UTC)},
        {"tags": ["harbour"]},
        {"sections": ["Local"]},
        {"images": [Image(url="https://daily.example/a.jpg")]},
        {"headings": [Heading(level=2, text="Why")]},
        {"html": "<p>The harbour reopened on Friday.</p>"},
        {"comment_count": 7, "share_count": 1, "view_count": 99},
        {"related_urls": ["https://daily.example/b"]},
        {"previous_url": "https://daily.example/b"},
        {"found_via": "tag"},
        {"provenance": {"headline": "json-ld"}},
        {"url": "https://daily.example/a?page=1"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_makes_no_revision(change):
    assert revision_hash(replace(ARTICLE, **change)) == revision_hash(ARTICLE)


def test_a_word_moved_from_headline_to_subtitle_is_a_revision():
    one = replace(ARTICLE, headline="Harbour", subtitle="reopens")
    other = replace(ARTICLE, headline="Harbour reopens", subtitle="")
    assert revision_hash(one) != revision_hash(other)


@given(st.text(alphabet=st.sampled_from("aZé_9 \n’“”–-…\u00a0一か\u0301")))
def test_the_short_ways_to_words_give_the_same_as_the_long_one(text):
    assert words(text) == signatures._words().findall(text)


@given(st.text(alphabet=st.sampled_from("aZ9 .-_\n“’—…")))
def test_the_short_way_to_folded_words_gives_the_same_as_the_long_one(text):
    assert list(signatures.folded_words(text)) == words(signatures.folded(text))


def test_counters_are_counted_in_any_case_and_listed_with_an_and():
    told = "The harbour reopened on Friday."
    for line in ("12 VIEWS", "3 Min Read · 5 Likes and 2 Comments", "PAYLAŞIM: 5"):
        with_line = replace(ARTICLE, text=f"{told}\n\n{line}")
        assert revision_hash(with_line) == revision_hash(replace(ARTICLE, text=told)), line

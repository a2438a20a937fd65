from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.dedup.signatures import article_id
from newscrawl.items import Article, Heading, Image
from newscrawl.pipelines.clean import (
    CleanPipeline,
    clean,
    clean_line,
    clean_list,
    clean_text,
    clean_url,
)

LONGEST_TIME = len("2025-03-01T10:00:00.000000+01:00")
URL = "https://www.daily.example/2025/harbour/"


def article(**values) -> Article:
    return Article(**{"url": URL, **values})


# Text


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("  two\n\twords ", "two words"),
        ("non\xa0breaking\u2009spaces", "non breaking spaces"),
        ("cafe\u0301", "caf\u00e9"),
        ("soft\xadhyphen", "softhyphen"),
        ("zero\u200bwidth", "zerowidth"),
        ("\ufeffmark", "mark"),
        ("left\u200eto\u202aright", "lefttoright"),
        ("\u2067\u05e9\u05dc\u05d5\u05dd\u2069\u200f!", "\u05e9\u05dc\u05d5\u05dd!"),
        ("\u0643\u064e\u062a\u064e\u0628\u061c", "\u0643\u064e\u062a\u064e\u0628"),
        (
            "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627",
            "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627",
        ),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("torn \ud83d emoji", "torn \ufffd emoji"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("", ""),
    ],
)
def test_a_line_is_spelled_one_way(raw, line):
    assert clean_line(raw) == line


@pytest.mark.parametrize("breaking", ["\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_a_line_break_of_any_kind_parts_words(breaking):
    assert clean_line(f"two{breaking}words") == "two words"


def test_an_invisible_character_does_not_keep_an_accent_from_its_letter():
    assert clean_line("cafe\u200b\u0301") == "caf\u00e9"


def test_paragraphs_are_parted_by_one_blank_line():
    assert clean_text(" One\nline. \n \n\n Two.\r\n\r\nThree.\n\n\xa0\n") == (
        "One line.\n\nTwo.\n\nThree."
    )


def test_a_list_has_each_value_once_whatever_its_case():
    assert clean_list(["Politics", " politics ", "", "STRASSE", "Straße", "Sport"]) == [
        "Politics",
        "STRASSE",
        "Sport",
    ]


@pytest.mark.parametrize("name", ["authors", "sections", "tags", "breadcrumbs"])
def test_every_list_of_names_is_cleaned(name):
    cleaned = clean(article(**{name: [" One\xa0name ", "one name", "\u200b"]}))
    assert getattr(cleaned, name) == ["One name"]


@pytest.mark.parametrize("name", ["subtitle", "published_raw", "language", "source_name"])
def test_an_empty_value_is_unknown(name):
    assert getattr(clean(article(**{name: " \u200b"})), name) is None


def test_the_words_of_the_text_are_counted():
    assert clean(article(text="One two.\n\nThree — four")).word_count == 4


def test_a_story_without_spaces_has_as_many_words_as_ideographs():
    assert clean(article(text="港口隧道将开放,列车绕道。")).word_count == 11


GERMAN = "Der Hafentunnel wird in einem Jahr eröffnet, teilte das Rathaus am Freitag mit."


@pytest.mark.parametrize("declared", [None, "", "und"])
def test_a_language_that_is_not_declared_is_detected(declared):
    cleaned = clean(article(text=GERMAN, language=declared))
    assert (cleaned.language, cleaned.provenance) == ("de", {"language": "text"})


def test_a_declared_language_stays():
    cleaned = clean(article(text=GERMAN, language="en-GB", provenance={"language": "html"}))
    assert (cleaned.language, cleaned.provenance) == ("en-GB", {"language": "html"})


@pytest.mark.parametrize("text", ["", "Guten Tag", "1,204 3,118 5,220 " * 10])
def test_too_little_text_has_no_language(text):
    cleaned = clean(article(text=text))
    assert (cleaned.language, cleaned.provenance) == (None, {})


def test_headings_are_cleaned():
    cleaned = clean(article(headings=[Heading(level=2, text=" Why\nnow ")]))
    assert cleaned.headings == [Heading(level=2, text="Why now")]


def test_html_keeps_its_space_but_nothing_that_a_database_refuses():
    assert clean(article(html="<p>a \n b\x00\ud800</p>")).html == "<p>a \n b\ufffd</p>"


# URLs


@pytest.mark.parametrize("url", [None, "", "mailto:a@daily.example", "javascript:;", "/path"])
def test_what_cannot_be_fetched_is_no_url(url):
    assert clean_url(url) is None


def test_urls_are_spelled_as_they_would_be_fetched():
    assert clean_url("HTTPS://Daily.Example:443/a b#top") == "https://daily.example/a%20b"


@pytest.mark.parametrize("name", ["source_url", "previous_url", "next_url"])
def test_a_link_that_cannot_be_fetched_is_unknown(name):
    assert getattr(clean(article(**{name: "javascript:;"})), name) is None


def test_related_links_stand_once_and_only_where_they_can_be_fetched():
    related = ["https://daily.example/b#x", "javascript:;", "https://daily.example/b"]
    assert clean(article(related_urls=related)).related_urls == ["https://daily.example/b"]


def test_an_article_without_a_url_of_its_own_is_an_error():
    with pytest.raises(UnfetchableURL):
        clean(article(url="about:blank"))


@pytest.mark.parametrize(
    ("declared", "canonical"),
    [
        ("", URL),
        ("https://daily.example/harbour/", "https://daily.example/harbour/"),
        ("https://amp.daily.example/harbour/", "https://amp.daily.example/harbour/"),
        ("https://weekly.example/harbour/", URL),
        ("https://www.daily.example/", URL),
        ("https://www.daily.example", URL),
        ("/harbour/", URL),
        ("javascript:;", URL),
    ],
    ids=[
        "none",
        "same site",
        "its other host",
        "another site",
        "the front page",
        "the front page, no slash",
        "not absolute",
        "no web address",
    ],
)
def test_the_canonical_url_that_is_believed(declared, canonical):
    assert clean(article(url=URL, canonical_url=declared)).canonical_url == canonical


@pytest.mark.parametrize("front", ["index.html", "index.php", "page/1/"])
def test_the_front_page_by_another_name_is_no_canonical_url(front):
    declared = f"https://www.daily.example/{front}"
    assert clean(article(url=URL, canonical_url=declared)).canonical_url == URL


@pytest.mark.parametrize(
    ("declared", "rule"),
    [
        ("https://weekly.example/harbour/", "url:other-site"),
        ("https://www.daily.example/", "url:front-page"),
    ],
)
def test_why_a_canonical_url_is_not_believed_is_kept(declared, rule):
    assert clean(article(url=URL, canonical_url=declared)).provenance["canonical_url"] == rule


def test_the_id_is_16_hex_digits_of_the_identity_of_the_canonical_url():
    assert len(bytes.fromhex(article_id(URL))) == 8
    assert article_id(URL) == article_id("http://daily.example/2025/harbour?utm_source=feed")
    assert article_id(URL) != article_id("https://daily.example/2025/harbor")


def test_an_article_gets_its_identity():
    cleaned = clean(article(canonical_url="https://daily.example/harbour"))
    assert (cleaned.site, cleaned.canonical_url, cleaned.id) == (
        "daily.example",
        "https://daily.example/harbour",
        article_id("https://daily.example/harbour"),
    )


# Images


def test_an_image_without_a_url_is_left_out():
    kept = Image(url="https://daily.example/a.jpg")
    cleaned = clean(article(images=[Image(url="data:image/gif;base64,R0"), kept]))
    assert cleaned.images == [kept]


def test_an_image_stands_once():
    urls = ["https://daily.example/a.jpg", "https://daily.example/b.jpg"] * 2
    cleaned = clean(article(images=[Image(url=url) for url in urls]))
    assert [image.url for image in cleaned.images] == urls[:2]


def test_the_words_of_an_image_are_cleaned():
    image = Image(url="https://daily.example/a.jpg", caption=" A\nquay ", credit="\xa0", alt="")
    assert clean(article(images=[image])).images == [
        Image(url="https://daily.example/a.jpg", caption="A quay")
    ]


# The pipeline


def test_other_items_pass():
    item = {"url": "about:blank"}
    assert CleanPipeline().process_item(item) is item


def test_an_article_is_cleaned_in_place():
    item = article(headline=" Harbour ")
    assert CleanPipeline().process_item(item) is item
    assert item.headline == "Harbour"


@pytest.mark.parametrize("seconds", [3630.5, -3630.5, -86_399])
def test_an_offset_has_whole_minutes_and_the_moment_stays(seconds):
    local = datetime(2025, 3, 1, 10, tzinfo=timezone(timedelta(seconds=seconds)))
    item = clean(article(published=local))
    assert item.published == local
    assert len(item.published.isoformat()) <= LONGEST_TIME


@pytest.mark.parametrize(
    ("count", "kept"), [(0, 0), (2**40, 2**40), (2**63 - 1, 2**63 - 1), (2**63, None), (-1, None)]
)
def test_a_count_that_no_database_holds_is_unknown(count, kept):
    assert clean(article(view_count=count)).view_count == kept


texts = st.text(
    st.one_of(
        st.sampled_from("ab\n\t \xa0\u200b\u200d\xad\r\u2028\x85\x00\u0301\u00e9ßİ\ufffd"),
        st.characters(exclude_categories=()),
    ),
    max_size=12,
)
URLS = st.sampled_from(
    ["", "/a", "https://daily.example", "HTTP://www.daily.example/b c?utm_source=x#y", "data:,"]
)


@st.composite
def articles(draw) -> Article:
    names = st.lists(texts, max_size=3)
    optional = st.none() | texts
    values: dict[str, Any] = {
        "canonical_url": draw(URLS),
        "headline": draw(texts),
        "subtitle": draw(optional),
        "authors": draw(names),
        "tags": draw(names),
        "text": draw(texts),
        "html": draw(texts),
        "headings": [Heading(level=2, text=draw(texts))],
        "images": [Image(url=draw(URLS), caption=draw(optional), alt=draw(optional))],
        "next_url": draw(URLS),
        "related_urls": draw(st.lists(URLS, max_size=3)),
    }
    return article(**values)


@given(articles())
@example(article(headline="cafe\u200b\u0301"))
def test_cleaning_twice_changes_nothing_more(item):
    once = deepcopy(clean(item))
    assert clean(item) == once

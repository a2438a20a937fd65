from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newscrawl.dedup.signatures import content_hash, revision_hash, words
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
    "same",
    [
        "the HARBOUR reopened on friday",
        "The harbour\n\nreopened   on Friday!",
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

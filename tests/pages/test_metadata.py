from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.pages.metadata import (
    ARTICLE_TYPES,
    MAX_JSON_LD,
    MAX_OBJECTS,
    count,
    json_ld_objects,
    language,
    minutes,
    moment,
    of_type,
    strings,
)


def objects(*blocks):
    return list(json_ld_objects(blocks))


def test_lists_and_graphs_are_opened_in_order():
    found = objects('[{"n": 1}, {"@graph": [{"n": 2}, {"n": 3}]}]', '{"n": 4}')
    assert [each["n"] for each in found if "n" in each] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "block",
    [
        '{"name": "line\nbreak"}',
        '<!-- {"name": "x"} -->',
        '//<![CDATA[\n{"name": "x"}\n//]]>',
        '{"name": "x"};',
    ],
)
def test_json_as_pages_write_it_is_read(block):
    assert objects(block)[0]["name"]


@pytest.mark.parametrize(
    "block",
    ["", "{", "null", '"text"', "[" * 100_000, f'{{"name": "{"x" * MAX_JSON_LD}"}}', "\ufeff{}"],
    ids=["empty", "broken", "null", "text", "deep", "huge", "mark"],
)
def test_what_is_no_object_gives_none(block):
    assert objects(block) == []


def test_a_flood_of_objects_is_cut():
    assert len(objects("[" + "{}," * 2_000 + "{}]")) == MAX_OBJECTS


@pytest.mark.parametrize(
    "declared", ["NewsArticle", "article", ["Thing", "BlogPosting"], "http://schema.org/Article"]
)
def test_article_types_are_known_in_any_spelling(declared):
    assert list(of_type([{"@type": declared}], ARTICLE_TYPES))


def test_names_come_from_strings_objects_and_lists():
    assert strings(["Ann", {"name": "B &amp; C"}, {"url": "x"}, 7]) == ["Ann", "B & C"]


@pytest.mark.parametrize(
    ("raw", "when"),
    [
        ("2020-07-04T03:15:43+00:00", datetime(2020, 7, 4, 3, 15, 43, tzinfo=UTC)),
        ("2020-07-04T03:15:43Z", datetime(2020, 7, 4, 3, 15, 43, tzinfo=UTC)),
        (
            "2025-10-09T10:02:11.000-0400",
            datetime(2025, 10, 9, 10, 2, 11, tzinfo=timezone(timedelta(hours=-4))),
        ),
        ("Thu, 12 Feb 2026 05:40:00 GMT", datetime(2026, 2, 12, 5, 40, tzinfo=UTC)),
    ],
)
def test_dates_keep_their_offset(raw, when):
    found = moment(raw)
    assert found
    assert (found.when, found.when.utcoffset(), found.note) == (when, when.utcoffset(), "")


@pytest.mark.parametrize("raw", ["2020-07-04 06:15:43", "2020-07-04"])
def test_a_date_without_offset_counts_as_utc_and_says_so(raw):
    found = moment(raw)
    assert found
    assert found.when.tzinfo is UTC
    assert (found.raw, found.note) == (raw, ":assumed-utc")


@pytest.mark.parametrize("raw", [None, "", "2 days ago", "0000-00-00", "9" * 5_000])
def test_what_is_no_date_gives_none(raw):
    assert moment(raw) is None


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("ar_AR", "ar-AR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("", None),
        ("english", None),
        (None, None),
    ],
)
def test_language_is_a_bcp_47_tag(declared, tag):
    assert language(declared) == tag


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("Reading Time: 9 mins read", 9),
        ("1,204 comments", 1204),
        ("1.2k", 1200),
        ("3M", 3_000_000),
        ("٣ تعليقات", 3),
        ("none", None),
        (None, None),
        ("9" * 40, None),
    ],
)
def test_counters(text, number):
    assert count(text) == number


@pytest.mark.parametrize(
    ("duration", "number"), [("PT9M", 9), ("PT1H5M", 65), ("P0DT0H7M30S", 7), ("9", None)]
)
def test_durations_are_whole_minutes(duration, number):
    assert minutes(duration) == number


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text):
    moment(text)
    language(text)
    count(text)
    minutes(text)
    objects(text)

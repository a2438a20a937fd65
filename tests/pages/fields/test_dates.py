from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.pages.fields.dates import in_url, moment, ranked


def at(year, month, day, hour=0, minute=0, second=0, *, offset=0):
    zone = timezone(timedelta(hours=offset))
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


@pytest.mark.parametrize(
    ("raw", "when"),
    [
        ("2020-07-04T03:15:43+00:00", at(2020, 7, 4, 3, 15, 43)),
        ("2020-07-04T03:15:43Z", at(2020, 7, 4, 3, 15, 43)),
        ("2025-10-09T10:02:11.000-0400", at(2025, 10, 9, 10, 2, 11, offset=-4)),
        ("Thu, 12 Feb 2026 05:40:00 GMT", at(2026, 2, 12, 5, 40)),
        ("Fri Apr 28 19:20:36 CEST 2023", at(2023, 4, 28, 19, 20, 36, offset=2)),
        ("Mon Apr 29 2024 10:37:00 GMT+0200", at(2024, 4, 29, 10, 37, offset=2)),
        ("2024-04-29 10:37:00 UTC", at(2024, 4, 29, 10, 37)),
        ("1714300000", at(2024, 4, 28, 10, 26, 40)),
        ("1714300000000", at(2024, 4, 28, 10, 26, 40)),
    ],
)
def test_dates_keep_their_offset(raw, when):
    found = moment(raw)
    assert found
    assert (found.when, found.when.utcoffset(), found.note) == (when, when.utcoffset(), "")


@pytest.mark.parametrize("raw", ["2020-07-04 06:15:43", "2020-07-04", "4 July 2020"])
def test_a_date_without_offset_counts_as_utc_and_says_so(raw):
    found = moment(raw)
    assert found
    assert found.when.tzinfo is UTC
    assert (found.raw, found.note) == (raw, ":assumed-utc")


@pytest.mark.parametrize(
    "raw",
    [None, "", "2 days ago", "0000-00-00", "9" * 5_000, "31.2.2024", "4 Folks 2024"],
)
def test_what_is_no_date_gives_none(raw):
    assert moment(raw) is None


@pytest.mark.parametrize("raw", ["1.10.12", "10.11.12.13", "v10.11.12", "10.11.12-3", "12-11-10"])
def test_a_version_is_no_date(raw):
    assert moment(raw) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Posted October 9, 2025", at(2025, 10, 9)),
        ("Oct 9th, 2025, 5.30pm BST", at(2025, 10, 9, 17, 30, offset=1)),
        ("08:39, 6 Jan 2026", at(2026, 1, 6, 8, 39)),
        ("erstellt: 01. April 2025, 15:25 Uhr", at(2025, 4, 1, 15, 25)),
        ("am 13/05/2026 um 15:44", at(2026, 5, 13, 15, 44)),
        ("9 février 2025 à 10h05", at(2025, 2, 9, 10, 5)),
        ("5 de junio de 2024", at(2024, 6, 5)),
        ("12 lipca 2024", at(2024, 7, 12)),
        ("12. července 2024", at(2024, 7, 12)),
        ("31 Ağustos 2024 - 10:15", at(2024, 8, 31, 10, 15)),
        ("4 августа 2024", at(2024, 8, 4)),
        ("3 يوليو 2024", at(2024, 7, 3)),
        ("2024年04月24日23:52", at(2024, 4, 24, 23, 52)),
        ("28.09.19, 12:44", at(2019, 9, 28, 12, 44)),
        ("26/10/13", at(2013, 10, 26)),
        ("2-Feb-2020", at(2020, 2, 2)),
        ("2022. január 5.", at(2022, 1, 5)),
        ("5 юли 2023", at(2023, 7, 5)),
        ("12 iunie 2023", at(2023, 6, 12)),
    ],
)
def test_dates_in_words(text, when):
    found = moment(text)
    assert found
    assert found.when == when


@pytest.mark.parametrize(("month_first", "month"), [(False, 4), (True, 3)])
def test_the_order_of_day_and_month_is_the_countrys(month_first, month):
    found = moment("3/4/2025", month_first=month_first)
    assert found
    assert found.when.month == month


@pytest.mark.parametrize("month_first", [False, True])
def test_a_day_that_is_no_month_tells_the_order_itself(month_first):
    for text in ("24/3/2025", "3/24/2025"):
        found = moment(text, month_first=month_first)
        assert found
        assert found.when == at(2025, 3, 24)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://thepost.test/2025/04/01/a-story/", "2025-04-01"),
        ("https://thepost.test/n1/2024/0424/c1001-4022.html", "2024-04-24"),
        ("https://thepost.test/20250113/story", "2025-01-13"),
        ("https://thepost.test/news/2025-10-22-story", "2025-10-22"),
        ("https://thepost.test/2025-12-15+A+story", "2025-12-15"),
        ("https://thepost.test/news/2025-10-22.html", "2025-10-22"),
        ("https://thepost.test/news/22-10-2025", "2025-10-22"),
        ("https://thepost.test/story-20250113", None),
        ("https://thepost.test/call-01-22-2025-0100", None),
        ("https://[bad", None),
    ],
)
def test_the_day_in_an_address(url, day):
    assert in_url(url) == day


def said(text):
    return lambda: text


def best(*raw):
    found = ranked([(str(place), said(text)) for place, text in enumerate(raw)])
    return found and (found[0], found[1].raw)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (["2024-04-29T10:00:00+02:00", "2024-04-29T11:00:00+02:00"], "0"),
        (["2024-04-29", "2024-04-29T10:00:00+02:00"], "1"),
        (["2024-04-29", "2024-04-30T10:00:00+02:00"], "0"),
        (["2024-04-29T10:00:00", "2024-04-29T08:00:00Z"], "1"),
        (["2024-04-29T10:00:00", "2024-05-02T08:00:00Z"], "0"),
        (["2024-04-29T10:00:00Z", "2024-04-29T10:00:00+02:00"], "1"),
        (["2024-04-29T10:00:00+02:00", "2024-04-29T10:00:00Z"], "0"),
        (["nonsense", None, "2024-04-29"], "2"),
    ],
    ids=[
        "the first one counts",
        "a time beats a bare date",
        "but not that of another day",
        "an offset beats none",
        "but not days later",
        "what two give as UTC and as local time is local",
        "in either order",
        "what is no date is passed over",
    ],
)
def test_the_first_date_counts_as_precisely_as_any_rule_tells_it(raw, place):
    found = best(*raw)
    assert found
    assert found[0] == place


def test_rules_are_not_read_once_nothing_can_be_gained():
    def never():
        raise AssertionError

    assert ranked([("a", lambda: "2024-04-29T10:00:00+02:00"), ("b", never)])


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60)
    | st.from_regex(r"\A\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4}[ T]\d\d:\d\d.{0,9}\Z")
)
def test_no_text_breaks_a_reader(text):
    moment(text)
    in_url("https://thepost.test/" + text)

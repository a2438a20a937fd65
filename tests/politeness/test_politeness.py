from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from newscrawl.politeness.politeness import retry_after


def said(value: str) -> float | None:
    return retry_after(Response("https://daily.example/", headers={"Retry-After": value}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("9" * 400, 999_999_999_999),
        ("Fri, 31 Feb 2025 00:00:00 GMT", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ],
)
def test_seconds_are_read_and_nonsense_is_not(value, expected):
    assert said(value) == expected


def test_a_date_counts_from_now():
    when = datetime.now(UTC) + timedelta(hours=1)
    assert 3590 < (said(format_datetime(when, usegmt=True)) or 0) <= 3600


def test_a_date_counts_from_what_the_hosts_own_clock_says():
    headers = {
        "Date": "Fri, 01 Jan 2027 10:00:00 GMT",
        "Retry-After": "Fri, 01 Jan 2027 10:02:00 GMT",
    }
    assert retry_after(Response("https://daily.example/", headers=headers)) == 120


def test_without_the_header_nothing_is_said():
    assert retry_after(Response("https://daily.example/")) is None


@given(st.binary(max_size=60))
def test_no_value_breaks_it(value):
    found = retry_after(Response("https://daily.example/", headers={"Retry-After": value}))
    assert found is None or found >= 0

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from newscrawl.discovery.feed_heads import read_head
from newscrawl.probing.findings import Finding, name_of, zone_of
from newscrawl.schedule.given import Given


def at(hours: float, month: int = 1) -> datetime:
    return datetime(2026, month, 10, 12, tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("dates", "countries", "zone"),
    [
        ([at(1)], ["DE"], "Europe/Berlin"),
        ([at(1), at(2, month=7)], ["DE"], "Europe/Berlin"),
        ([at(1), at(1, month=7)], ["DE"], ""),
        ([at(-5)], ["US"], "America/New_York"),
        ([at(-8)], ["US"], "America/Los_Angeles"),
        ([at(5.5)], ["IN"], "Asia/Kolkata"),
        ([at(0)], ["DE"], ""),
        ([at(1)], ["JP"], ""),
        ([at(1)], [], ""),
        ([], ["DE"], ""),
    ],
)
def test_a_zone_is_told_by_a_country_whose_clocks_fit(dates, countries, zone):
    assert zone_of(dates, countries) == zone


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.co.uk/news", "example.co.uk"),
        ("http://127.0.0.1:8017/", "127.0.0.1-8017"),
        ("http://[::1]:80/", "1"),
    ],
)
def test_a_job_is_named_by_its_registered_domain(url, name):
    assert name_of(url) == name


def test_a_site_that_leads_to_another_is_told():
    finding = Finding(Given("https://old.example/"), url="https://www.new.example/")
    assert finding.sentence().endswith("; https://old.example/ leads there")
    assert (
        "leads there"
        not in Finding(Given("http://a.example/"), "https://www.a.example/").sentence()
    )


def test_a_language_that_is_none_is_not_repeated():
    finding = Finding(Given("https://a.example/"))
    finding.tell_language("] evil\n[x]", "de-AT", "en")
    assert finding.language == "de-AT"


def test_a_feed_tells_its_language_and_the_clock_of_its_dates():
    head = read_head(
        b"<rss><channel><language>de</language>"
        b"<item><pubDate>Mon, 05 Jan 2026 09:30:00 +0100</pubDate></item>"
        b"<item><pubDate>2026-01-04</pubDate></item></channel></rss>"
    )
    assert head.language == "de"
    assert [date.utcoffset() for date in head.dates] == [timedelta(hours=1)]

"""Spellings of zones, and which of several dates of the same moment is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dates import Locale, read_date
from newscrawl.discovery.entries import date_of
from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.pages.fields.dates import moment, ranked
from newscrawl.zones import countries_of, zone_named


def offset(text):
    hours, minutes = text[1:].split(":")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return size if text[0] == "+" else -size


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("GMT+2", "+02:00"),
        ("GMT +2", "+02:00"),
        ("gmt+2", "+02:00"),
        ("Utc+2", "+02:00"),
        ("GMT-5", "-05:00"),
        ("GMT+0200", "+02:00"),
        ("GMT+02:00", "+02:00"),
        ("(GMT+2)", "+02:00"),
        ("UTC+5:30", "+05:30"),
        ("UTC+0530", "+05:30"),
        ("UTC+05:30", "+05:30"),
        ("UTC\u22123", "-03:00"),
        ("(UTC+5:45)", "+05:45"),
        ("+02", "+02:00"),
        ("+0200", "+02:00"),
        ("-03:30", "-03:30"),
        ("Z", "+00:00"),
        ("GMT", "+00:00"),
        ("UTC", "+00:00"),
        ("CDT", "-05:00"),
        ("MDT", "-06:00"),
        ("EDT", "-04:00"),
        ("PDT", "-07:00"),
        ("ET", "-04:00"),
        ("CT", "-05:00"),
        ("MT", "-06:00"),
        ("PT", "-07:00"),
        ("(ET)", "-04:00"),
        ("Eastern", "-04:00"),
        ("Eastern Time", "-04:00"),
        ("Pacific Daylight Time", "-07:00"),
        ("Central European Summer Time", "+02:00"),
        ("NZDT", "+13:00"),
        ("NZST", "+12:00"),
        ("AEST", "+10:00"),
        ("AEDT", "+11:00"),
        ("ACST", "+09:30"),
        ("CEST", "+02:00"),
        ("CET", "+01:00"),
        ("Uhr MESZ", "+02:00"),
        ("WEST", "+01:00"),
        ("EET", "+02:00"),
        ("EEST", "+03:00"),
        ("MSK", "+03:00"),
        ("JST", "+09:00"),
        ("KST", "+09:00"),
        ("SGT", "+08:00"),
        ("HKT", "+08:00"),
        ("WIB", "+07:00"),
        ("EAT", "+03:00"),
        ("SAST", "+02:00"),
        ("NPT", "+05:45"),
        ("Europe/Berlin", "+02:00"),
        ("America/Argentina/Buenos_Aires", "-03:00"),
        ("[Asia/Kolkata]", "+05:30"),
    ],
)
def test_a_zone_after_a_time_of_day_is_its_offset(zone, told):
    found = moment(f"Updated: 9 July 2025, 10:00 {zone}")
    assert found
    assert found.when.isoformat() == f"2025-07-09T10:00:00{told}"
    assert found.note == ""


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Jan 9, 2025 5:00 PM ET", "2025-01-09T17:00:00-05:00"),
        ("July 9, 2025 5:00 PM ET", "2025-07-09T17:00:00-04:00"),
        ("July 9, 2025, 5 p.m. EDT", "2025-07-09T17:00:00-04:00"),
        ("2025-01-09 17:00 PT", "2025-01-09T17:00:00-08:00"),
        ("2025-07-09T10:00:00 UTC+0530", "2025-07-09T10:00:00+05:30"),
        ("2025-07-09T10:00:00+02", "2025-07-09T10:00:00+02:00"),
        ("2025-07-09T10:00:00+02:00[Europe/Berlin]", "2025-07-09T10:00:00+02:00"),
        ("Wed Jul 09 2025 10:00:00 GMT+0530 (India Standard Time)", "2025-07-09T10:00:00+05:30"),
        ("Wed Jul  9 10:00:00 CEST 2025", "2025-07-09T10:00:00+02:00"),
        ("Wed Jul  9 10:00:00 GMT+02:00 2025", "2025-07-09T10:00:00+02:00"),
        ("Wed, 09 Jul 2025 10:00:00 GMT+2", "2025-07-09T10:00:00+02:00"),
        ("Wed, 09 Jul 2025 10:00:00 NZST", "2025-07-09T10:00:00+12:00"),
        ("10:00 GMT+2, 9 July 2025", "2025-07-09T10:00:00+02:00"),
        ("9. Januar 2025, 10.00 Uhr MEZ", "2025-01-09T10:00:00+01:00"),
    ],
)
def test_a_moment_is_read_with_its_offset(text, when):
    found = moment(text)
    assert found
    assert (found.when.isoformat(), found.raw, found.note) == (when, text, "")


@pytest.mark.parametrize(
    ("name", "tags", "host", "told"),
    [
        # dateparser#580, dateparser#683, dateutil#273
        ("IST", ["en-IN"], "news.test", "+05:30"),
        ("IST", ["hi"], "news.test", "+05:30"),
        ("IST", ["en"], "news.in", "+05:30"),
        ("IST", ["en-IE"], "news.test", "+01:00"),
        ("IST", ["en"], "news.ie", "+01:00"),
        ("IST", ["he"], "news.test", "+02:00"),
        ("IST", ["en"], "news.co.il", "+02:00"),
        ("IST", ["en-US"], "news.co.in", "+05:30"),
        ("BST", ["en-GB"], "news.test", "+01:00"),
        ("BST", [None], "news.co.uk", "+01:00"),
        ("BST", ["bn-BD"], "news.test", "+06:00"),
        ("CST", ["en-US"], "news.test", "-06:00"),
        ("CST", ["zh-CN"], "news.test", "+08:00"),
        ("CST", ["zh-Hant-TW"], "news.test", "+08:00"),
        ("CST", ["en", "en_US"], "news.test", "-06:00"),
        ("AST", ["ar-SA"], "news.test", "+03:00"),
        ("AST", ["en-CA"], "news.test", "-04:00"),
        ("EST", ["en-AU"], "news.test", "+10:00"),
        ("EDT", ["en"], "news.com.au", "+11:00"),
        ("EST", ["en-US"], "news.test", "-05:00"),
        ("PST", ["fil-PH"], "news.test", "+08:00"),
    ],
)
def test_what_several_countries_call_alike_is_that_of_the_page(name, tags, host, told):
    locale = Locale(countries=countries_of(tags, host))
    for text in (f"9 July 2025 10:00 {name}", f"Wed, 09 Jul 2025 10:00:00 {name}"):
        found = read_date(text, locale)
        assert found
        assert (found.when.isoformat(), found.note) == (f"2025-07-09T10:00:00{told}", "")


@pytest.mark.parametrize("name", ["IST", "BST", "CST", "AST"])
@pytest.mark.parametrize("tags", [[], ["en"], ["de-DE"]], ids=["no language", "en", "de-DE"])
def test_what_no_country_tells_apart_is_flagged(name, tags):
    found = read_date(f"9 July 2025 10:00 {name}", Locale(countries=countries_of(tags, "a.test")))
    assert found
    assert found.note == ":ambiguous-zone"


@pytest.mark.parametrize(
    "text",
    [
        "9 July 2025 10:00",
        "9 July 2025 10:00 | 12 comments",
        "9 July 2025 10:00 +12 more",
        "9 July 2025, 10:00 Uhr",
        "9 July 2025 10:00 CNN",
        "9 July 2025 10:00 ART",
        "9 July 2025 10:00 GMT+99",
        "9 July 2025 10:00 Mars/Olympus",
        "9 July 2025 - 10:00",
    ],
)
def test_what_is_no_zone_is_none(text):
    found = moment(text)
    assert found
    assert found.when.replace(tzinfo=None) == datetime(2025, 7, 9, 10)  # noqa: DTZ001 - its clock
    assert found.note in {":assumed-utc", ""}
    assert not found.when.utcoffset()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025-07-09T10:00:00", "2025-07-09T10:00:00+02:00"),
        ("2025-01-09T10:00:00", "2025-01-09T10:00:00+01:00"),
        ("9 July 2025", "2025-07-09T00:00:00+02:00"),
        ("2025-03-30T02:30:00", "2025-03-30T02:30:00+01:00"),
        ("2025-10-26T02:30:00", "2025-10-26T02:30:00+02:00"),
    ],
    ids=["summer", "winter", "a day", "an hour that is skipped", "the first of an hour told twice"],
)
def test_a_date_without_offset_is_read_in_the_zone_of_the_site(text, told):
    found = read_date(text, Locale(zone=ZoneInfo("Europe/Berlin")))
    assert found
    assert (found.when.isoformat(), found.raw, found.note) == (told, text, ":site-zone")


@pytest.mark.parametrize("text", ["2025-07-09T10:00:00Z", "9 July 2025 10:00 EDT"])
def test_a_date_with_an_offset_keeps_it_in_any_zone_of_the_site(text):
    plain, zoned = read_date(text), read_date(text, Locale(zone=ZoneInfo("Asia/Tokyo")))
    assert plain == zoned


@pytest.mark.parametrize(
    ("name", "hours"), [("Europe/Berlin", 2), ("UTC", 0), ("+05:30", 5.5), ("UTC-3", -3)]
)
def test_a_zone_is_named_as_users_write_it(name, hours):
    zone = zone_named(name)
    assert zone
    assert datetime(2025, 7, 9, tzinfo=zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "+25:00", "/etc/hosts"]
)
def test_what_is_no_name_of_a_zone_is_none(name):
    assert zone_named(name) is None


def best(*raw, **known):
    found = ranked(
        [(str(at), partial(str, text)) for at, text in enumerate(raw)], (), Locale(**known)
    )
    return found and found[1].when.isoformat()


@pytest.mark.parametrize(
    ("raw", "when"),
    [
        (["2025-07-09T08:00:00+00:00", "2025-07-09T10:00:00+02:00"], "2025-07-09T10:00:00+02:00"),
        (["2025-07-09T08:00:00Z", "2025-07-09T13:30:00+05:30"], "2025-07-09T13:30:00+05:30"),
        (["2025-07-08T23:00:00Z", "2025-07-09T01:00:00+02:00"], "2025-07-09T01:00:00+02:00"),
        (["2025-07-09T08:00:00.000Z", "2025-07-09T04:00:00-04:00"], "2025-07-09T04:00:00-04:00"),
        (["2025-07-09T08:00:43Z", "9 July 2025 10:00 CEST"], "2025-07-09T10:00:43+02:00"),
        (["2025-07-09T08:00:00Z", "2025-07-09T11:00:00+02:00"], "2025-07-09T08:00:00+00:00"),
        (["2025-07-09T10:00:00+02:00", "2025-07-09T08:00:00Z"], "2025-07-09T10:00:00+02:00"),
        (["2025-07-09T08:00:00Z", "2025-07-09T10:00:00"], "2025-07-09T08:00:00+00:00"),
    ],
    ids=[
        "of the same instant the real offset is kept",
        "also one of half an hour",
        "also where the local day is another",
        "also west of Greenwich",
        "also where only the minute is shown",
        "not that of another instant",
        "what has one keeps it",
        "what has none says nothing",
    ],
)
def test_the_offset_of_the_same_instant_is_kept(raw, when):
    assert best(*raw) == when


FETCHED = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        ("1970-01-01T00:00:00Z", "epoch"),
        ("1970-01-01T01:00:00+01:00", "epoch"),
        ("1969-12-31T19:00:00-05:00", "epoch"),
        ("0", "epoch"),
        ("1 January 1970", "epoch"),
        ("1989-12-31T23:00:00Z", "before-1990"),
        ("0001-01-01T00:00:00", "before-1990"),
        ("0000-00-00 00:00:00", "before-1990"),
        ("-0001-11-30T00:00:00+00:00", "before-1990"),
        ("1899-12-30", "before-1990"),
        ("2026-05-02T12:01:00Z", "future"),
        ("2026-05-03T09:00:00+14:00", "future"),
        ("2062-05-01", "future"),
        ("9999-12-31T23:59:59Z", "future"),
    ],
)
def test_what_cannot_be_true_has_its_doubt_and_its_text(raw, doubt):
    found = ranked([("meta", lambda: raw)], (), Locale(fetched=FETCHED))
    assert found
    assert (found[1].raw, found[1].doubt) == (raw, doubt)


@pytest.mark.parametrize("raw", ["1990-01-02", "2026-05-02T11:59:00Z", "2026-05-02"])
def test_a_clock_may_be_a_day_ahead(raw):
    found = ranked([("meta", lambda: raw)], (), Locale(fetched=FETCHED))
    assert found
    assert found[1].doubt is None


def test_a_date_that_can_be_true_beats_one_that_cannot():
    assert (
        best("1970-01-01T00:00:00Z", "2026-04-30", fetched=FETCHED) == "2026-04-30T00:00:00+00:00"
    )
    assert best("2027-01-01", "2026-04-30", fetched=FETCHED) == "2026-04-30T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Wed, 09 Jul 2025 10:00:00 GMT+2", "2025-07-09T08:00:00+00:00"),
        ("Wed, 09 Jul 2025 10:00:00 CEST", "2025-07-09T08:00:00+00:00"),
        ("Wed, 09 Jul 2025 10:00:00 +5:30", "2025-07-09T04:30:00+00:00"),
        ("Wed, 09 Jul 2025 10:00:00 ET", "2025-07-09T14:00:00+00:00"),
        ("mer., 09 juil. 2025 10:00:00 +0200", "2025-07-09T08:00:00+00:00"),
        ("2025-07-09 10:00:00 +0200", "2025-07-09T08:00:00+00:00"),
        ("2025-07-09T10:00:00 UTC+5:30", "2025-07-09T04:30:00+00:00"),
        (
            "Wed Jul 09 2025 10:00:00 GMT+0200 (Central European Summer Time)",
            "2025-07-09T08:00:00+00:00",
        ),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
    ],
)
def test_sources_have_the_same_spellings(text, when):
    found = date_of(text)
    assert (found and found.isoformat()) == when


def feed(date, language="en"):
    item = f"<item><link>https://n.test/a</link><pubDate>{date}</pubDate></item>"
    text = f"<rss><channel><language>{language}</language>{item}</channel></rss>"
    found = read_feed(text.encode(), "https://n.test/feed")
    assert found
    return found.entries[0].published


@pytest.mark.parametrize(
    ("date", "language", "hour"),
    [
        ("Wed, 09 Jul 2025 10:00:00 GMT+2", "de", 8),
        ("Wed, 09 Jul 2025 10:00:00 IST", "en-ie", 9),
        ("Wed, 09 Jul 2025 10:00:00 CST", "zh-cn", 2),
        ("Wed, 09 Jul 2025 10:00:00 EST", "en-au", 0),
        ("Wed, 09 Jul 2025 10:00:00 EST", "en", 15),
    ],
)
def test_a_feed_is_read_in_its_own_country(date, language, hour):
    assert feed(date, language) == datetime(2025, 7, 9, hour, tzinfo=UTC)


def test_a_sitemap_has_the_same_spellings():
    text = "<urlset><url><loc>https://n.test/a</loc><lastmod>2025-07-09 10:00 GMT+2</lastmod></url></urlset>"
    found = read_sitemap(text.encode())
    assert found
    assert found.pages[0].modified == datetime(2025, 7, 9, 8, tzinfo=UTC)


def test_a_date_keeps_a_plain_offset_and_no_rules_of_a_zone():
    found = moment("9 July 2025 10:00 Europe/Berlin")
    assert found
    assert isinstance(found.when.tzinfo, timezone)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.from_regex(r"\A\d{4}-\d\d-\d\d[ T]\d\d:\d\d[ ,(]{0,2}[A-Z]{0,5}[+-]?\d{0,4}.{0,9}\Z")
)
def test_no_text_breaks_a_reader(text):
    locale = Locale(countries=("IN", "AU"), zone=ZoneInfo("Asia/Kolkata"), fetched=FETCHED)
    ranked([("a", lambda: text), ("b", lambda: "2025-07-09T10:00:00Z")], (), locale)
    date_of(text, locale)
    zone_named(text)

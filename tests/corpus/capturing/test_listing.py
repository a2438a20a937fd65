"""Which captures are listed, and what became of all others."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newscrawl.corpus.capturing.captures import Left
from newscrawl.corpus.capturing.listing import Listing
from tests.corpus.capturing.cdx import row


def listed(*rows, sites=("gazette.com",), since=None, until=None, is_own=True):
    """The captures that are listed, and what was left out."""
    with Listing(sites, since, until) as listing:
        listing.take(rows, is_own=is_own)
        found = listing.settle()
        captures = [json.loads(line) for line in listing.captures()]
        assert found.captures == len(captures) == listing.rows - listing.left.total()
        return [each["url"].rpartition("-")[2] for each in captures], dict(listing.left)


def test_captures_stand_by_the_names_of_their_files_and_their_places():
    urls, left = listed(row(2), row(1), row(3, filename="a.warc.gz"))
    assert (urls, left) == (["3", "1", "2"], {})


def test_a_capture_is_told_as_a_reader_of_its_record_needs_it():
    with Listing((), None, None, prefix="https://data.example/") as listing:
        listing.take([row()], is_own=True)
        (line,) = listing.captures()
    assert json.loads(line) == {
        "url": "https://gazette.com/story-1",
        "timestamp": "20251001120000",
        "status": 200,
        "mime": "text/html",
        "digest": row()["digest"],
        "file": "https://data.example/crawl-data/one.warc.gz",
        "offset": 1000,
        "length": 500,
    }


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (None, Left.UNREADABLE),
        (row(2, timestamp="2025"), Left.UNREADABLE),
        (row(2, timestamp="20251399000000"), Left.UNREADABLE),
        (row(2, url=""), Left.UNREADABLE),
        (row(2, url="dns:gazette.com"), Left.UNFETCHABLE),
        (row(2, url="https://other.com/"), Left.OTHER_SITE),
        (row(2, url="https://gazette.com.evil.org/"), Left.OTHER_SITE),
        (row(2, status="404"), Left.STATUS),
        (row(2, status="-"), Left.STATUS),
        (row(2, mime="image/png"), Left.TYPE),
        (row(2, mime="text/css"), Left.TYPE),
        (row(2, filename="-"), Left.NO_FILE),
        (row(2, filename="a\nb.warc.gz"), Left.FILE_NAME),
        (row(2, url="https://gazette.com/again", offset="1000"), Left.TWICE),
    ],
)
def test_what_is_left_out_is_counted_by_why(other, why):
    assert listed(row(1), other) == (["1"], {why: 1})


@pytest.mark.parametrize(
    "mime", ["unk", "-", "", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"]
)
def test_a_type_that_may_be_a_page_is_listed(mime):
    assert listed(row(1, mime=mime))[0] == ["1"]


def test_captures_of_subdomains_and_other_schemes_are_of_the_site():
    assert listed(row(1, url="http://news.gazette.com:80/story-1"))[0] == ["1"]


def test_dates_bound_the_list_from_since_to_before_until():
    rows = [row(number, timestamp=f"202510{number:02}000000") for number in range(1, 5)]
    since, until = (datetime(2025, 10, day, tzinfo=UTC) for day in (2, 4))
    assert listed(*rows, since=since, until=until) == (["2", "3"], {Left.OTHER_TIME: 2})


def test_of_one_page_with_one_digest_the_earliest_capture_is_listed():
    later = row(1, timestamp="20251009000000", offset="5", url="http://www.gazette.com/story-1/")
    assert listed(later, row(1)) == (["1"], {Left.SAME_DIGEST: 1})


def test_another_body_of_a_page_is_listed_and_so_is_the_same_body_of_another_page():
    changed, copy = row(1, digest="B" * 32, offset="5"), row(2, digest=row(1)["digest"])
    assert listed(row(1), changed, copy)[1] == {}


def test_captures_without_a_digest_are_all_listed():
    assert listed(row(1, digest="-"), row(1, digest="-", offset="5"))[1] == {}


def test_a_revisit_of_a_body_that_is_listed_says_nothing_new_and_others_are_counted():
    same = row(1, mime="warc/revisit", status="-", offset="7", timestamp="20251012000000")
    lone = row(2, mime="warc/revisit", status="-")
    assert listed(same, lone, row(1)) == (["1"], {Left.REVISIT: 1, Left.LONE_REVISIT: 1})


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../../x.warc", "a/../b.warc", "file:///x", "http://10.0.0.1/x", "a\\..\\b"],
)
def test_a_server_may_name_no_file_but_one_below_the_prefix(name):
    assert listed(row(1), row(2, filename=name), is_own=False)[1] == {Left.FILE_NAME: 1}


def test_a_file_of_the_user_may_name_files_anywhere():
    assert listed(row(1, filename="/archive/one.warc.gz"))[0] == ["1"]


def test_the_sum_counts_days_years_sites_and_files():
    rows = [row(1), row(2, timestamp="20231001120000"), row(3, url="https://other.com/x-3")]
    with Listing((), None, None) as listing:
        listing.take(rows, is_own=True)
        found = listing.settle()
    assert found[:5] == (3, 2, 1, 3, 2)
    assert (found.first, found.last) == ("20231001120000", "20251003120000")

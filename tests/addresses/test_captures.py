"""A capture has the identity of its page and its time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.addresses import captures
from newscrawl.addresses.moves import Move

PAGE = "https://gone.example/a?b=1"
CAPTURED = f"{PAGE}#20150309101112"


def test_page_and_time_are_read_off_an_identity():
    assert captures.capture_identity(PAGE, "20150309101112") == CAPTURED
    assert (captures.page_of(CAPTURED), captures.page_of(PAGE)) == (PAGE, PAGE)
    assert captures.captured_at(CAPTURED) == datetime(2015, 3, 9, 10, 11, 12, tzinfo=UTC)
    assert captures.captured_at(PAGE) is None


@pytest.mark.parametrize(
    "text", ["", "2015", "201533101112", "20151309101112", "²0150309101112", "-0150309101112"]
)
def test_what_is_no_time_of_a_capture_is_refused(text):
    with pytest.raises(ValueError, match=r"no time|must be"):
        captures.at_of(text)


def test_a_time_is_written_in_utc_whatever_its_zone():
    at = datetime.fromisoformat("2015-03-09T12:11:12+02:00")
    assert captures.timestamp_of(at) == "20150309101112"


def test_a_capture_moves_with_its_site_and_keeps_its_time():
    moved = Move("gone.example", "new.example").identity(CAPTURED)
    assert moved == "https://new.example/a?b=1#20150309101112"
    assert Move("other.example", "new.example").identity(CAPTURED) == CAPTURED


def test_an_archive_shows_a_capture_below_its_collection():
    shown = captures.replay_url("http://127.0.0.1:8080/coll/", "20150309101112", PAGE)
    assert shown == f"http://127.0.0.1:8080/coll/20150309101112id_/{PAGE}"

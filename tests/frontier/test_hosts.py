from __future__ import annotations

from newscrawl.frontier.hosts import HostLimits, keep_limits, limits_of_hosts


def test_a_host_that_set_no_limits_has_none(db):
    assert limits_of_hosts(db) == {}


def test_the_last_limits_of_a_host_are_kept(db):
    other = HostLimits("b.example", 0, 2.5, "")
    keep_limits(db, HostLimits("a.example", 10.0, 0, "503"))
    keep_limits(db, other)
    last = HostLimits("a.example", 20.0, 5.0, "429 with Retry-After")
    keep_limits(db, last)
    assert limits_of_hosts(db) == {"a.example": last, "b.example": other}


def test_a_wait_has_the_seconds_left_until_its_end():
    limits = HostLimits("a.example", 130.0, 0, "503", since=100.0)
    assert [limits.left(now) for now in (100.0, 120.0, 130.0, 200.0)] == [30.0, 10.0, 0.0, 0.0]


def test_a_wait_that_is_yet_to_begin_was_set_by_a_clock_that_was_ahead_and_is_none():
    year = 365 * 86_400.0
    limits = HostLimits("a.example", year + 130.0, 0, "503", since=year + 100.0)
    assert limits.left(100.0) == 0.0

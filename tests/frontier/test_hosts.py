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

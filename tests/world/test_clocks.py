"""Runs at a change of the clock, against a walk over every minute around it.

The walk knows the rule and nothing of the code: see ``expected``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from newscrawl.schedule.jobs import Job

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = (
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Pacific/Auckland",
    "Antarctica/Troll",
)
CRONS = (
    "*/15 * * * *",
    "* 1-3 * * *",
    "*/20 2 * * *",
    "0 * * * *",
    "30 */2 * * *",
    "30 2 * * *",
    "15,45 0-3 * * *",
    "0 0 * * *",
    "59 23 * * *",
    "0 3 * * 0",
    "30 1 29 3 *",
)


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """Every minute of 2026 and 2027 at which the clocks of a zone are changed."""
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    found = []
    for quarter in range(2 * 365 * 96):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + quarter * 15 * MINUTE
        now = moment.astimezone(ZoneInfo(zone)).utcoffset()
        if now != offset:
            found.append(moment)
            offset = now
    return tuple(found)


def minutes_of(field: str, least: int, most: int) -> set[int]:
    """What a field of cron stands for, as far as it is used here."""
    found: set[int] = set()
    for part in field.split(","):
        which, _, step = part.partition("/")
        first, _, last = which.partition("-")
        begin, end = (least, most) if which == "*" else (int(first), int(last or first))
        found.update(range(begin, end + 1, int(step or 1)))
    return found


class Fields:
    def __init__(self, cron: str) -> None:
        minute, hour, day, month, weekday = cron.split()
        self.by_clock = minute.startswith("*") or hour.startswith("*")
        self.minutes, self.hours = minutes_of(minute, 0, 59), minutes_of(hour, 0, 23)
        self.days, self.months = minutes_of(day, 1, 31), minutes_of(month, 1, 12)
        self.weekdays = minutes_of(weekday, 0, 6)

    def fit(self, shown: datetime) -> bool:
        return (
            shown.minute in self.minutes
            and shown.hour in self.hours
            and shown.day in self.days
            and shown.month in self.months
            and shown.isoweekday() % 7 in self.weekdays
        )


def expected(cron: str, zone: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Walk over the minutes from ``begin`` and look at the clock on the wall at each.

    A time that was named comes when the clock first shows or passes it.
    """
    fields = Fields(cron)
    latest = _shown(begin - MINUTE, zone)
    for moment, shown in walk(zone, begin, end):
        if fields.by_clock:
            comes = fields.fit(shown)
        else:
            passed = []
            while latest < shown:
                latest += MINUTE
                passed.append(latest)
            comes = any(map(fields.fit, passed))
        if comes:
            yield moment


@cache
def walk(zone: str, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Each minute, and what the clock on the wall shows at it."""
    moments = [begin + number * MINUTE for number in range((end - begin) // MINUTE)]
    return [(moment, _shown(moment, zone)) for moment in moments]


def _shown(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def job_of(cron: str, zone: str) -> Job:
    return Job("job", "site", cron, ZoneInfo(zone))


@pytest.mark.parametrize("cron", CRONS)
@pytest.mark.parametrize("zone", ZONES)
def test_runs_come_when_the_rule_says_around_each_change_of_the_clock(zone, cron):
    assert changes(zone)
    job = job_of(cron, zone)
    for change in changes(zone):
        begin, end = change - DAY, change + DAY
        times = list(expected(cron, zone, begin, end))
        listed = islice(job.after(begin - MINUTE), len(times) + 1)
        assert [each.astimezone(UTC) for each in listed if each < end] == times


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cron", ["*/15 * * * *", "*/20 2 * * *", "0 * * * *"])
def test_a_worker_that_looks_each_minute_sees_the_same_runs_as_a_list_of_them(zone, cron):
    job = job_of(cron, zone)
    for change in changes(zone):
        begin, end = change - timedelta(hours=5), change + timedelta(hours=5)
        seen = looked(job, begin, end)
        assert seen == list(expected(cron, zone, begin, end))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cron", ["30 2 * * *", "0 0 * * *", "15,45 0-3 * * *", "0 3 * * 0"])
def test_a_named_time_is_seen_once_by_a_worker_that_looks_each_minute(zone, cron):
    job = job_of(cron, zone)
    for change in changes(zone):
        begin, end = change - timedelta(hours=5), change + timedelta(hours=5)
        seen = looked(job, begin, end)
        assert seen == list(expected(cron, zone, begin, end))


def looked(job: Job, begin: datetime, end: datetime) -> list[datetime]:
    """What a worker finds due that looks at the seventh second of each minute."""
    passed = job.last(begin - MINUTE).timestamp()
    seen = []
    moment = begin + timedelta(seconds=7)
    while moment < end:
        tick = job.last(moment).timestamp()
        if passed < tick:
            seen.append(datetime.fromtimestamp(tick, UTC))
            passed = tick
        moment += MINUTE
    return seen

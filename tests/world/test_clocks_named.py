"""Changes of the clock that somebody may look up in an almanac, with the times written out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from newscrawl.schedule.clock import Clock
from newscrawl.schedule.jobs import Job
from newscrawl.store.database import connect
from tests.store.serving import Server


def job_of(cron: str, zone: str) -> Job:
    return Job("job", "site", cron, ZoneInfo(zone))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "moment", "last"),
    [
        pytest.param(
            "*/15 * * * *",
            "Europe/Berlin",
            "10-25 01:16",
            "10-25 01:15",
            id="a-quarter-of-the-repeated-hour-comes-again",
        ),
        pytest.param(
            "0 * * * *",
            "Europe/Berlin",
            "10-25 01:00",
            "10-25 01:00",
            id="a-full-hour-is-due-at-its-second-coming",
        ),
        pytest.param(
            "30 2 * * *",
            "Europe/Berlin",
            "10-25 01:45",
            "10-25 00:30",
            id="a-named-time-is-not-due-again-in-the-repeated-hour",
        ),
        pytest.param(
            "30 2 * * *",
            "Europe/Berlin",
            "10-25 01:10",
            "10-25 00:30",
            id="a-named-time-is-not-forgotten-when-the-clock-shows-an-earlier-one",
        ),
        pytest.param(
            "30 2 * * *",
            "Europe/Berlin",
            "03-29 01:00",
            "03-29 01:00",
            id="a-named-time-that-is-jumped-over-comes-with-the-jump",
        ),
        pytest.param(
            "*/15 2 * * *",
            "Europe/Berlin",
            "03-29 12:00",
            "03-28 01:45",
            id="quarters-of-an-hour-that-is-left-out-do-not-come",
        ),
        pytest.param(
            "0 0 * * *",
            "America/Havana",
            "03-08 05:00",
            "03-08 05:00",
            id="a-day-that-begins-at-one-begins-nevertheless",
        ),
        pytest.param(
            "0 0 * * *",
            "America/Havana",
            "11-01 05:30",
            "11-01 04:00",
            id="a-midnight-that-comes-twice-is-one",
        ),
        pytest.param(
            "0 0 * * *",
            "Asia/Beirut",
            "10-24 21:30",
            "10-23 21:00",
            id="a-midnight-that-is-put-off-is-not-due-early",
        ),
        pytest.param(
            "*/15 * * * *",
            "Australia/Lord_Howe",
            "04-04 15:16",
            "04-04 15:15",
            id="half-an-hour-may-be-repeated",
        ),
        pytest.param(
            "0 2 * * *",
            "Australia/Lord_Howe",
            "10-03 15:30",
            "10-03 15:30",
            id="half-an-hour-may-be-left-out",
        ),
        pytest.param(
            "*/30 * * * *",
            "Africa/Casablanca",
            "03-22 02:31",
            "03-22 02:30",
            id="the-clock-of-ramadan-is-a-clock",
        ),
        pytest.param(
            "30 1 * * *",
            "Europe/Dublin",
            "10-25 01:45",
            "10-25 00:30",
            id="a-summer-that-is-the-standard-time-ends-too",
        ),
        pytest.param(
            "0 3 29 2 *",
            "Europe/Berlin",
            "11-01 12:00",
            "-2 years",
            id="a-time-of-years-ago-is-found-behind-many-changes",
        ),
    ],
)
def test_the_run_that_was_due_last(cron, zone, moment, last):
    found = job_of(cron, zone).last(utc(moment)).astimezone(UTC)
    assert found == (datetime(2024, 2, 29, 2, tzinfo=UTC) if "years" in last else utc(last))


def test_half_a_second_before_its_time_a_run_is_not_due():
    early = utc("03-01 11:59:59.500000")
    assert job_of("0 * * * *", "UTC").last(early).astimezone(UTC) == utc("03-01 11:00")


def test_a_repeated_hour_is_told_apart_by_its_offset():
    times = islice(job_of("0 2 * * *", "Europe/Berlin").after(utc("10-24 12:00")), 1)
    again = islice(job_of("0 * * * *", "Europe/Berlin").after(utc("10-24 23:30")), 2)
    assert [each.isoformat() for each in times] == ["2026-10-25T02:00:00+02:00"]
    assert [each.isoformat() for each in again] == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
    ]


def test_two_times_that_are_jumped_over_together_are_one_run():
    times = islice(job_of("0,30 2 * * *", "Europe/Berlin").after(utc("03-28 12:00")), 2)
    assert [each.astimezone(UTC) for each in times] == [utc("03-29 01:00"), utc("03-30 00:00")]


def test_a_moment_may_be_given_in_any_zone():
    job = job_of("*/15 * * * *", "Europe/Berlin")
    given = utc("10-25 01:16").astimezone(ZoneInfo("Asia/Tokyo"))
    assert job.last(given).astimezone(UTC) == utc("10-25 01:15")


def test_a_day_that_an_island_left_out_is_made_up_for():
    job = job_of("0 12 * * *", "Pacific/Apia")
    begin = datetime(2011, 12, 29, 23, tzinfo=UTC)
    assert [each.astimezone(UTC) for each in islice(job.after(begin), 2)] == [
        datetime(2011, 12, 30, 10, tzinfo=UTC),
        datetime(2011, 12, 30, 22, tzinfo=UTC),
    ]


@pytest.fixture
def engine(postgresql: Server) -> Iterator[Engine]:
    with postgresql.database() as url:
        engine = connect(url)
        yield engine
        engine.dispose()


def due_by(engine: Engine, job: Job, moments: Iterator[datetime], *, anew: bool) -> list[datetime]:
    """What workers queue at these moments; ``anew`` each look is another worker's first."""
    seen = []
    clock = Clock(engine)
    for moment in moments:
        for due in clock.due([job], moment) or []:
            clock.note_queued(due)
            seen.append(datetime.fromtimestamp(due.tick, UTC))
        if anew:
            clock.let_go()
            clock = Clock(engine)
    clock.let_go()
    return seen[1:]  # the first look catches up


@pytest.mark.parametrize("anew", [False, True], ids=["one-worker", "another-worker-each-time"])
@pytest.mark.parametrize(
    ("cron", "hours"),
    [
        pytest.param("*/15 * * * *", 15, id="quarters"),
        pytest.param("0 * * * *", 3, id="full-hours"),
        pytest.param("30 2 * * *", 1, id="a-named-time"),
    ],
)
def test_what_the_database_keeps_between_looks_tells_the_two_hours_apart(engine, cron, hours, anew):
    begin = utc("10-24 23:01")
    moments = (begin + timedelta(minutes=5 * number) for number in range(48))
    seen = due_by(engine, job_of(cron, "Europe/Berlin"), moments, anew=anew)
    assert len(seen) == len(set(seen)) == hours

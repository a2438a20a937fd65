from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.schedule.clock import Clock
from newscrawl.schedule.jobs import Job
from newscrawl.store.database import connect
from tests.store.serving import Server

HOURLY = Job("hourly", "site", "0 * * * *", ZoneInfo("UTC"))
DAILY = Job("daily", "site", "30 6 * * *", ZoneInfo("Europe/Berlin"))
NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def engine(postgresql: Server) -> Iterator[Engine]:
    with postgresql.database() as url:
        engine = connect(url)
        yield engine
        engine.dispose()


@pytest.fixture
def clock(engine: Engine) -> Iterator[Clock]:
    clock = Clock(engine)
    yield clock
    clock.let_go()


def names(clock: Clock, now: datetime, *jobs: Job) -> list[str]:
    """See to what is due and return the names of it."""
    found = clock.due(jobs or (HOURLY,), now)
    assert found is not None
    for each in found:
        clock.note_queued(each)
    return [each.job.name for each in found]


def test_a_job_that_was_never_run_is_due_at_once(clock):
    assert names(clock, NOON, HOURLY, DAILY) == ["hourly", "daily"]


def test_a_time_is_due_once(clock):
    names(clock, NOON)
    assert names(clock, NOON + timedelta(minutes=59)) == []
    assert names(clock, NOON + timedelta(minutes=60)) == ["hourly"]


def test_of_many_missed_times_only_the_last_is_due(clock):
    names(clock, NOON)
    late = NOON + timedelta(days=3)
    (due,) = clock.due([HOURLY], late) or []
    assert datetime.fromtimestamp(due.tick, UTC) == late.replace(second=0)
    clock.note_queued(due)
    assert names(clock, late) == []


def test_times_are_those_of_the_jobs_own_zone(clock):
    (due,) = clock.due([DAILY], NOON) or []
    assert datetime.fromtimestamp(due.tick, UTC).hour == 5


def test_what_was_not_queued_is_due_again(clock):
    assert clock.due([HOURLY], NOON)
    assert clock.due([HOURLY], NOON)


def test_one_of_two_keeps_the_clock(clock, engine):
    names(clock, NOON)
    assert Clock(engine).due([HOURLY], NOON + timedelta(hours=1)) is None


def test_the_clock_of_a_keeper_that_died_is_taken_over(clock, engine):
    names(clock, NOON)
    other = Clock(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    engine.dispose()
    assert names(other, NOON + timedelta(hours=1)) == ["hourly"]
    other.let_go()


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        ("2026-03-01 12:00:00", "2026-03-01 12:00:00"),
        ("2026-03-01 12:00:59", "2026-03-01 12:00:00"),
        ("2026-03-01 11:59:59", "2026-03-01 11:00:00"),
    ],
)
def test_the_last_time_of_a_job_is_the_one_that_has_just_come(moment, last):
    given = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert HOURLY.last(given).astimezone(UTC) == datetime.fromisoformat(last).replace(tzinfo=UTC)


def test_a_worker_that_falls_silent_leaves_the_clock_to_others(engine, monkeypatch):
    monkeypatch.setattr("newscrawl.schedule.clock.SILENT_SECONDS", 0.3)
    silent, other = Clock(engine), Clock(engine)
    assert silent.due([HOURLY], NOON) is not None
    while other.due([HOURLY], NOON) is None:
        time.sleep(0.05)
    with pytest.raises(SQLAlchemyError):
        silent.due([HOURLY], NOON)
    assert silent.due([HOURLY], NOON) is None
    other.let_go()


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1), timedelta(days=365)])
def test_a_tick_that_lies_ahead_is_of_a_clock_that_was_wrong_and_none(clock, ahead):
    names(clock, NOON + ahead)
    assert names(clock, NOON) == ["hourly"]
    assert names(clock, NOON) == []


def test_the_time_is_that_of_the_server(clock):
    minutely = Job("minutely", "site", "* * * * *", ZoneInfo("UTC"))
    (due,) = clock.due([minutely]) or []
    with clock._engine.begin() as connection:
        told = connection.execute(text("SELECT extract(epoch FROM now())")).scalar_one()
    assert 0 <= float(told) - due.tick <= 120

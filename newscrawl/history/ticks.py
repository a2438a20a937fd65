"""The clock of many workers: who holds it, and for which times of the schedule jobs were queued.

PostgreSQL only; each function takes the connection of one transaction, ``hold`` one that stays.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql

from newscrawl.store.schema import ticks

CLOCK, TABLES = 0x6E657773, 0x6E657774
"""Numbers of advisory locks: "news", and the next one."""
_KEEP = postgresql.insert(ticks)


def hold(connection: Connection) -> bool:
    """Take the lock of the clock, if nobody has it; it is held until the connection ends."""
    return bool(connection.execute(select(func.pg_try_advisory_lock(CLOCK))).scalar_one())


def wait_for_others(connection: Connection) -> None:
    """Let no other process make tables until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(TABLES)))


def now(connection: Connection) -> datetime:
    """Return the time of the server: the clocks of workers differ, and one may be wrong."""
    at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def passed(connection: Connection) -> dict[str, float]:
    """Return the last time for which each job was queued, in seconds since the epoch."""
    return {job: at for job, at in connection.execute(select(ticks.c.job, ticks.c.at))}  # noqa: C416 - dict() takes no rows


def keep(connection: Connection, job: str, at: float) -> None:
    connection.execute(
        _KEEP.on_conflict_do_update(index_elements=[ticks.c.job], set_={"at": _KEEP.excluded.at}),
        {"job": job, "at": at},
    )

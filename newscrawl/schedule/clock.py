"""Which jobs are due: one of all workers keeps the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.history import ticks
from newscrawl.schedule.jobs import Job
from newscrawl.store.waiting import break_off, end_when_silent

SILENT_SECONDS = 30.0
"""A worker that keeps the clock and asks nothing for so long keeps it no more; it asks every 2 s."""


class Due(NamedTuple):
    """A run that is to begin, for a time of its schedule in seconds since the epoch."""

    job: Job
    tick: float


class Clock:
    """Kept by the worker that holds a lock of the database, until its connection ends.

    A job that was never run is due at once; of times that were missed only the last one is due.
    The time is that of the server. A tick that lies ahead of it is of a clock that was wrong, and
    none at all.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._driver: Any = None

    def due(self, jobs: Iterable[Job], now: datetime | None = None) -> list[Due] | None:
        """Return what is due, by default at this moment, or ``None`` where another worker keeps the clock.

        Raises:
            SQLAlchemyError: the database does not answer; the clock is anybody's then.
        """
        try:
            if not self._holds():
                return None
            assert self._connection is not None
            now = now or ticks.now(self._connection)
            passed = ticks.passed(self._connection)
        except SQLAlchemyError:
            self.let_go()
            raise
        last = ((job, job.last(now).timestamp()) for job in jobs)
        ahead = now.timestamp()
        return [
            Due(job, tick) for job, tick in last if not tick <= passed.get(job.name, 0.0) <= ahead
        ]

    def note_queued(self, due: Due) -> None:
        """Note that a run was queued, so that it is due no more."""
        assert self._connection is not None
        ticks.keep(self._connection, due.job.name, due.tick)

    def let_go(self) -> None:
        """Leave the clock to others."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _holds(self) -> bool:
        if self._connection is not None:
            return True
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._driver = connection.connection.driver_connection
        if ticks.hold(connection):
            self._connection = connection
            end_when_silent(connection, SILENT_SECONDS)
            return True
        connection.close()
        return False

    def break_off(self) -> None:
        """Take the server for gone: whoever waits for its answer is told so."""
        break_off(self._driver)

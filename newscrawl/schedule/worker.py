"""A worker: takes jobs from the database and does each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import signal
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from procrastinate.exceptions import ConnectorException
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.exit_status import ExitStatus
from newscrawl.history import ticks
from newscrawl.mistakes import BadInput
from newscrawl.schedule.clock import Clock
from newscrawl.schedule.jobs import Job
from newscrawl.schedule.queue import Again, JobQueue, Waiting
from newscrawl.schedule.running import Run, crawl_command, waiting
from newscrawl.store.faults import pauses, wait_after
from newscrawl.store.waiting import Waits, break_off

TURN_SECONDS = 2.0
LONG_SECONDS = 30.0
"""A database that lets a turn wait for so long is gone."""
HASTE_SECONDS = 4.0
"""The same for a worker that drains."""
AT_ONCE_SECONDS = 0.5
"""The same for one that knows already."""
SOON, LATER = 10, 60
"""Seconds until a job is tried again whose site another run still holds."""
TRIES_SOON = 6
TRIES_KILLED = 5
KEPT_LOGS = 20
"""Of each job."""
STAMP = f"{'[0-9]' * 8}T{'[0-9]' * 6}"
"""A time in the name of a log, as a pattern: names of jobs have dots and digits too."""
SAID = frozenset({"job_error", "job_error_retry"})
"""What procrastinate logs of a job's end; we say it in our words, without a traceback."""

logger = logging.getLogger(__name__)


class CrawlFailedError(Exception):
    """A crawl ended with a status that is not good."""


class Worker:
    """Keeps the clock where no other worker does, and crawls what is due.

    ``read`` returns the jobs of ``sites.toml``; it is asked again when the file has changed.
    """

    def __init__(
        self,
        engine: Engine,
        file: Path,
        read: Callable[[Path], list[Job]],
        *,
        concurrency: int,
        logs: Path,
        environment: Mapping[str, str],
        waits: Waits,
    ) -> None:
        self._engine = engine
        self._file = file
        self._read = read
        self._concurrency = concurrency
        self._logs = logs
        self._environment = environment
        self._jobs = {job.name: job for job in read(file)}
        self._changed = file.stat().st_mtime
        self._clock = Clock(engine)
        self._queue = JobQueue(engine, self._crawl, waits)
        self._runs: dict[str, Run] = {}
        self._unknown: set[int] = set()
        self._draining = asyncio.Event()
        self._none_at_work = asyncio.Event()
        self._none_at_work.set()
        self.exits: dict[int, int] = {}
        """How many crawls ended with each status."""
        self.queue: list[Waiting] = []
        """The queue of all workers as it was a moment ago."""
        self.heard = time.monotonic()
        """When the database last answered, on the clock of ``time.monotonic()``."""

    @property
    def at_work(self) -> list[str]:
        """Names of the jobs that this worker does now."""
        return sorted(self._runs)

    def now(self) -> datetime:
        """Return the time of the server."""
        return self._queue.now()

    def drain(self) -> None:
        """Take no more jobs, ask the crawls to end in order and give their jobs back."""
        logger.info("Draining: %s", ", ".join(self.at_work) or "nothing at work")
        self._draining.set()
        for run in self._runs.values():
            run.stop()

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        _quieten()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.drain)
        self._logs.mkdir(parents=True, exist_ok=True)
        async with self._queue.open():
            await self._make_tables()
            if not self._draining.is_set():
                await self._work()
        self._clock.let_go()

    async def _make_tables(self) -> None:
        """Make what is missing; a server that goes away meanwhile is waited for."""
        waits = pauses(math.inf)
        while not self._draining.is_set():
            try:
                with self._engine.begin() as connection:
                    await self._wait_for_others(connection)
                    await self._queue.make_tables()
            except SQLAlchemyError as error:
                await asyncio.to_thread(wait_after, error, waits)
            else:
                return

    async def _wait_for_others(self, connection: Connection) -> None:
        """Wait for the lock of the tables; where we are to drain meanwhile it fails."""
        waiting = asyncio.ensure_future(asyncio.to_thread(ticks.wait_for_others, connection))
        draining = asyncio.ensure_future(self._draining.wait())
        await asyncio.wait((waiting, draining), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            break_off(connection.connection.driver_connection)
        draining.cancel()
        await waiting

    async def _work(self) -> None:
        working = asyncio.ensure_future(self._queue.work(self._concurrency))
        draining = asyncio.ensure_future(self._draining.wait())
        answers = True
        while not (draining.done() or working.done()):
            answers = await self._turn_in_time(draining)
            await asyncio.wait(
                (working, draining), timeout=TURN_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        working.cancel()
        answers = answers and await self._see_whether_it_answers()
        await self._none_at_work.wait()
        await self._end(working, HASTE_SECONDS if answers else AT_ONCE_SECONDS)

    async def _turn_in_time(self, draining: asyncio.Future[Any]) -> bool:
        """Take a turn; where the database says nothing for long, or we drain, break it off.

        Returns whether it has answered.
        """
        turn = asyncio.ensure_future(self._turn())
        await asyncio.wait(
            (turn, draining), timeout=LONG_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        await asyncio.wait((turn,), timeout=HASTE_SECONDS)
        if not turn.done():
            logger.warning("The database does not answer, its connections are broken off")
            self._clock.break_off()
            self._queue.break_off()
            await asyncio.wait((turn, draining), return_when=asyncio.FIRST_COMPLETED)
        if turn.done():
            await turn
            return True
        turn.add_done_callback(_no_matter)
        self._queue.hurry()
        return False

    async def _see_whether_it_answers(self) -> bool:
        """Wait no longer for a database that says nothing while we drain; return whether it does."""
        asking = asyncio.ensure_future(self._queue.jobs())
        asking.add_done_callback(_no_matter)
        await asyncio.wait((asking,), timeout=HASTE_SECONDS)
        if asking.done():
            return True
        logger.warning("The database does not answer: others will take our jobs back")
        self._queue.hurry()
        await asyncio.wait((asking,), timeout=AT_ONCE_SECONDS)
        asking.cancel()
        return False

    async def _end(self, working: asyncio.Future[None], seconds: float) -> None:
        """Tell the database that no job is at work any more, if it hears that in time."""
        await asyncio.wait((working,), timeout=seconds)
        if not working.done():
            working.add_done_callback(_no_matter)
            self._queue.hurry()
            await asyncio.wait((working,), timeout=AT_ONCE_SECONDS)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectorException):
            if working.done():
                await working

    async def _turn(self) -> None:
        try:
            self._read_again()
            self.queue = await self._queue.jobs()
            self.heard = time.monotonic()
            await self._give_up_unknown()
            await self._keep_clock()
        except SQLAlchemyError as error:
            logger.warning("The clock stands still: %s", getattr(error, "orig", error))

    def _read_again(self) -> None:
        try:
            changed = self._file.stat().st_mtime
            if changed == self._changed:
                return
            self._changed = changed
            self._jobs = {job.name: job for job in self._read(self._file)}
        except (OSError, BadInput) as error:
            logger.error("The schedule stays as it was: %s", error)  # noqa: TRY400 - the text says it
            return
        logger.info("Read %s again: %d jobs", self._file, len(self._jobs))

    async def _give_up_unknown(self) -> None:
        """Queue jobs again that are ours by the database, twice in a row, and that we do not do.

        The answer that gave them to us was lost with its connection.
        """
        strange = {job.id for job in self.queue if job.own and job.name not in self._runs}
        for number in strange & self._unknown:
            await self._queue.queue_again(number)
        self._unknown = strange - self._unknown

    async def _keep_clock(self) -> None:
        due = await asyncio.to_thread(self._clock.due, self._jobs.values())
        if due is None:
            return
        queued = {job.name for job in self.queue if not job.at_work}
        for each in due:
            if each.job.name not in queued:
                await self._queue.add(each.job.name, each.tick, waiting(each.job))
            await asyncio.to_thread(self._clock.note_queued, each)
        for name in await self._queue.take_back():
            logger.warning("The worker that crawled %s is dead: the job is queued again", name)
        if due:
            await self._queue.forget_old()

    async def _crawl(self, name: str, attempts: int) -> None:
        job = self._jobs.get(name)
        if job is None:
            raise CrawlFailedError(f"{self._file} has no job {name!r}")
        if self._draining.is_set():
            raise Again("this worker is draining")
        run = Run(
            crawl_command(job),
            limit=job.limit,
            memory=job.memory,
            log=self._log_of(name),
            environment={**os.environ, **self._environment},
        )
        self._runs[name] = run
        self._none_at_work.clear()
        logger.info("Crawl of %s begins", name)
        try:
            status = await run.status()
        finally:
            del self._runs[name]
            if not self._runs:
                self._none_at_work.set()
        self.exits[status] = self.exits.get(status, 0) + 1
        logger.info("Crawl of %s ended with status %d", name, status)
        self._judge(name, status, attempts)

    def _judge(self, name: str, status: int, attempts: int) -> None:
        """Raises what makes the queue try again, or call the job failed."""
        if status == ExitStatus.LOCKED:
            why = f"another run is crawling the site of {name}"
            raise Again(why, SOON if attempts < TRIES_SOON else LATER)
        if self._draining.is_set():
            raise Again(f"{name} goes on elsewhere")
        if status < 0 and attempts < TRIES_KILLED:
            raise Again(f"the crawl of {name} was killed", SOON)
        if status not in {ExitStatus.GOOD, ExitStatus.ALARM}:
            logger.error("Crawl of %s failed, see %s", name, self._logs)
            raise CrawlFailedError(f"{name} ended with status {status}")

    def _log_of(self, name: str) -> Path:
        """Return the path of a new log, and remove the oldest ones of the job.

        What is of a later time than the new one was written when the clock was wrong, and is the
        oldest.
        """
        new = self._logs / f"{name}.{self._queue.now():%Y%m%dT%H%M%S}.log"
        logs = sorted(self._logs.glob(f"{name}.{STAMP}.log"), key=lambda log: (log < new, log))
        for old in logs[: max(0, len(logs) + 1 - KEPT_LOGS)]:
            old.unlink(missing_ok=True)
        return new


def _no_matter(asked: asyncio.Future[Any]) -> None:
    """Let nothing be said of a failure that we have brought about ourselves."""
    if not asked.cancelled():
        asked.exception()


def _quieten() -> None:
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("procrastinate.worker").addFilter(
        lambda record: getattr(record, "action", "") not in SAID
    )

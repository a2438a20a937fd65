"""A worker for shards: takes them from the queue and reads each in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from procrastinate.exceptions import ConnectorException
from sqlalchemy import Engine

from newscrawl.corpus.account import ShardAccount
from newscrawl.corpus.executors.child import (
    COMMAND,
    TRIES,
    ChildDiedError,
    line_of,
    result_of,
    told_by,
)
from newscrawl.corpus.executors.shard_queue import ShardQueue
from newscrawl.corpus.layout import Layout
from newscrawl.corpus.task import Unread
from newscrawl.schedule.queue import Again
from newscrawl.schedule.worker import HASTE_SECONDS, TURN_SECONDS
from newscrawl.store.replacing import write_whole
from newscrawl.store.waiting import Waits

PASSED_OVER = "passed_over"
"""What counts as an outcome of records that are none of pages, or that nobody wanted."""
MOST_BYTES = 64 * 1024 * 1024
"""Of an account."""

logger = logging.getLogger(__name__)


class ShardFailedError(Exception):
    """A shard could not be read."""


def why_of(layout: Layout, name: str) -> Path:
    """Return where it is written why a shard could not be read."""
    return layout.work / f"{name}.why"


class End(StrEnum):
    """How the reading of a shard ended."""

    READ = "read"
    UNREAD = "unread"
    """Its file could not be had, or its process died too often."""
    DIED = "died"
    """Its process died; the shard waits again."""
    GIVEN_BACK = "given_back"
    """The worker was told to end; the shard waits again."""


class Done:
    """What a worker has come to since it began."""

    def __init__(self) -> None:
        self.ends: Counter[End] = Counter()
        self.records: Counter[str] = Counter()
        """Of shards that were read, by outcome; what was passed over under that name."""
        self.seconds = 0.0
        """That readings took, of whatever end."""

    def add(self, end: End, seconds: float) -> None:
        self.ends[end] += 1
        self.seconds += seconds

    def add_records(self, account: ShardAccount) -> None:
        for told, number in account.outcomes.items():
            self.records[told.partition(":")[0]] += number
        self.records[PASSED_OVER] += sum(account.passed_over.values())


class ShardWorker:
    """Reads ``concurrency`` shards at a time, beside any number of workers like it."""

    def __init__(self, engine: Engine, concurrency: int, waits: Waits) -> None:
        self._queue = ShardQueue(engine, waits, self._read)
        self._concurrency = concurrency
        self._draining = asyncio.Event()
        self._children: set[Process] = set()
        self.heard = time.monotonic()
        """When the database last answered."""
        self.at_work: dict[str, float] = {}
        """Shards that are being read, each with its corpus, and when it began."""
        self.done = Done()

    def drain(self) -> None:
        """Take no more shards, and give back those at work."""
        logger.info("Draining: %d shards at work", len(self._children))
        self._draining.set()
        for child in self._children:
            _kill(child)

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # we tell what matters
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.drain)
        async with self._queue.open():
            working = asyncio.ensure_future(self._queue.work(self._concurrency))
            draining = asyncio.ensure_future(self._draining.wait())
            while not (draining.done() or working.done()):
                turn = asyncio.ensure_future(self._take_back())
                await asyncio.wait((draining, turn), return_when=asyncio.FIRST_COMPLETED)
                await asyncio.wait(
                    (draining, working), timeout=TURN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                turn.cancel()
            draining.cancel()
            await self._end(working)

    async def _take_back(self) -> None:
        try:
            names = await self._queue.take_back()
        except ConnectorException as error:
            logger.warning("Shards of dead workers stay where they are for now: %s", error)
            return
        self.heard = time.monotonic()
        for name in names:
            logger.warning("The worker that read %s is dead: the shard is queued again", name)

    async def _end(self, working: asyncio.Future[None]) -> None:
        """Give jobs back, unless the database does not hear it: others take them back then."""
        if working.done():
            await working
            return
        working.cancel()
        await asyncio.wait((working,), timeout=HASTE_SECONDS)
        if not working.done():
            self._queue.hurry()
        with suppress(asyncio.CancelledError, ConnectorException):
            await working

    async def _read(self, told: Mapping[str, Any], attempts: int) -> None:
        if self._draining.is_set():
            raise Again("this worker is draining")
        begun, key = time.monotonic(), f"{told['folder']}/{told['name']}"
        logger.info("Shard %s begins", told["name"])
        self.at_work[key] = begun
        end = End.UNREAD
        try:
            end = await self._read_once(told, attempts)
        except ChildDiedError as error:
            is_ours = self._draining.is_set()
            end = End.GIVEN_BACK if is_ours else End.DIED
            raise Again("this worker is draining" if is_ours else str(error)) from None
        finally:
            del self.at_work[key]
            self.done.add(end, time.monotonic() - begun)

    async def _read_once(self, told: Mapping[str, Any], attempts: int) -> End:
        """Read a shard.

        Raises:
            ChildDiedError: its process died, and may be tried again.
            ShardFailedError: it cannot be read.
        """
        try:
            result = result_of(await self._in_child(told))
        except ChildDiedError as error:
            if self._draining.is_set() or attempts + 1 < TRIES:
                raise
            result = Unread(f"{error}, {TRIES} times")
        if isinstance(result, Unread):
            logger.error("Shard %s could not be read: %s", told["name"], result.why)
            write_whole(why_of(Layout(Path(told["folder"])), told["name"]), result.why)
            raise ShardFailedError(result.why)
        logger.info("Shard %s ended with %d articles", told["name"], result.rows)
        self.done.add_records(result)
        return End.READ

    async def _in_child(self, told: Mapping[str, Any]) -> dict[str, Any]:
        child = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=PIPE, stdout=PIPE, limit=MOST_BYTES
        )
        assert child.stdin is not None
        assert child.stdout is not None
        self._children.add(child)
        if self._draining.is_set():
            _kill(child)
        try:
            child.stdin.write(line_of(told))
            output = await child.stdout.read()
            status = await child.wait()
        finally:
            self._children.discard(child)
            child.stdin.close()
        return told_by(output, status)


def _kill(child: Process) -> None:
    with suppress(ProcessLookupError):
        child.kill()

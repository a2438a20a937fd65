"""A worker for shards: takes them from the queue and reads each in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from procrastinate.exceptions import ConnectorException
from sqlalchemy import Engine

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

MOST_BYTES = 64 * 1024 * 1024
"""Of an account."""

logger = logging.getLogger(__name__)


class ShardFailedError(Exception):
    """A shard could not be read."""


def why_of(layout: Layout, name: str) -> Path:
    """Return where it is written why a shard could not be read."""
    return layout.work / f"{name}.why"


class ShardWorker:
    """Reads ``concurrency`` shards at a time, beside any number of workers like it."""

    def __init__(self, engine: Engine, concurrency: int, waits: Waits) -> None:
        self._queue = ShardQueue(engine, waits, self._read)
        self._concurrency = concurrency
        self._draining = asyncio.Event()
        self._children: set[Process] = set()

    def drain(self) -> None:
        """Take no more shards, and give back those at work."""
        logger.info("Draining: %d shards at work", len(self._children))
        self._draining.set()
        for child in self._children:
            with suppress(ProcessLookupError):
                child.kill()

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
        for name in await self._queue.take_back():
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
        logger.info("Shard %s begins", told["name"])
        try:
            result = result_of(await self._in_child(told))
        except ChildDiedError as error:
            if self._draining.is_set():
                raise Again("this worker is draining") from None
            if attempts + 1 < TRIES:
                raise Again(str(error)) from None
            result = Unread(f"{error}, {TRIES} times")
        if isinstance(result, Unread):
            logger.error("Shard %s could not be read: %s", told["name"], result.why)
            write_whole(why_of(Layout(Path(told["folder"])), told["name"]), result.why)
            raise ShardFailedError(result.why)
        logger.info("Shard %s ended with %d articles", told["name"], result.rows)

    async def _in_child(self, told: Mapping[str, Any]) -> dict[str, Any]:
        child = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=PIPE, stdout=PIPE, limit=MOST_BYTES
        )
        assert child.stdin is not None
        assert child.stdout is not None
        self._children.add(child)
        try:
            child.stdin.write(line_of(told))
            output = await child.stdout.read()
            status = await child.wait()
        finally:
            self._children.discard(child)
            child.stdin.close()
        return told_by(output, status)

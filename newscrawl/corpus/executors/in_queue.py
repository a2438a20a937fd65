"""Shards read by workers that take them from a queue in PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from newscrawl.corpus.account import ShardAccount
from newscrawl.corpus.building import Result
from newscrawl.corpus.executors.shard_queue import ShardQueue
from newscrawl.corpus.executors.shard_worker import why_of
from newscrawl.corpus.layout import Layout
from newscrawl.corpus.task import ShardTask, Unread
from newscrawl.store.waiting import Waits

AT_ONCE = 1_000
"""Shards in the queue at a time."""
TURN_SECONDS = 1.0
LATE_SECONDS = 60.0
"""How long a file that another machine has written may stay unseen here."""


class InQueue:
    """Gives shards to ``newscrawl worker --shards`` on any machine that has the folder of the corpus.

    Killed and begun again it waits for what is queued already.
    """

    def __init__(self, engine: Engine, waits: Waits) -> None:
        self._engine = engine
        self._waits = waits

    def run(self, tasks: Iterable[ShardTask]) -> Iterator[tuple[ShardTask, Result]]:
        waiting = _Waiting(tasks)
        with asyncio.Runner() as runner:
            queue = ShardQueue(self._engine, self._waits)
            stack = AsyncExitStack()
            runner.run(stack.enter_async_context(queue.open()))
            try:
                while runner.run(waiting.turn(queue)):
                    yield from waiting.ended()
                    runner.run(asyncio.sleep(TURN_SECONDS))
            finally:
                runner.run(stack.aclose())


class _Waiting:
    """The shards that are queued, or at work somewhere."""

    def __init__(self, tasks: Iterable[ShardTask]) -> None:
        self._fresh = iter(tasks)
        self._known: dict[str, ShardTask] = {}
        self._gone: dict[str, float] = {}
        """Since when the jobs are gone of those that have left nothing yet."""

    async def turn(self, queue: ShardQueue) -> bool:
        """Queue what has room and look what has ended; returns whether there is anything left."""
        fresh = list(islice(self._fresh, AT_ONCE - len(self._known)))
        self._known.update((task.name, task) for task in fresh)
        if not self._known:
            return False
        [folder] = {task.folder for task in self._known.values()}
        await queue.take_back()
        queued = await queue.open_jobs(folder)
        for task in fresh:
            if task.name not in queued:
                why_of(Layout(Path(folder)), task.name).unlink(missing_ok=True)
                await queue.add(task)
                queued.add(task.name)
        gone = self._known.keys() - queued
        self._gone = {name: self._gone.get(name, time.monotonic()) for name in gone}
        return True

    def ended(self) -> Iterator[tuple[ShardTask, Result]]:
        for name in sorted(self._gone):
            result = self._result(self._known[name])
            if result is not None:
                del self._gone[name]
                yield self._known.pop(name), result

    def _result(self, task: ShardTask) -> Result | None:
        layout = Layout(Path(task.folder))
        why = why_of(layout, task.name)
        if why.exists():
            return Unread(why.read_text(encoding="utf-8"))
        if layout.account(task.name).exists():
            return ShardAccount.read(layout.account(task.name))
        if time.monotonic() - self._gone[task.name] > LATE_SECONDS:
            return Unread("its job has ended and left nothing")
        return None

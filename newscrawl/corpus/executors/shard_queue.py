"""Shards as jobs in PostgreSQL, by procrastinate, in a queue of their own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from datetime import UTC
from typing import Any

from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import DeleteJobCondition, Status
from sqlalchemy import Engine

from newscrawl.corpus.task import ShardTask
from newscrawl.history import ticks
from newscrawl.schedule.connector import PatientConnector
from newscrawl.schedule.queue import STALLED_SECONDS, ServerTime, WhenAsked, worker_of
from newscrawl.store.waiting import Waits

TASK = "newscrawl.shard"
QUEUE = "newscrawl.shards"

Read = Callable[[Mapping[str, Any], int], Awaitable[None]]
"""Does a shard that was begun so often before; may raise ``Again``."""


class ShardQueue:
    """Jobs by corpus and shard, of which one of each waits and one is at work at a time."""

    def __init__(self, engine: Engine, waits: Waits, read: Read | None = None) -> None:
        self._engine = engine
        self._connector = PatientConnector(engine, waits)
        self._time = ServerTime()
        self._app = App(connector=self._connector)

        @self._app.task(name=TASK, queue=QUEUE, retry=WhenAsked(self._time), pass_context=True)
        async def shard(context: Any, told: dict[str, Any]) -> None:
            assert read is not None
            await read(told, context.job.attempts)

        self._task = shard
        self._manager = self._app.job_manager

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Keep connections open for the length of an ``async with`` block; make missing tables."""
        async with self._app.open_async():
            with self._engine.begin() as connection:
                await asyncio.to_thread(ticks.wait_for_others, connection)
                if not await self._app.check_connection_async():
                    await self._app.schema_manager.apply_schema_async()
            yield

    def hurry(self) -> None:
        """Ask a server that is away no more."""
        self._connector.hurry()

    async def add(self, task: ShardTask) -> None:
        """Add the job of a shard, unless it waits already."""
        key = f"{task.folder}/{task.name}"
        with contextlib.suppress(AlreadyEnqueued):
            deferred = self._task.configure(lock=key, queueing_lock=key)
            await deferred.defer_async(told=task.to_dict())

    async def open_jobs(self, folder: str) -> set[str]:
        """Return the names of a corpus's shards whose jobs wait or are at work."""
        return {
            str(told["name"])
            for status in (Status.TODO, Status.DOING)
            for job in await self._manager.list_jobs_async(queue=QUEUE, status=status.value)
            if isinstance(told := job.task_kwargs["told"], dict) and told["folder"] == folder
        }

    async def take_back(self) -> list[str]:
        """Queue the jobs of dead workers again; return the names of their shards."""
        told = await self._connector.execute_query_one_async("SELECT clock_timestamp() AS now")
        self._time.told(told["now"].astimezone(UTC))
        stalled: Iterable[Any] = await self._manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS
        )
        names = []
        for job in stalled:
            await self._manager.retry_job(job, retry_at=self._time.now())
            names.append(str(job.task_kwargs["told"]["name"]))
        await self._manager.prune_stalled_workers(STALLED_SECONDS)
        return names

    async def work(self, concurrency: int) -> None:
        """Take jobs until cancelled, then wait for those at work; those done well are forgotten."""
        worker = worker_of(
            self._app, [QUEUE], concurrency, delete_jobs=DeleteJobCondition.SUCCESSFUL
        )
        await worker.run()  # type: ignore[no-untyped-call] # procrastinate leaves it out

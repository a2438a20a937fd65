"""The jobs of many workers in PostgreSQL, by procrastinate."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker
from sqlalchemy import Engine

from newscrawl.schedule.connector import PatientConnector
from newscrawl.store.waiting import Waits

TASK = "newscrawl.crawl"
QUEUES = ["default"]
"""Those of crawls alone: other jobs are for workers of their own."""
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
"""A worker is dead that has not been heard of for so long."""
POLL_SECONDS = 2.0
KEPT_HOURS = 7 * 24
"""How long jobs that have ended are kept, for people to look at."""


class Again(Exception):  # noqa: N818 - not an error of the job
    """A job is to be done again, after so many seconds."""

    def __init__(self, why: str, seconds: int = 0) -> None:
        super().__init__(why)
        self.seconds = seconds


class ServerTime:
    """The time of the server, from when it last told it on: the clocks of workers differ."""

    def __init__(self) -> None:
        self.told(datetime.now(UTC))

    def told(self, at: datetime) -> None:
        self._at, self._since = at, time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._since)


class WhenAsked(BaseRetryStrategy):
    """Tries a job again that raised :class:`Again`, and no other."""

    def __init__(self, time: ServerTime) -> None:
        super().__init__()
        self._time = time

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002 - the signature is procrastinate's
        if isinstance(exception, Again):
            return RetryDecision(retry_at=self._time.now() + timedelta(seconds=exception.seconds))
        return None


class Waiting(NamedTuple):
    """A job in the queue; ``due`` is when its run should have begun, in seconds since the epoch."""

    id: int
    name: str
    due: float
    at_work: bool
    own: bool
    """Whether this worker has taken it."""


def worker_of(app: App, queues: Sequence[str], concurrency: int, **more: Any) -> Worker:
    """Return a worker that takes jobs from some queues, so many at a time."""
    return Worker(
        app,
        queues=queues,
        concurrency=concurrency,
        install_signal_handlers=False,
        listen_notify=False,
        fetch_job_polling_interval=POLL_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        **more,
    )


class JobQueue:
    """Jobs by name, of which one of each is at work at a time, whoever takes it.

    ``crawl`` does a job: it is given the name and how often the job was begun before, and may
    raise :class:`Again`.
    """

    def __init__(
        self, engine: Engine, crawl: Callable[[str, int], Awaitable[None]], waits: Waits
    ) -> None:
        self._connector = PatientConnector(engine, waits)
        self._time = ServerTime()
        self._app = App(connector=self._connector)

        @self._app.task(name=TASK, retry=WhenAsked(self._time), pass_context=True)
        async def task(context: Any, name: str, tick: float) -> None:  # noqa: ARG001 - kept with the job
            await crawl(name, context.job.attempts)

        self._task = task
        self._manager = self._app.job_manager
        self._worker: Worker | None = None

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Keep connections open for the length of an ``async with`` block."""
        async with self._app.open_async():
            yield

    def break_off(self) -> None:
        """Take the server for gone: whatever it was asked is asked again."""
        self._connector.break_off()

    def hurry(self) -> None:
        """Ask a server that is away no more: jobs that are ours are taken back by others."""
        self._connector.hurry()

    def now(self) -> datetime:
        """Return the time of the server, by which it says when a job may begin."""
        return self._time.now()

    async def make_tables(self) -> None:
        """Make procrastinate's tables where there are none; one worker at a time."""
        if not await self._app.check_connection_async():
            await self._app.schema_manager.apply_schema_async()

    async def work(self, concurrency: int) -> None:
        """Take jobs until cancelled, then wait for those at work."""
        self._worker = worker_of(self._app, QUEUES, concurrency)
        await self._worker.run()  # type: ignore[no-untyped-call] # procrastinate leaves it out

    async def add(self, name: str, tick: float, delay: float) -> None:
        """Add a job for a time of the schedule, to begin at once or ``delay`` seconds later."""
        at = self.now() + timedelta(seconds=delay)
        await self._task.configure(lock=name, schedule_at=at).defer_async(name=name, tick=tick)

    async def jobs(self) -> list[Waiting]:
        """Return the jobs that wait or are at work, and take note of the server's time."""
        told = await self._app.connector.execute_query_one_async("SELECT clock_timestamp() AS now")
        self._time.told(told["now"].astimezone(UTC))
        own = None if self._worker is None else self._worker.worker_id
        return [
            _waiting(job, at_work=status is Status.DOING, own=job.worker_id == own is not None)
            for status in (Status.TODO, Status.DOING)
            for job in await self._manager.list_jobs_async(task=TASK, status=status.value)
        ]

    async def take_back(self) -> list[str]:
        """Queue the jobs of dead workers again; return their names."""
        stalled: Iterable[Job] = await self._manager.get_stalled_jobs(
            task_name=TASK, seconds_since_heartbeat=STALLED_SECONDS
        )
        names = []
        for job in stalled:
            await self._manager.retry_job(job, retry_at=self.now())
            names.append(str(job.task_kwargs["name"]))
        await self._manager.prune_stalled_workers(STALLED_SECONDS)
        return names

    async def queue_again(self, number: int) -> None:
        """Queue a job again that is at work by our name, though we do not know of it."""
        await self._manager.retry_job_by_id_async(number, retry_at=self.now())

    async def forget_old(self) -> None:
        await self._manager.delete_old_jobs(
            KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def _waiting(job: Job, *, at_work: bool, own: bool) -> Waiting:
    assert job.id is not None
    name, due = job.task_kwargs["name"], job.task_kwargs["tick"]
    return Waiting(job.id, str(name), float(str(due)), at_work, own)

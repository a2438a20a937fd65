"""Worker processes of which any may be killed: that costs the task it was doing, and no other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from multiprocessing.connection import wait
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

from newscrawl.processes.worker import Job, Starter, Worker
from newscrawl.processes.working import Raised

Task = TypeVar("Task")
Result = TypeVar("Result")


class Died(NamedTuple):
    """What came of a task that ended its worker every time it was tried."""

    attempts: int
    why: str
    """How the last worker ended: ``killed by signal 9``, ``exit status 1``."""


class TaskError(Exception):
    """A worker raised an exception, which the message shows with the task."""


class StartError(Exception):
    """No worker can begin: ``make`` raises an exception, or they die at once, again and again."""


class ProcessPool(Generic[Task, Result]):
    """Up to ``size`` processes, started when there are tasks for them.

    ``make`` is called once in each, so it is picklable and at the top of a module; what it returns
    is called with each task, in the main thread. A task that ends its worker goes to another one,
    ``attempts`` times in all. Workers end when this process does, however that ends.
    """

    def __init__(
        self, size: int, make: Callable[[], Callable[[Task], Result]], *, attempts: int = 3
    ) -> None:
        self.size = size
        self.attempts = attempts
        self.workers: list[Worker[Task]] = []
        self._starter = Starter(make)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self.workers:
            worker = self.workers.pop()
            worker.end() if kind is None else worker.kill()

    def run(
        self, tasks: Iterable[Task], *, in_order: bool = False, ahead: int = 0
    ) -> Generator[tuple[Task, Result | Died]]:
        """Yield each task with its result, as they come or else in the order of the tasks.

        A worker is given up to ``ahead`` tasks before it has done its last one, for tasks so short
        that it would wait for this process. They wait with it though another one is idle; if it
        dies, others do them, also those whose results were still on their way. No more than
        ``size * (ahead + 2)`` tasks are taken that are not yielded yet. One run at a time; one
        that is left early ends the workers that are busy.

        Raises:
            TaskError: a task raised an exception.
            StartError: a worker could not even start.
        """
        running = _Run[Task, Result](self, tasks, in_order=in_order, ahead=ahead)
        try:
            yield from running.results()
        finally:
            for worker in [each for each in self.workers if each.jobs]:
                self.workers.remove(worker)
                worker.kill()

    def start(self) -> Worker[Task]:
        worker: Worker[Task] = self._starter.start()
        self.workers.append(worker)
        return worker


class _Run(Generic[Task, Result]):
    """What is under way: jobs that workers have, that wait to be given again, and answers."""

    def __init__(
        self,
        pool: ProcessPool[Task, Result],
        tasks: Iterable[Task],
        *,
        in_order: bool,
        ahead: int,
    ) -> None:
        self._pool = pool
        self._fresh = (Job(number, task) for number, task in enumerate(tasks))
        self._in_order = in_order
        self._ahead = ahead
        self._again: list[Job[Task]] = []
        self._answers: dict[int, tuple[Task, Result | Died]] = {}
        self._yielded = 0
        self._unborn = 0

    def results(self) -> Iterator[tuple[Task, Result | Died]]:
        while True:
            self._give()
            ready = self._ready()
            if ready is not None:
                yield ready
            busy = {worker.connection: worker for worker in self._pool.workers if worker.jobs}
            if not busy and not self._answers and not self._again:
                return
            for connection in wait(list(busy), timeout=None if ready is None else 0):
                self._hear(busy[connection])  # type: ignore[index] # one of those waited for

    def _give(self) -> None:
        while self._has_room() and (job := self._next()) is not None:
            idle = min(self._pool.workers, key=lambda worker: len(worker.jobs), default=None)
            if idle is None or (idle.jobs and len(self._pool.workers) < self._pool.size):
                idle = self._pool.start()
            idle.give(job)

    def _has_room(self) -> bool:
        workers = self._pool.workers
        return len(workers) < self._pool.size or any(
            len(worker.jobs) <= self._ahead for worker in workers
        )

    def _next(self) -> Job[Task] | None:
        if self._again:
            return self._again.pop(0)
        given = sum(len(worker.jobs) for worker in self._pool.workers)
        is_full = given + len(self._answers) >= self._pool.size * (self._ahead + 2)
        return None if is_full else next(self._fresh, None)

    def _ready(self) -> tuple[Task, Result | Died] | None:
        number = self._yielded if self._in_order else next(iter(self._answers), self._yielded)
        ready = self._answers.pop(number, None)
        self._yielded += ready is not None
        return ready

    def _hear(self, worker: Worker[Task]) -> None:
        try:
            answer = worker.receive()
        except EOFError:
            self._bury(worker)
            return
        self._unborn = 0
        if isinstance(answer, Raised):
            raise self._error(worker, answer)
        job = worker.jobs.popleft()
        self._answers[job.number] = (job.task, answer.value)

    @staticmethod
    def _error(worker: Worker[Task], raised: Raised) -> Exception:
        if worker.is_made:
            return TaskError(f"{worker.jobs[0].task!r:.200}: {raised.error}\n\n{raised.trace}")
        error = StartError(f"worker processes cannot start: {raised.error}")
        error.add_note(raised.trace)
        return error

    def _bury(self, worker: Worker[Task]) -> None:
        self._pool.workers.remove(worker)
        why = worker.end()
        guilty = worker.begun_in_vain()
        if guilty is not None:
            guilty.attempts += 1
        if not worker.is_made:
            self._unborn += 1
            if self._unborn >= self._pool.size * self._pool.attempts:
                raise StartError(f"worker processes end before they can begin: {why}")
        for job in worker.jobs:
            if job.attempts >= self._pool.attempts:
                self._answers[job.number] = (job.task, Died(job.attempts, why))
            else:
                self._again.append(job)
        self._again.sort(key=lambda job: job.number)

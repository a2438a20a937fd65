"""A worker process as its coordinator sees it."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ctypes import c_ulong
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any, Generic, TypeVar

from newscrawl.processes.working import END, Message, work

Task = TypeVar("Task")

GRACE = 5.0
"""Seconds that a process which has nothing to do any more gets to end by itself."""
Context = ForkServerContext | SpawnContext


@dataclass
class Job(Generic[Task]):
    """A task with its place among all of a run, and how often it was begun in vain."""

    number: int
    task: Task
    attempts: int = 0


class Starter:
    """Starts processes, none of which has anything of this one: no threads, no connections.

    On POSIX they are forks of a process that has loaded the module of ``make``, which takes some
    hundredths of a second and shares the memory of what is loaded.
    """

    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        self._context = _context()
        self._context.set_forkserver_preload(["__main__", _module_of(make)])
        self._make = pickle.dumps(make)

    def start(self) -> Worker[Any]:
        return Worker(self._context, self._make)


class Worker(Generic[Task]):
    """A process with its pipe; ``jobs`` are those that it was given and has not answered.

    The pipe alone says whether it lives: it is closed with the process, also by ``kill -9``.
    """

    def __init__(self, context: Context, make: bytes) -> None:
        self.jobs: deque[Job[Task]] = deque()
        self.connection, theirs = context.Pipe()
        self._begun: c_ulong = context.RawValue(c_ulong, 0)
        self._answered = 0
        self._process = context.Process(target=work, args=(theirs, make, self._begun), daemon=True)
        resource_tracker.ensure_running()
        with _no_interrupt():
            self._process.start()
        theirs.close()

    @property
    def is_made(self) -> bool:
        """Whether it has ever begun a task."""
        return self._begun.value > 0

    def give(self, job: Job[Task]) -> None:
        self.jobs.append(job)
        with suppress(BrokenPipeError, ConnectionResetError):  # receive() tells
            self.connection.send_bytes(pickle.dumps(job.task, pickle.HIGHEST_PROTOCOL))

    def receive(self) -> Message:
        """Wait for an answer, which is that of the first of ``jobs``.

        Raises:
            EOFError: the process is dead.
        """
        try:
            answer = self.connection.recv_bytes()
        except OSError:
            raise EOFError from None
        self._answered += 1
        message: Message = pickle.loads(answer)  # noqa: S301 - from our own process
        return message

    def begun_in_vain(self) -> Job[Task] | None:
        """Return the job that a dead process was at; those after it were never begun."""
        place = self._begun.value - self._answered - 1
        return self.jobs[place] if place >= 0 else None

    def end(self) -> str:
        """Wait for the end of a process that is dead or has nothing to do; returns how it ended."""
        if not self.jobs:
            with suppress(OSError):
                self.connection.send_bytes(END)
        self._process.join(GRACE)
        return self.kill()

    def kill(self) -> str:
        """End the process whatever it does; returns how it ended."""
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join(GRACE)
        self.connection.close()
        code = self._process.exitcode
        return f"killed by signal {-code}" if code and code < 0 else f"exit status {code}"


def _context() -> Context:
    if "forkserver" in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("forkserver")
    return multiprocessing.get_context("spawn")


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach, from their first moment on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _module_of(make: Callable[[], Any]) -> str:
    while isinstance(make, partial):
        make = make.func
    return make.__module__

"""One run of a job: a process of its own, with limits of time and memory."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from newscrawl.schedule.jobs import Job

GRACE = 60.0
"""Seconds that a crawl is left to end in order before it is killed."""
BECOME = resources.files("newscrawl.schedule") / "become.py"
ROOM = 512
"""Megabytes beyond ``memory`` at which the system refuses more; before that a crawl ends itself."""


def crawl_command(job: Job) -> list[str]:
    command = [sys.executable, "-m", "newscrawl", "crawl", job.spider]
    memory = {"MEMUSAGE_LIMIT_MB": str(job.memory)} if job.memory else {}
    for option, values in (("-a", job.arguments), ("-s", {**memory, **job.settings})):
        for name, value in values.items():
            command += [option, f"{name}={value}"]
    return command


def waiting(job: Job) -> float:
    """Return by how much a run is delayed, so that many of one minute do not begin at once."""
    return random.Random(os.urandom(8)).uniform(0, job.jitter)  # noqa: S311 - no secret


class Run:
    """A process that ends with the one that started it (on Linux), after ``limit`` seconds at the latest.

    Then it is asked to end, and killed ``grace`` seconds later: what it had stored is safe, and
    the next run goes on. Its output goes to ``log``, if there is one. ``memory`` is in megabytes.
    ``environment`` replaces our own.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        limit: float = 0,
        grace: float = GRACE,
        memory: int = 0,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._command = command
        self._limit = limit
        self._grace = grace
        self._memory = memory + ROOM if memory else 0
        self._log = log
        self._environment = environment
        self._asked = asyncio.Event()

    def stop(self) -> None:
        """Ask the process to end in order, now or as soon as it has begun."""
        self._asked.set()

    async def status(self) -> int:
        """Run the process and return its exit status, negative for a signal.

        Raises:
            OSError: it cannot be started, or its log cannot be written.
        """
        with contextlib.ExitStack() as files:
            become = files.enter_context(resources.as_file(BECOME))  # in an egg it is no file
            output = files.enter_context(self._log.open("ab")) if self._log else None
            return await self._watch(await self._start(become, output))

    async def _start(self, become: Path, output: BinaryIO | None) -> asyncio.subprocess.Process:
        starter = [sys.executable, "-I", "-S", str(become), str(os.getpid()), str(self._memory)]
        return await asyncio.create_subprocess_exec(
            *starter,
            *self._command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            env=self._environment,
        )

    async def _watch(self, process: asyncio.subprocess.Process) -> int:
        """Wait for the end of a process, ask it to end where it has to, and return its status."""
        ended = asyncio.ensure_future(process.wait())
        asked = asyncio.ensure_future(self._asked.wait())
        try:
            await asyncio.wait(
                (ended, asked), timeout=self._limit or None, return_when=asyncio.FIRST_COMPLETED
            )
            for number, seconds in ((signal.SIGTERM, self._grace), (signal.SIGKILL, None)):
                if not ended.done():
                    process.send_signal(number)
                    await asyncio.wait((ended,), timeout=seconds)
            return await ended
        finally:
            asked.cancel()
            if not ended.done():
                process.kill()


def run(command: Sequence[str], *, limit: float = 0, grace: float = GRACE) -> int:
    """Run a command and return its exit status; SIGTERM and SIGINT are passed on to it."""

    async def until_ended() -> int:
        process = Run(command, limit=limit, grace=grace)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, process.stop)
        try:
            return await process.status()
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    return asyncio.run(until_ended())

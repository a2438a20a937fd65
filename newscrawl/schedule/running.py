"""One run of a job: a process of its own, with a time limit."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

from newscrawl.schedule.jobs import Job

GRACE = 60.0
"""Seconds that a crawl is left to end in order before it is killed."""


def crawl_command(job: Job) -> list[str]:
    command = [sys.executable, "-m", "newscrawl", "crawl", job.spider]
    for option, values in (("-a", job.arguments), ("-s", job.settings)):
        for name, value in values.items():
            command += [option, f"{name}={value}"]
    return command


def run(command: Sequence[str], *, limit: float = 0, grace: float = GRACE) -> int:
    """Run a command and return its exit status; SIGTERM and SIGINT are passed on to it.

    After ``limit`` seconds it is asked to end, after ``grace`` more it is killed: what it had
    stored is safe, and the next run goes on.
    """
    with subprocess.Popen(command) as process:  # noqa: S603 - our own program with checked arguments
        before = _pass_on(process)
        try:
            return process.wait(limit or None)
        except subprocess.TimeoutExpired:
            process.terminate()
            try:
                return process.wait(grace)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _pass_on(process: subprocess.Popen[bytes]) -> dict[signal.Signals, Any]:
    def pass_on(number: int, _: FrameType | None) -> None:
        process.send_signal(number)

    return {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGINT)}


def put_off(job: Job) -> None:
    """Wait for up to the job's jitter, so that many jobs of one minute do not begin at once."""
    if job.jitter:
        time.sleep(random.Random(os.urandom(8)).uniform(0, job.jitter))  # noqa: S311 - no secret

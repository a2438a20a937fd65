"""A shard in a process of its own, which ends with the process that started it.

Others run tasks in threads, from which nothing can be interrupted, and in processes that must not
have children of multiprocessing; and all memory of a shard is given back with its process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing, redirect_stdout, suppress
from dataclasses import asdict
from typing import Any

from newscrawl.corpus.account import ShardAccount
from newscrawl.corpus.building import Result
from newscrawl.corpus.task import ShardTask, Unread

COMMAND = (sys.executable, "-m", "newscrawl.corpus.executors.child")
TRIES = 3
"""How often a shard is begun whose process dies."""


class ChildDiedError(Exception):
    """The process of a shard ended without a result."""


def read_apart(task: Mapping[str, Any]) -> dict[str, Any]:
    """Do a task, both as JSON has them, in a process of its own; returns the result.

    Raises:
        ChildDiedError: the process was killed, or has failed, which its errors tell.
    """
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603 - our own module
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(BrokenPipeError):
            child.stdin.write(line_of(task))
            child.stdin.flush()
        told = child.stdout.read()
    return told_by(told, child.returncode)


def line_of(task: Mapping[str, Any]) -> bytes:
    """Return what a child is told; afterwards its input stays open as long as it may live."""
    return json.dumps(task).encode() + b"\n"


def told_by(output: bytes, status: int) -> dict[str, Any]:
    """Return the result that a child has written.

    Raises:
        ChildDiedError: it has none.
    """
    if status < 0:
        raise ChildDiedError(f"the process that read it was killed by signal {-status}")
    if status > 0:
        raise ChildDiedError(f"the process that read it ended with status {status}")
    told: dict[str, Any] = json.loads(output)
    return told


def result_of(told: Mapping[str, Any]) -> Result:
    """Return a result out of its JSON."""
    return Unread(told["unread"]) if "unread" in told else ShardAccount(**told["account"])


def main() -> None:
    """Read a task from the input, do it, write its result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # one Ctrl-C is for the process that started us
    task = ShardTask.from_dict(json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    output = sys.stdout
    with redirect_stdout(sys.stderr):  # whatever page objects print
        from newscrawl.corpus.extraction import ShardReader  # noqa: PLC0415 - loads page objects

        with closing(ShardReader()) as read:
            result = read(task)
    told = {"unread": result.why} if isinstance(result, Unread) else {"account": asdict(result)}
    output.write(json.dumps(told))


def _end_with_the_other() -> None:
    """Wait for the end of the input."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()

"""What a worker process does: it takes tasks from its pipe and sends back what came of each."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from ctypes import c_ulong
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, NamedTuple

END = b""
"""The message after which a worker ends by itself."""


class Returned(NamedTuple):
    value: Any


class Raised(NamedTuple):
    error: str
    """The line that names an exception."""
    trace: str


Message = Returned | Raised


def work(connection: Connection[Any, Any], make: bytes, begun: c_ulong) -> None:
    """Answer tasks in their order until the message ``END``; counts in ``begun`` those begun.

    The pipe is read and written by threads: tasks are taken in and answers are given away while
    the main thread works, and the process ends at once when the other end is closed or dies.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # one Ctrl-C is for the coordinator alone
    tasks: SimpleQueue[bytes] = SimpleQueue()
    answers: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_take, args=(connection, tasks), daemon=True).start()
    giving = threading.Thread(target=_give, args=(connection, answers), daemon=True)
    giving.start()
    function = _made(make, answers)
    if function is not None:
        for task in iter(tasks.get, END):
            begun.value += 1
            answers.put(_answer(function, task))
    answers.put(END)
    giving.join()


def _take(connection: Connection[Any, Any], tasks: SimpleQueue[bytes]) -> None:
    try:
        while True:
            tasks.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(1)


def _give(connection: Connection[Any, Any], answers: SimpleQueue[bytes]) -> None:
    try:
        for answer in iter(answers.get, END):
            connection.send_bytes(answer)
    except OSError:
        os._exit(1)


def _made(make: bytes, answers: SimpleQueue[bytes]) -> Callable[[Any], Any] | None:
    try:
        function: Callable[[Any], Any] = pickle.loads(make)()  # noqa: S301 - from our own process
    except Exception:  # noqa: BLE001 - the coordinator raises it
        answers.put(_raised())
        return None
    return function


def _answer(function: Callable[[Any], Any], task: bytes) -> bytes:
    try:
        value = function(pickle.loads(task))  # noqa: S301 - from our own process
        return pickle.dumps(Returned(value), pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - the coordinator raises it
        return _raised()


def _raised() -> bytes:
    kind, error, _ = sys.exc_info()
    line = traceback.format_exception_only(kind, error)[-1].strip()
    return pickle.dumps(Raised(line, traceback.format_exc()))

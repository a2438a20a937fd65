"""What the workers of the tests do."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path


def _square(number: int) -> int:
    return number * number


def squares() -> Callable[[int], int]:
    return _square


def _pid(_task: object) -> int:
    return os.getpid()


def pids() -> Callable[[object], int]:
    return _pid


def _kills_itself_once(folder: Path, number: int) -> int:
    """Each third task kills its worker the first time."""
    _count(folder, number)
    if number % 3 == 0 and tries(folder, number) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killing_once(folder: Path) -> Callable[[int], int]:
    return partial(_kills_itself_once, folder)


def _poisoned(folder: Path, number: int) -> bytes:
    """Task 7 kills each worker, while what came of others is still on its way."""
    _count(folder, number)
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return bytes(1_000_000)


def poisoned(folder: Path) -> Callable[[int], bytes]:
    return partial(_poisoned, folder)


def _count(folder: Path, number: int) -> None:
    with (folder / f"{number}").open("a") as file:
        file.write(f"{os.getpid()}\n")


def tries(folder: Path, number: int) -> int:
    return len((folder / f"{number}").read_text().splitlines())


def _waits(folder: Path, number: int) -> int:
    """Say so and wait, the first time."""
    _count(folder, number)
    if tries(folder, number) == 1:
        threading.Event().wait()
    return number


def waiting(folder: Path) -> Callable[[int], int]:
    return partial(_waits, folder)


def _big(folder: Path, size: int) -> bytes:
    _count(folder, size)
    return bytes(size)


def big(folder: Path) -> Callable[[int], bytes]:
    return partial(_big, folder)


def _busy(folder: Path, number: int) -> None:
    _count(folder, number)
    while True:
        pass


def busy(folder: Path) -> Callable[[int], None]:
    return partial(_busy, folder)


def _raises(number: int) -> int:
    if number == 2:
        raise ValueError("two is too much")
    return number


def raising() -> Callable[[int], int]:
    return _raises


def _exits(_number: int) -> int:
    sys.exit(3)


def exiting() -> Callable[[int], int]:
    return _exits


def _in_main_thread(_task: object) -> bool:
    return threading.current_thread() is threading.main_thread()


def main_threads() -> Callable[[object], bool]:
    return _in_main_thread


def not_made() -> Callable[[int], int]:
    raise LookupError("nothing to be loaded")


def killed_at_start() -> Callable[[int], int]:
    os.kill(os.getpid(), signal.SIGKILL)
    return _square


def _slower_first(number: int) -> int:
    time.sleep(0.2 if number == 0 else 0)
    return number


def slower_first() -> Callable[[int], int]:
    return _slower_first


def not_picklable() -> Callable[[int], object]:
    return _lambda


def _lambda(_number: int) -> object:
    return lambda: None

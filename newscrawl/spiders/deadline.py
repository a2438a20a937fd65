"""A page whose reading takes too long is given up, so that no page can stop a crawl."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooSlow(Exception):  # noqa: N818 - named as all reasons are
    """Reading the page took more than ``NEWSCRAWL_MAX_READING`` seconds."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Interrupt what runs in the block after so many seconds of the processor; 0 never does.

    They are those of the whole process: on a machine that is busy with others a page costs no more.

    It works by an alarm, so between two steps of Python, in the main thread and not on Windows.

    Raises:
        TooSlow: the time was over.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if seconds <= 0 or not is_main or not hasattr(signal, "setitimer"):
        yield
        return
    former = signal.signal(signal.SIGPROF, _give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow

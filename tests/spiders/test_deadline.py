from __future__ import annotations

import signal
import threading
import time

import pytest

from newscrawl.spiders.deadline import TooSlow, deadline


def busy(seconds: float) -> int:
    end, steps = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        steps += 1
    return steps


def test_what_takes_too_long_is_interrupted():
    with pytest.raises(TooSlow), deadline(0.05):
        busy(5)


def test_what_ends_in_time_is_left_alone_afterwards():
    with deadline(0.05):
        assert busy(0.001)
    assert busy(0.1)


def test_the_alarm_that_was_there_before_is_put_back():
    before = signal.getsignal(signal.SIGPROF)
    with deadline(5):
        assert signal.getsignal(signal.SIGPROF) is not before
    assert signal.getsignal(signal.SIGPROF) is before


def test_without_a_limit_or_in_another_thread_nothing_is_interrupted():
    done: list[int] = []

    def work() -> None:
        with deadline(0.01):
            done.append(busy(0.05))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    with deadline(0):
        done.append(busy(0.05))
    assert len(done) == 2

from __future__ import annotations

import threading

from newscrawl.session.heartbeat import Heartbeat


def test_it_beats_while_the_thread_that_began_it_does_something_else():
    beats: list[str] = []
    enough = threading.Event()

    def renew(done):
        beats.append(threading.current_thread().name)
        if len(beats) == 3:
            enough.set()
        done()

    heart = Heartbeat(renew, 0.001)
    heart.start()
    assert enough.wait(30)
    heart.stop()
    assert set(beats) == {"newscrawl-heartbeat"}


def test_a_renewal_that_is_not_done_is_not_asked_for_again():
    asked: list[object] = []
    first = threading.Event()

    def renew(done):
        asked.append(done)
        first.set()

    heart = Heartbeat(renew, 0.001)
    heart.start()
    assert first.wait(30)
    heart.stop()
    assert len(asked) == 1


def test_one_that_never_began_can_be_stopped():
    Heartbeat(lambda _: None, 60).stop()

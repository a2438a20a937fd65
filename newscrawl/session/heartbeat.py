"""The heartbeat of a run: it renews the lease of its sites, whatever the reactor's thread does."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Heartbeat(threading.Thread):
    """Asks for a renewal every ``seconds``, and for the next one only when that is done.

    The thread that reads pages may be busy with one for seconds, and the lease would pass to
    another run. ``renew`` is given what to call when the renewal is done, from any thread.
    """

    def __init__(self, renew: Callable[[Callable[[], None]], None], seconds: float) -> None:
        super().__init__(name="newscrawl-heartbeat", daemon=True)
        self._renew = renew
        self._seconds = seconds
        self._ended = threading.Event()
        self._answered = threading.Event()
        self._answered.set()

    def run(self) -> None:
        while not self._ended.wait(self._seconds):
            if self._answered.is_set():
                self._answered.clear()
                self._renew(self._answered.set)

    def stop(self) -> None:
        """Ask for no more renewals; returns when none is being asked for."""
        self._ended.set()
        if self.is_alive():
            self.join()

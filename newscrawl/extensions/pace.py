"""How fast a crawl goes, and how much of it is likely to be left."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

WINDOW_SECONDS = 15.0
"""Over which the speed is taken."""
LONGEST_SECONDS = 300.0
"""Over which is taken how many pages a visit finds."""
FEWEST_VISITS = 20
"""Visits before anything is said of what is left."""
MOST_FOUND = 0.9
"""New pages a visit, from which on nobody can say when a crawl will end."""


class _Moment(NamedTuple):
    at: float
    visited: int
    known: int


class Pace:
    """Moments of a crawl, noted now and then.

    Each visit finds ``r`` pages more. Of ``n`` that wait, ``n / (1 - r)`` are left with all that
    they, and those in turn, are still to find: the total progeny of a branching process whose mean
    is below one.
    """

    def __init__(self, started: float) -> None:
        self._moments: deque[_Moment] = deque([_Moment(started, 0, 0)])

    def note(self, now: float, visited: int, known: int) -> None:
        """Note how many pages are visited and how many are known; ``now`` is in seconds."""
        self._moments.append(_Moment(now, visited, known))
        while len(self._moments) > 2 and now - self._moments[0].at > LONGEST_SECONDS:  # noqa: PLR2004 - two make a difference
            self._moments.popleft()

    @property
    def rate(self) -> float:
        """Pages a second, lately."""
        last = self._moments[-1]
        since = next((each for each in self._moments if last.at - each.at <= WINDOW_SECONDS), last)
        return (last.visited - since.visited) / max(last.at - since.at, 1e-9)

    def left(self, waiting: int) -> float | None:
        """How many pages are left if so many wait; ``None`` as long as nobody can know."""
        first, last = self._moments[0], self._moments[-1]
        visited = last.visited - first.visited
        if last.visited < FEWEST_VISITS or not visited:
            return None
        found = max(last.known - first.known, 0) / visited
        return waiting / (1 - found) if found < MOST_FOUND else None

"""When a page is visited again: dense while a story is young, then rarely, bounded."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from newscrawl.outcomes import Outcome

AGE_FACTOR = 0.5
GROWTH = 2.0
FAILURE_BASE_SECONDS = 3600.0

STORED = frozenset({Outcome.ARTICLE, Outcome.REVISION, Outcome.UNCHANGED, Outcome.DUPLICATE})


class RevisitPolicy(NamedTuple):
    """Bounds of the time between two visits, in seconds."""

    shortest: float
    longest: float

    def interval(
        self,
        outcome: Outcome,
        *,
        last: float | None,
        published: datetime | None,
        now: float,
        failures: int = 0,
    ) -> float | None:
        """Return the seconds until the next visit, ``None`` for never.

        A new article waits for half its age, a changed one for the shortest time,
        an unchanged one twice as long as ``last``; a failed page waits an hour,
        doubled with every further failure.
        """
        if outcome is Outcome.FAILED:
            return min(FAILURE_BASE_SECONDS * GROWTH ** min(failures, 30), self.longest)
        if outcome not in STORED:
            return None
        if outcome is Outcome.REVISION:
            return self.shortest
        if last is not None and outcome is Outcome.UNCHANGED:
            return self.grown(last)
        age = now - published.timestamp() if published is not None else 0.0
        return self._bounded(age * AGE_FACTOR)

    def grown(self, last: float) -> float:
        """Return the interval after ``last`` where nothing came of the visit."""
        return self._bounded(last * GROWTH)

    def _bounded(self, seconds: float) -> float:
        return max(self.shortest, min(seconds, self.longest))

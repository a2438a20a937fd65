"""Sites that are deferred: their host waits for longer than a run does, or they have no end."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.frontier.runs import ENDLESS, WAITING


class Deferral:
    """The sites of a run of which no more pages are handed out; these stay queued.

    ``endless`` are those that bring nothing new any more, each with the words for it.
    """

    def __init__(self, sites: Sequence[str]) -> None:
        self._sites = sites
        self._deferred: dict[str, str] = {}
        self.endless: dict[str, str] = {}

    def defer(self, site: str, why: str, *, endless: bool = False) -> bool:
        """Defer a site to a later run; return whether it was not deferred before."""
        if site in self._deferred:
            return False
        self._deferred[site] = why
        if endless:
            self.endless[site] = why
        return True

    @property
    def left(self) -> list[str]:
        """The sites that are not deferred."""
        return [site for site in self._sites if site not in self._deferred]

    @property
    def word(self) -> str:
        """How a run ends that has no site left: the next one goes on where one only waits."""
        return ENDLESS if len(self.endless) == len(self._deferred) else WAITING

    @property
    def reasons(self) -> str:
        """Why sites are deferred."""
        return "; ".join(self._deferred.values())

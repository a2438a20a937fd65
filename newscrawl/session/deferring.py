"""Sites that are deferred: their host waits for longer than a run does."""

from __future__ import annotations

from collections.abc import Sequence


class Deferral:
    """The sites of a run of which no more pages are handed out; these stay queued."""

    def __init__(self, sites: Sequence[str]) -> None:
        self._sites = sites
        self._deferred: dict[str, str] = {}

    def defer(self, site: str, why: str) -> bool:
        """Defer a site to a later run; return whether it was not deferred before."""
        if site in self._deferred:
            return False
        self._deferred[site] = why
        return True

    @property
    def left(self) -> list[str]:
        """The sites that are not deferred."""
        return [site for site in self._sites if site not in self._deferred]

    @property
    def reasons(self) -> str:
        """Why sites are deferred."""
        return "; ".join(self._deferred.values())

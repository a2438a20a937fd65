"""Whether any of the sitemaps that a robots.txt names leads to a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newscrawl.discovery.entries import SourceKind
from newscrawl.frontier.rows import Found
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome


class NamedSitemaps:
    """For each robots.txt the sitemaps that have not ended yet.

    What a sitemap leads to, by a redirect or as an index, takes its place.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, set[str]] = {}
        self._in_vain: set[str] = set()

    def begin(self, robots: str, sitemaps: Iterable[Found]) -> None:
        self._waiting[robots] = {row.identity for row in sitemaps} - self._in_vain

    def ended(self, visit: Visit) -> Iterator[str]:
        """Yield the robots.txt whose sitemaps have all ended without naming a page."""
        identity = visit.row.identity
        concerned = [robots for robots, rest in self._waiting.items() if identity in rest]
        further = {row.identity for row in visit.links if row.kind == SourceKind.SITEMAP}
        names_pages = len(visit.links) > len(further) or visit.outcome is Outcome.UNCHANGED
        self._in_vain.add(identity)
        for robots in concerned:
            if names_pages:
                del self._waiting[robots]
                continue
            rest = self._waiting[robots]
            rest |= further
            rest -= self._in_vain
            if not rest:
                del self._waiting[robots]
                yield robots

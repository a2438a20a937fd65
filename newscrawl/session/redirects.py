"""What a redirect leads to."""

from __future__ import annotations

from collections.abc import Collection

from newscrawl.addresses.traps import trap
from newscrawl.addresses.urls import site_of
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import found_at
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome


def follow_redirect(visit: Visit, location: str, sites: Collection[str]) -> None:
    """Give the target of a redirect its own row, unless it leaves the sites of the run."""
    row = visit.row
    caught = None if row.kind in SOURCES or not location else trap(location)
    if not location or site_of(location) not in sites or caught is not None:
        visit.outcome, visit.reason = Outcome.REFUSED, f"OutOfScope: {location}"
        return
    visit.links.append(
        found_at(
            location,
            kind=row.kind,
            way=Way.REDIRECT,
            depth=row.depth,
            priority=row.priority,
        )
    )

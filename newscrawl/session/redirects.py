"""What a redirect leads to."""

from __future__ import annotations

from newscrawl.addresses.admission import Gate
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Found
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome, TooManyRedirects


def follow_redirect(visit: Visit, location: str, gate: Gate) -> None:
    """Give the target of a redirect its own row, unless the gate refuses it."""
    row = visit.row
    admit = gate.admit_source if row.kind in SOURCES else gate.admit_target
    address = admit(location)
    if address is None:
        visit.outcome, visit.reason = Outcome.REFUSED, f"OutOfScope: {location}"
        return
    if address.identity == row.identity:  # a site that moved back
        visit.outcome, visit.reason = Outcome.FAILED, TooManyRedirects.__name__
        return
    visit.links.append(Found.at(address, row.kind, Way.REDIRECT, row.depth, row.priority))

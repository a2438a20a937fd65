"""What a redirect leads to."""

from __future__ import annotations

from newscrawl.addresses.admission import Gate
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Found
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome, TooManyRedirects

MAX_CHAIN = 20
"""Redirects in a row, as browsers have it (Fetch, 4.4: HTTP-redirect fetch)."""


def follow_redirect(visit: Visit, location: str, gate: Gate) -> None:
    """Give the target of a redirect its own row, unless the gate refuses it.

    The hops of a chain are counted in its rows, so that neither a kill nor a later run begins anew.
    """
    row = visit.row
    if row.hops >= MAX_CHAIN:
        visit.outcome, visit.reason = Outcome.FAILED, TooManyRedirects.__name__
        return
    admit = gate.admit_source if row.kind in SOURCES else gate.admit_target
    address = admit(location)
    if address is None:
        visit.outcome, visit.reason = Outcome.REFUSED, f"OutOfScope: {location}"
        return
    if address.identity == row.identity:  # a site that moved back
        visit.outcome, visit.reason = Outcome.FAILED, TooManyRedirects.__name__
        return
    target = Found.at(address, row.kind, Way.REDIRECT, row.depth, row.priority)
    visit.links.append(target._replace(hops=row.hops + 1))

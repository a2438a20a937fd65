"""Redirects that go round in a circle, each hop with a row of its own.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from newscrawl.addresses.address import identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.frontier.queueing import queue_again
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import ROW, Row
from newscrawl.frontier.visits import Visit, finish_rows
from newscrawl.outcomes import Outcome, TooManyRedirects
from newscrawl.store.schema import DONE, pages, visits

MAX_HOPS = 50
"""Hops of a circle; one that is longer is a chain."""
_CIRCULAR = TooManyRedirects.__name__
_HOP = select(*ROW, pages.c.outcome, pages.c.reason, pages.c.last_run).where(
    pages.c.identity == bindparam("key"), pages.c.state == DONE
)
_VISITS = (
    update(visits)
    .where(
        visits.c.run == bindparam("in_run"),
        visits.c.page.in_(bindparam("ids", expanding=True)),
        visits.c.outcome == Outcome.REDIRECTED.value,
    )
    .values(outcome=Outcome.FAILED.value, reason=_CIRCULAR)
)


class _Hop(NamedTuple):
    """A page of a circle, and the run that last saw it."""

    row: Row
    run: int


def break_circles(
    connection: Connection, run: int, done: Sequence[Visit], policy: RevisitPolicy, *, cycle: int
) -> tuple[list[Visit], int]:
    """Let all pages of each circle fail that one of these visits closes.

    A hop that was last seen before the run ``cycle`` began the walk is queued again first, since
    it may have changed. One that a run of this walk saw before it was cut off is not: its page
    fails, and the visit stays what it was. Return the visits of this run that have failed, and
    how many rows were queued.
    """
    broken: dict[int, Visit] = {}
    earlier: list[Visit] = []
    queued = 0
    for visit in done:
        if visit.outcome is Outcome.REDIRECTED and visit.row.id not in broken:
            circle, stale = _circle(connection, cycle, _Hop(visit.row, run), visit.reason)
            queued += queue_again(connection, stale, before=cycle) if stale else 0
            failures = max((hop.row.failures for hop in circle), default=0)
            for hop in circle:
                failed = _failed(hop.row, failures)
                if hop.run == run:
                    broken[hop.row.id] = failed
                else:
                    earlier.append(failed)
    if broken:
        finish_rows(connection, [*broken.values(), *earlier], policy)
        connection.execute(_VISITS, {"in_run": run, "ids": list(broken)})
    return list(broken.values()), queued


def _failed(row: Row, failures: int) -> Visit:
    """All have failed as often as the one that failed most: a redirect had set the others back to 0."""
    return Visit(row._replace(failures=failures), Outcome.FAILED, _CIRCULAR)


def _circle(
    connection: Connection, cycle: int, closing: _Hop, target: str | None
) -> tuple[list[_Hop], list[str]]:
    """Return the circle that a visit closes, and what has to be asked again for that."""
    hops = [closing]
    stale: list[str] = []
    key = _identity(target)
    while key != closing.row.identity:
        found = connection.execute(_HOP, {"key": key}).first() if key else None
        if found is None or len(hops) >= MAX_HOPS:
            return [], []
        *row, outcome, reason, last_run = found
        hops.append(_Hop(Row(*row), last_run))
        if last_run < cycle:
            stale.append(key)
        if outcome == Outcome.FAILED and reason == _CIRCULAR:
            return [], stale
        if outcome != Outcome.REDIRECTED:
            return [], []
        key = _identity(reason)
    return ([], stale) if stale else (hops, [])


def _identity(url: str | None) -> str:
    try:
        return identity(url or "")
    except UnfetchableURL:
        return ""

"""The two sums that have to hold at the end of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from newscrawl.frontier.visits import outcomes_of
from newscrawl.store.schema import DONE, ERASED, QUEUED, pages, runs


class Balance(NamedTuple):
    """Both checks of the ledger: rows by state, and a run's claims against its visits."""

    rows: int
    queued: int
    done: int
    erased: int
    claims: int
    visits: int
    released: int

    @property
    def holds(self) -> bool:
        rows = self.queued + self.done + self.erased
        return self.rows == rows and self.claims == self.visits + self.released


def balance(connection: Connection, run: int, sites: Sequence[str]) -> Balance:
    query = (
        select(pages.c.state, func.count()).where(pages.c.site.in_(sites)).group_by(pages.c.state)
    )
    states = {state: number for state, number in connection.execute(query)}  # noqa: C416 - as above
    claims, released = connection.execute(
        select(runs.c.claims, runs.c.released).where(runs.c.id == run)
    ).one()
    return Balance(
        rows=sum(states.values()),
        queued=states.get(QUEUED, 0),
        done=states.get(DONE, 0),
        erased=states.get(ERASED, 0),
        claims=claims,
        visits=sum(outcomes_of(connection, run).values()),
        released=released,
    )

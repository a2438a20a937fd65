"""What metrics ask of the ledger, in queries that stay cheap as it grows."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from newscrawl.store.schema import QUEUED, pages, runs, visits


class Ended(NamedTuple):
    """A run that has ended, with its visits by outcome."""

    id: int
    sites: list[str]
    finished: datetime
    reason: str
    outcomes: dict[str, int]


def ended_since(connection: Connection, moment: datetime | None) -> list[Ended]:
    """Return the runs that ended at a moment or after it, or all."""
    query = select(*(runs.c[name] for name in Ended._fields)).where(runs.c.finished.is_not(None))
    if moment is not None:
        query = query.where(runs.c.finished >= moment)
    return [Ended(*row) for row in connection.execute(query)]


def of_open_runs(connection: Connection) -> dict[tuple[str, str], int]:
    """Return how many visits runs at work have made so far, by site and outcome."""
    query = (
        select(pages.c.site, visits.c.outcome, func.count())
        .select_from(runs.join(visits).join(pages, visits.c.page == pages.c.id))
        .where(runs.c.finished.is_(None))
        .group_by(pages.c.site, visits.c.outcome)
    )
    return {(site, outcome): number for site, outcome, number in connection.execute(query)}


def queued(connection: Connection) -> dict[str, int]:
    """Return how many pages of each site wait to be claimed."""
    query = select(pages.c.site, func.count()).where(pages.c.state == QUEUED).group_by(pages.c.site)
    return {site: number for site, number in connection.execute(query)}  # noqa: C416 - dict() takes no rows

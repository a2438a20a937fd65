"""The ledger: a row for every URL ever discovered, an outcome for every visit.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Insert,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from newscrawl.outcomes import Outcome
from newscrawl.store.schema import CLAIMED, DONE, QUEUED, pages, runs, visits


class Found(NamedTuple):
    """A URL as it goes into the ledger; a negative priority waits for all others."""

    site: str
    identity: str
    url: str
    kind: str
    found_via: str
    depth: int
    priority: int


class Row(NamedTuple):
    """A claimed row of the ledger."""

    id: int
    site: str
    identity: str
    url: str
    kind: str
    found_via: str
    depth: int
    priority: int


@dataclass(slots=True)
class Visit:
    """One visit to a row, filled on its way from the scheduler to the outcome.

    ``outcome`` is ``None`` until it is known. A ``released`` visit has none: its
    row is queued again.
    """

    row: Row
    outcome: Outcome | None = None
    reason: str | None = None
    status: int | None = None
    attempts: int = 1
    article_id: str | None = None
    evidence: dict[str, Any] | None = None
    links: list[Found] = field(default_factory=list)
    parts: list[Found] = field(default_factory=list)
    items: int = 0
    exhausted: bool = False
    released: bool = False


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that leaves a row alone whose key is already there."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def begin_run(
    connection: Connection,
    *,
    spider: str,
    sites: Sequence[str],
    arguments: dict[str, Any],
    version: str,
) -> int:
    """Open a run; rows that a dead run of these sites had claimed are queued again."""
    connection.execute(
        update(pages)
        .where(pages.c.site.in_(sites), pages.c.state == CLAIMED)
        .values(state=QUEUED, claimed_by=None)
    )
    result = connection.execute(
        insert(runs).values(
            spider=spider,
            sites=list(sites),
            arguments=arguments,
            version=version,
            started=datetime.now(UTC),
        )
    )
    (run,) = result.inserted_primary_key or (None,)
    if run is None:
        raise RuntimeError("the database gave the new run no number")
    return int(run)


def has_open_rows(connection: Connection, sites: Sequence[str]) -> bool:
    """Whether an earlier run left rows that do not wait for the others."""
    query = select(pages.c.id).where(
        pages.c.site.in_(sites), pages.c.state == QUEUED, pages.c.priority >= 0
    )
    return connection.execute(query.limit(1)).first() is not None


def discover(
    connection: Connection,
    run: int,
    found: Sequence[Found],
    *,
    found_on: int | None = None,
    revisit: bool = False,
) -> int:
    """Add rows for URLs not yet in the ledger; return how many became queued.

    With ``revisit`` rows that are done are queued again.
    """
    if not found:
        return 0
    values = [
        {
            **link._asdict(),
            "found_on": found_on,
            "found_run": run,
            "state": QUEUED,
            "claims": 0,
        }
        for link in found
    ]
    queued = connection.execute(insert_ignoring(connection, pages), values).rowcount
    if revisit:
        again = (
            update(pages)
            .where(
                pages.c.identity.in_([link.identity for link in found]),
                pages.c.state == DONE,
            )
            .values(state=QUEUED)
        )
        queued += connection.execute(again).rowcount
    return queued


def claim(
    connection: Connection, run: int, sites: Sequence[str], limit: int, *, waiting: bool
) -> list[Row]:
    """Claim up to ``limit`` queued rows, best priority first, in turn over the sites.

    ``waiting`` claims only the rows that wait for all others.
    """
    share = max(1, limit // len(sites)) if sites else 0
    rows: list[Row] = []
    for site in sites:
        query = (
            select(*(pages.c[name] for name in Row._fields))
            .where(pages.c.site == site, pages.c.state == QUEUED)
            .where(pages.c.priority < 0 if waiting else pages.c.priority >= 0)
            .order_by(pages.c.priority.desc(), pages.c.id)
            .limit(share)
        )
        rows.extend(Row(*row) for row in connection.execute(query))
    if rows:
        connection.execute(
            update(pages)
            .where(pages.c.id.in_([row.id for row in rows]))
            .values(state=CLAIMED, claims=pages.c.claims + 1, claimed_by=run)
        )
        count_claims(connection, run, len(rows))
    return rows


def count_claims(connection: Connection, run: int, number: int) -> None:
    connection.execute(update(runs).where(runs.c.id == run).values(claims=runs.c.claims + number))


_FINISH = (
    update(pages)
    .where(pages.c.id == bindparam("page"))
    .values(
        state=DONE,
        claims=0,
        claimed_by=None,
        outcome=bindparam("last_outcome"),
        reason=bindparam("last_reason"),
        article_id=func.coalesce(bindparam("last_article"), pages.c.article_id),
    )
)


def finish(connection: Connection, run: int, visit: Visit) -> int:
    """Commit what became of a visit, its links and parts first; return how many rows became queued."""
    if visit.outcome is None:
        raise ValueError("a visit without an outcome is released, not finished")
    queued = discover(connection, run, visit.links, found_on=visit.row.id)
    at = datetime.now(UTC)
    connection.execute(
        _FINISH,
        {
            "page": visit.row.id,
            "last_outcome": visit.outcome.value,
            "last_reason": visit.reason,
            "last_article": visit.article_id,
        },
    )
    connection.execute(
        insert(visits),
        {
            "run": run,
            "page": visit.row.id,
            "at": at,
            "outcome": visit.outcome.value,
            "reason": visit.reason,
            "status": visit.status,
            "attempts": visit.attempts,
            "evidence": visit.evidence,
        },
    )
    if visit.parts:
        _finish_parts(connection, run, visit, at)
    return queued


def _finish_parts(connection: Connection, run: int, visit: Visit, at: datetime) -> None:
    """Give the parts of a split article their rows and outcomes, claimed and done at once."""
    discover(connection, run, visit.parts, found_on=visit.row.id)
    query = select(pages.c.id).where(
        pages.c.identity.in_([part.identity for part in visit.parts]),
        pages.c.state != CLAIMED,
    )
    ids = connection.execute(query).scalars().all()
    if not ids:
        return
    count_claims(connection, run, len(ids))
    connection.execute(
        _FINISH,
        [
            {
                "page": page,
                "last_outcome": Outcome.PART.value,
                "last_reason": None,
                "last_article": visit.article_id,
            }
            for page in ids
        ],
    )
    connection.execute(
        insert(visits),
        [
            {
                "run": run,
                "page": page,
                "at": at,
                "outcome": Outcome.PART.value,
                "reason": None,
                "status": visit.status,
                "attempts": 1,
                "evidence": None,
            }
            for page in ids
        ],
    )


def release(connection: Connection, run: int, rows: Sequence[Row]) -> int:
    """Queue claimed rows again that got no outcome in this run; return how many."""
    if not rows:
        return 0
    connection.execute(
        update(pages)
        .where(pages.c.id.in_([row.id for row in rows]), pages.c.claimed_by == run)
        .values(state=QUEUED, claims=pages.c.claims - 1, claimed_by=None)
    )
    connection.execute(
        update(runs).where(runs.c.id == run).values(released=runs.c.released + len(rows))
    )
    return len(rows)


def outcomes_of(connection: Connection, run: int) -> dict[str, int]:
    """Return the number of visits of a run by outcome."""
    query = (
        select(visits.c.outcome, func.count()).where(visits.c.run == run).group_by(visits.c.outcome)
    )
    return dict(connection.execute(query).tuples().all())


class Balance(NamedTuple):
    """Both checks of the ledger: rows by state, and a run's claims against its visits."""

    rows: int
    queued: int
    done: int
    claims: int
    visits: int
    released: int

    @property
    def holds(self) -> bool:
        return self.rows == self.queued + self.done and self.claims == self.visits + self.released


def balance(connection: Connection, run: int, sites: Sequence[str]) -> Balance:
    query = (
        select(pages.c.state, func.count()).where(pages.c.site.in_(sites)).group_by(pages.c.state)
    )
    states: dict[str, int] = dict(connection.execute(query).tuples().all())
    claims, released = connection.execute(
        select(runs.c.claims, runs.c.released).where(runs.c.id == run)
    ).one()
    return Balance(
        rows=sum(states.values()),
        queued=states.get(QUEUED, 0),
        done=states.get(DONE, 0),
        claims=claims,
        visits=sum(outcomes_of(connection, run).values()),
        released=released,
    )


def end_run(connection: Connection, run: int, reason: str) -> None:
    connection.execute(
        update(runs)
        .where(runs.c.id == run)
        .values(finished=datetime.now(UTC), reason=reason, outcomes=outcomes_of(connection, run))
    )

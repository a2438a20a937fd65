"""What the pages ask of the database that no command asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, func, select, text

from newscrawl.frontier.hosts import HostLimits, limits_of_hosts
from newscrawl.frontier.lease import is_alive, now
from newscrawl.history.accounts import ahead_of
from newscrawl.history.monitoring import of_open_runs
from newscrawl.history.statistics import Headline, latest
from newscrawl.search.index import State, state_of
from newscrawl.store.schema import articles, leases, pages, runs

MOST_SITES = 500
_NEWEST = text("SELECT article_id FROM search_rows ORDER BY id DESC LIMIT :number")


class SiteCount(NamedTuple):
    site: str
    articles: int
    copies: int


def sites(connection: Connection) -> list[str]:
    """Return the sites that articles are of, by jumps in an index, however many articles there are."""
    found: list[str] = []
    query = select(func.min(articles.c.site))
    after = connection.scalar(query)
    while after is not None and len(found) < MOST_SITES:
        found.append(after)
        after = connection.scalar(query.where(articles.c.site > after))
    return found


def site_counts(connection: Connection) -> list[SiteCount]:
    query = (
        select(articles.c.site, func.count(), func.count(articles.c.duplicate_of))
        .group_by(articles.c.site)
        .order_by(articles.c.site)
        .limit(MOST_SITES)
    )
    return [
        SiteCount(site, total - copies, copies) for site, total, copies in connection.execute(query)
    ]


def newest(connection: Connection, limit: int) -> Sequence[RowMapping | Headline]:
    """Return the articles stored last, by the index where there is one."""
    if state_of(connection) is not State.WHOLE:
        return latest(connection, [], limit)
    ids = connection.scalars(_NEWEST, {"number": limit}).all()
    query = select(articles).where(articles.c.id.in_(ids))
    by_id = {row["id"]: row for row in connection.execute(query).mappings()}
    return [by_id[key] for key in ids if key in by_id]


@dataclass(frozen=True, slots=True)
class UrlFilter:
    """Which rows of the ledger are shown; what is empty lets everything through."""

    site: str = ""
    state: str = ""
    outcome: str = ""
    reason: str = ""
    part: str = ""
    """Characters of the URL."""


def urls(
    connection: Connection, wanted: UrlFilter, *, limit: int, before: int | None
) -> Sequence[RowMapping]:
    """Return rows of the ledger, the latest found first."""
    query = select(pages).order_by(pages.c.id.desc()).limit(limit)
    for name in ("site", "state", "outcome"):
        if value := getattr(wanted, name):
            query = query.where(pages.c[name] == value)
    if wanted.reason:
        query = query.where(pages.c.reason.startswith(wanted.reason, autoescape=True))
    if wanted.part:
        query = query.where(pages.c.url.contains(wanted.part, autoescape=True))
    if before is not None:
        query = query.where(pages.c.id < before)
    return connection.execute(query).mappings().all()


class AtWork(NamedTuple):
    """A run that has not ended; without a lease that lives nobody works on it."""

    run: RowMapping
    is_alive: bool
    where: str
    outcomes: dict[str, int]
    pages: int
    tag_pages: int


def at_work(connection: Connection) -> Iterator[AtWork]:
    """Yield the runs that have not ended."""
    visited = of_open_runs(connection)
    at = now(connection)
    held = {lease.run: lease for lease in connection.execute(select(leases))}
    query = select(runs).where(runs.c.finished.is_(None)).order_by(runs.c.id.desc()).limit(100)
    for run in connection.execute(query).mappings():
        outcomes: dict[str, int] = {}
        for (site, outcome), number in visited.items():
            if site in run["sites"]:
                outcomes[outcome] = outcomes.get(outcome, 0) + number
        lease = held.get(run["id"])
        ahead = ahead_of(connection, run["sites"])
        yield AtWork(
            run,
            lease is not None and is_alive(lease, at),
            "" if lease is None else f"{lease.host}, process {lease.pid}",
            outcomes,
            ahead.pages,
            ahead.tag_pages,
        )


def limits(connection: Connection) -> list[HostLimits]:
    """Return what hosts have asked for."""
    return sorted(limits_of_hosts(connection).values())

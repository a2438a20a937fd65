"""What the commands ask of the ledger and the dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, func, select, true, update

from newscrawl.frontier import lease
from newscrawl.outcomes import RobotsForbidden
from newscrawl.store.schema import (
    DONE,
    ERASED,
    QUEUED,
    articles,
    pages,
    revisions,
    runs,
    visits,
)


def latest_runs(
    connection: Connection, limit: int, *, before: int | None = None
) -> Sequence[RowMapping]:
    """Return runs, newest first; with ``before`` those that began before that one."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(runs.c.id < before)
    return connection.execute(query).mappings().all()


class StoryFacts(NamedTuple):
    """What of an article matters for the story that it tells."""

    id: str
    url: str
    site: str
    canonical_url: str
    published: datetime | None
    content_hash: str
    duplicate_of: str | None
    duplicate_kind: str | None
    source_url: str | None
    source_name: str | None
    first_seen: datetime
    last_seen: datetime


def told(connection: Connection) -> Iterator[StoryFacts]:
    """Yield all articles of all sites, copies too, by id."""
    query = (
        select(*(articles.c[name] for name in StoryFacts._fields))
        .order_by(articles.c.id)
        .execution_options(yield_per=1000)
    )
    return (StoryFacts(*row) for row in connection.execute(query))


def known_sites(connection: Connection) -> Sequence[str]:
    return (
        connection.execute(select(pages.c.site).distinct().order_by(pages.c.site)).scalars().all()
    )


def forbidden_by_robots(connection: Connection, site: str) -> int:
    """Return the number of known pages that robots.txt keeps from being fetched."""
    query = (
        select(func.count())
        .select_from(pages)
        .where(pages.c.site == site, pages.c.reason == RobotsForbidden.__name__)
    )
    return connection.execute(query).scalar_one()


def evidence_of(connection: Connection, site: str, kind: str, name: str) -> Any:
    """Return what the last visit to a page of a kind noted under ``name``, or ``None``."""
    query = (
        select(visits.c.evidence)
        .join(pages, pages.c.id == visits.c.page)
        .where(pages.c.site == site, pages.c.kind == kind)
        .order_by(visits.c.id.desc())
    )
    for evidence in connection.execute(query).scalars():
        if evidence and name in evidence:
            return evidence[name]
    return None


def forget(connection: Connection, *, identity: str | None = None, site: str | None = None) -> int:
    """Queue pages to be crawled again as if for the first time; return how many.

    What was stored of them stays until they are crawled again.

    Raises:
        SiteLocked: a run is crawling the site.
        ValueError: the page was erased; of a site such pages are passed over.
    """
    chosen = pages.c.site == site if site is not None else pages.c.identity == identity
    sites = connection.execute(select(pages.c.site).where(chosen).distinct()).scalars().all()
    lease.holders(connection, sites)
    erased = select(pages.c.url).where(pages.c.identity == identity, pages.c.state == ERASED)
    if (url := connection.execute(erased).scalar()) is not None:
        raise ValueError(f"{url} was erased, and that is for good: it is not crawled again")
    return connection.execute(
        update(pages)
        .where(chosen, pages.c.state == DONE)
        .values(state=QUEUED, claims=0, failures=0, etag=None, last_modified=None, interval=None)
    ).rowcount


class ArticleCounts(NamedTuple):
    """Rows of ``articles`` that are originals and copies, and revisions before the present ones."""

    originals: int
    copies: int
    earlier_revisions: int


def count_articles(connection: Connection, sites: Sequence[str] = ()) -> ArticleCounts:
    """Count what is stored of some sites, of all where none is named."""
    of_sites = articles.c.site.in_(sites) if sites else true()
    rows = select(func.count(), func.count(articles.c.duplicate_of)).where(of_sites)
    total, copies = connection.execute(rows).one()
    earlier = (
        select(func.count())
        .select_from(revisions)
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(of_sites)
    )
    return ArticleCounts(total - copies, copies, connection.execute(earlier).scalar_one())

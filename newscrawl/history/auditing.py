"""What an audit of a site asks of the ledger and the dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Function, and_, case, func, not_, or_, select

from newscrawl.addresses.address import identity
from newscrawl.discovery.entries import SOURCES, SourceKind
from newscrawl.discovery.links import LINKED, LISTED, PUBLISHED, Way
from newscrawl.history.queries import ArticleCounts, count_articles, evidence_of
from newscrawl.outcomes import NotASource, Outcome
from newscrawl.store.schema import CLAIMED, ERASED, QUEUED, articles, pages


class PageFacts(NamedTuple):
    """What the ledger and the dataset know of one page; date and sections are of its article.

    ``is_stored`` says that there is an article of it, ``is_own`` that this has its text: it is no
    other address of a page that has.
    """

    url: str
    ways: int
    state: str
    outcome: str | None
    reason: str | None
    lastmod: str | None
    published: datetime | None
    sections: list[str] | None
    is_stored: bool
    is_own: bool


_OUTCOME = PageFacts._fields.index("outcome")


class FoundBy(NamedTuple):
    """Where an article was found: on listings, by other articles, in what the site publishes."""

    listed: bool
    linked: bool
    published: bool


class UnreadSource(NamedTuple):
    """A sitemap, feed or page of the API that may name pages nobody knows of."""

    kind: str
    url: str
    why: str
    """``queued``, or outcome and reason of the last visit."""


class SiteFacts(NamedTuple):
    """All that an audit counts; ``pages`` are read as they are asked for.

    ``asked`` is how many sources are known, ``unvisited`` how many pages nobody has looked at
    yet, but for those that wait for all others, ``strays`` those of them that no source names.
    ``found_by`` are of originals.
    """

    site: str
    counts: ArticleCounts
    found_by: Counter[FoundBy]
    asked: int
    unread: Sequence[UnreadSource]
    unvisited: int
    strays: int
    api_total: int | None
    pages: Iterator[PageFacts]


def site_facts(connection: Connection, site: str) -> SiteFacts:
    is_source = pages.c.site == site, pages.c.kind.in_(SOURCES), pages.c.state != ERASED
    unvisited, strays = _unvisited(connection, site)
    return SiteFacts(
        site=site,
        counts=count_articles(connection, [site]),
        found_by=_found_by(connection, site),
        asked=connection.execute(select(func.count()).where(*is_source)).scalar_one(),
        unread=_unread(connection, site),
        unvisited=unvisited,
        strays=strays,
        api_total=evidence_of(connection, site, SourceKind.API, "total"),
        pages=_pages(connection, site),
    )


def _unvisited(connection: Connection, site: str) -> tuple[int, int]:
    named = func.count(case((pages.c.ways.bitwise_and(int(PUBLISHED)) != 0, 1)))
    query = select(func.count(), named).where(
        pages.c.site == site,
        pages.c.kind.not_in(SOURCES),
        pages.c.outcome.is_(None),
        pages.c.state.in_((QUEUED, CLAIMED)),
        pages.c.priority >= 0,
    )
    unvisited, by_sources = connection.execute(query).one()
    return unvisited, unvisited - by_sources


def _unread(connection: Connection, site: str) -> list[UnreadSource]:
    """Return the sources that were not read at their last visit, or had none.

    What has turned out to be no source names nothing.
    """
    is_unread = or_(
        pages.c.outcome.is_(None),
        pages.c.outcome == Outcome.FAILED.value,
        and_(
            pages.c.outcome == Outcome.REFUSED.value,
            not_(func.coalesce(pages.c.reason, "") == NotASource.__name__),
        ),
    )
    query = (
        select(pages.c.kind, pages.c.url, pages.c.outcome, pages.c.reason)
        .where(pages.c.site == site, pages.c.kind.in_(SOURCES), pages.c.state != ERASED, is_unread)
        .order_by(pages.c.kind, pages.c.depth, pages.c.id)
    )
    return [
        UnreadSource(kind, url, ": ".join(filter(None, (outcome, reason))) or QUEUED)
        for kind, url, outcome, reason in connection.execute(query)
    ]


def _found_by(connection: Connection, site: str) -> Counter[FoundBy]:
    """Return how many originals were found where, by any of their pages."""
    by_article = (
        select(_found(LISTED), _found(LINKED), _found(PUBLISHED))
        .select_from(pages)
        .join(articles, articles.c.id == pages.c.article_id)
        .where(pages.c.site == site, articles.c.duplicate_of.is_(None))
        .group_by(articles.c.id)
        .subquery()
    )
    query = select(*by_article.c, func.count()).group_by(*by_article.c)
    return Counter({FoundBy(*map(bool, found)): n for *found, n in connection.execute(query)})


def _found(ways: Way) -> Function[int]:
    return func.max(case((pages.c.ways.bitwise_and(int(ways)) != 0, 1), else_=0))


def _pages(connection: Connection, site: str) -> Iterator[PageFacts]:
    """Yield the pages of a site; sitemaps and their like are none."""
    query = (
        select(
            pages.c.url,
            pages.c.ways,
            pages.c.state,
            pages.c.outcome,
            pages.c.reason,
            pages.c.lastmod,
            articles.c.published,
            articles.c.sections,
            pages.c.identity,
            articles.c.url,
        )
        .outerjoin(articles, articles.c.id == pages.c.article_id)
        .where(pages.c.site == site, pages.c.kind.not_in(SOURCES))
        .execution_options(yield_per=1000)
    )
    for *facts, key, own_url in connection.execute(query):
        is_stored = own_url is not None and facts[_OUTCOME] != Outcome.PART
        yield PageFacts._make([*facts, is_stored, is_stored and key == identity(own_url)])

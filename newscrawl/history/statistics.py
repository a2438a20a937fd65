"""What a report asks of the ledger and the dataset: counts, and the pages at their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Text,
    case,
    cast,
    func,
    select,
    true,
    type_coerce,
)

from newscrawl.frontier.runs import NO_WALKS
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.store.schema import articles, coverage, pages, runs, visits

_NOT_OF_THE_PAGE = frozenset(
    {
        *("id", "url", "canonical_url", "site", "published_raw", "html", "word_count"),
        *("confidence", "doubts", "content_hash", "revision_hash", "duplicate_of"),
        *("duplicate_kind", "similarity", "revision", "first_seen", "last_seen", "found_via"),
        *("provenance", "extra"),
    }
)
"""What an article always has, what is said of it, and what repeats another field."""
FIELDS = tuple(each.name for each in fields(Article) if each.name not in _NOT_OF_THE_PAGE)
"""What a page may say and may leave out."""
_LAST = 100
"""Dates that are compared for the newest; offsets differ by a day at most."""


class ArticleFacts(NamedTuple):
    """One stored article as it counts.

    ``hour`` is the beginning of its date as the page wrote it (``2025-03-09T14``), empty where
    the date is unknown. ``extra`` are fields of a user's own.
    """

    site: str
    hour: str
    sections: list[str]
    found_via: str
    duplicate_kind: str | None
    revision: int
    language: str | None
    confidence: float | None
    extra: dict[str, Any]


class PageFact(NamedTuple):
    """One page at an end of a list."""

    url: str
    outcome: str
    reason: str | None
    status: int | None
    seconds: float | None
    failures: int


class RunFacts(NamedTuple):
    """One run; ``hosts`` are the gaps of :mod:`newscrawl.politeness.gaps`."""

    id: int
    spider: str
    sites: list[str]
    started: datetime
    finished: datetime | None
    reason: str | None
    outcomes: dict[str, int] | None
    peak_rss_mb: int | None
    hosts: dict[str, dict[str, Any]] | None
    alarms: list[str] | None
    account: dict[str, Any] | None
    arguments: dict[str, Any]


class CoverageFacts(NamedTuple):
    """What one run gave the fields of a site: rules with numbers, by field."""

    run: int
    site: str
    articles: int
    fields: dict[str, dict[str, Sequence[Any]]]


def article_facts(connection: Connection, sites: Sequence[str]) -> Iterator[ArticleFacts]:
    hour = func.coalesce(func.substr(type_coerce(articles.c.published, Text), 1, 13), "")
    query = (
        select(
            articles.c.site,
            hour,
            articles.c.sections,
            articles.c.found_via,
            articles.c.duplicate_kind,
            articles.c.revision,
            articles.c.language,
            articles.c.confidence,
            articles.c.extra,
        )
        .where(_of(articles.c.site, sites))
        .execution_options(yield_per=1000)
    )
    return (ArticleFacts(*row) for row in connection.execute(query))


def run_facts(connection: Connection, sites: Sequence[str], limit: int) -> list[RunFacts]:
    """Return the last runs of these sites, newest first; of all where none is named."""
    query = select(*(runs.c[name] for name in RunFacts._fields)).order_by(runs.c.id.desc())
    found = (RunFacts(*row) for row in connection.execute(query))
    wanted = (run for run in found if not sites or not set(sites).isdisjoint(run.sites))
    return [run for run, _ in zip(wanted, range(limit), strict=False)]


def last_walks(connection: Connection, sites: Sequence[str]) -> list[RunFacts]:
    """Return the runs that were the last to crawl one of these sites, newest first."""
    query = (
        select(*(runs.c[name] for name in RunFacts._fields))
        .where(runs.c.spider.not_in(NO_WALKS))
        .order_by(runs.c.id.desc())
    )
    wanted, found = set(sites), []
    for row in connection.execute(query):
        if not wanted:
            break
        run = RunFacts(*row)
        if not wanted.isdisjoint(run.sites):
            found.append(run)
            wanted.difference_update(run.sites)
    return found


def newest(connection: Connection, sites: Sequence[str]) -> datetime | None:
    """Return when the newest article was published, ``None`` where no date is known.

    Dates are text with an offset each: the newest is among those that are the last as text.
    """
    published = articles.c.published
    query = (
        select(published)
        .where(_of(articles.c.site, sites), published.is_not(None))
        .order_by(type_coerce(published, Text).desc())
        .limit(_LAST)
    )
    return max(map(as_instant, connection.execute(query).scalars()), default=None)


def as_instant(moment: datetime) -> datetime:
    """Return a moment in UTC; one without an offset is there already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Filled(NamedTuple):
    """Of how many articles of a site each field is known; copies are left out."""

    site: str
    articles: int
    fields: dict[str, int]


def filled(connection: Connection, sites: Sequence[str]) -> list[Filled]:
    """Count in how many articles there is a value, by field and site, the largest site first."""
    query = (
        select(
            articles.c.site,
            func.count(),
            *(func.count(case((_has_value(name), 1))) for name in FIELDS),
        )
        .where(_of(articles.c.site, sites), articles.c.duplicate_of.is_(None))
        .group_by(articles.c.site)
        .order_by(func.count().desc(), articles.c.site)
    )
    return [
        Filled(site, number, dict(zip(FIELDS, numbers, strict=True)))
        for site, number, *numbers in connection.execute(query)
    ]


def _has_value(name: str) -> ColumnElement[bool]:
    column = articles.c[name]
    if isinstance(column.type, JSON):
        return func.coalesce(cast(column, Text), "[]").not_in(("[]", "{}", "null"))
    if isinstance(column.type, Text):
        return func.coalesce(column, "") != ""
    return column.is_not(None)


def coverage_facts(
    connection: Connection, sites: Sequence[str], chosen: Sequence[int]
) -> list[CoverageFacts]:
    query = (
        select(coverage.c.run, coverage.c.site, coverage.c.articles, coverage.c.fields)
        .where(coverage.c.run.in_(chosen), _of(coverage.c.site, sites))
        .order_by(coverage.c.run)
    )
    return [CoverageFacts(*row) for row in connection.execute(query)]


def states(connection: Connection, sites: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return the number of known pages by state and last outcome (empty before the first)."""
    query = (
        select(pages.c.state, func.coalesce(pages.c.outcome, ""), func.count())
        .where(_of(pages.c.site, sites))
        .group_by(pages.c.state, pages.c.outcome)
        .order_by(pages.c.state, func.coalesce(pages.c.outcome, ""))
    )
    return {(state, outcome): number for state, outcome, number in connection.execute(query)}


def slowest(connection: Connection, sites: Sequence[str], limit: int) -> list[PageFact]:
    """Return the pages whose answers took longest, once each."""
    seconds = func.max(visits.c.seconds).label("seconds")
    query = (
        select(
            pages.c.url,
            pages.c.outcome,
            pages.c.reason,
            func.max(visits.c.status),
            seconds,
            pages.c.failures,
        )
        .join(visits, visits.c.page == pages.c.id)
        .where(_of(pages.c.site, sites), visits.c.seconds.is_not(None))
        .group_by(pages.c.id)
        .order_by(seconds.desc(), pages.c.url)
        .limit(limit)
    )
    return [PageFact(*row) for row in connection.execute(query)]


def failing(connection: Connection, sites: Sequence[str], limit: int) -> list[PageFact]:
    """Return the pages whose last visit failed, those that failed most often in a row first."""
    earlier = visits.alias()
    last = (
        select(func.max(earlier.c.id))
        .where(earlier.c.page == pages.c.id)
        .correlate(pages)
        .scalar_subquery()
    )
    query = (
        select(
            pages.c.url,
            pages.c.outcome,
            pages.c.reason,
            visits.c.status,
            visits.c.seconds,
            pages.c.failures,
        )
        .select_from(pages)
        .join(visits, visits.c.id == last)
        .where(_of(pages.c.site, sites), pages.c.outcome == Outcome.FAILED.value)
        .order_by(pages.c.failures.desc(), pages.c.url)
        .limit(limit)
    )
    return [PageFact(*row) for row in connection.execute(query)]


class Headline(NamedTuple):
    """One of the articles stored last."""

    url: str
    headline: str
    sections: list[str]
    published: datetime | None
    first_seen: datetime | None
    duplicate_kind: str | None


def latest(connection: Connection, sites: Sequence[str], limit: int) -> list[Headline]:
    """Return the articles stored last, newest first."""
    query = (
        select(*(articles.c[name] for name in Headline._fields))
        .where(_of(articles.c.site, sites))
        .order_by(articles.c.first_seen.desc(), articles.c.id)
        .limit(limit)
    )
    return [Headline(*row) for row in connection.execute(query)]


class DoubtfulFact(NamedTuple):
    """An article of whose text hardly anything is sure; ``doubts`` say why."""

    url: str
    headline: str
    confidence: float
    doubts: list[str]


def doubtful(connection: Connection, sites: Sequence[str], limit: int) -> list[DoubtfulFact]:
    """Return the articles whose text is doubtful, the least sure first; copies are left out."""
    query = (
        select(*(articles.c[name] for name in DoubtfulFact._fields))
        .where(
            _of(articles.c.site, sites),
            articles.c.confidence < DOUBTFUL,
            articles.c.duplicate_of.is_(None),
        )
        .order_by(articles.c.confidence, articles.c.id)
        .limit(limit)
    )
    return [DoubtfulFact(*row) for row in connection.execute(query)]


def _of(column: ColumnElement[str], sites: Sequence[str]) -> ColumnElement[bool]:
    return column.in_(sites) if sites else true()

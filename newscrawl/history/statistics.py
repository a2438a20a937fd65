"""What a report asks of the ledger and the dataset: counts, and the pages at their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, func, select, true, type_coerce

from newscrawl.outcomes import Outcome
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.store.schema import articles, coverage, pages, runs, visits


class ArticleFacts(NamedTuple):
    """One stored article as it counts; ``month`` is empty where its date is unknown."""

    month: str
    sections: list[str]
    found_via: str
    duplicate_kind: str | None
    revision: int
    language: str | None
    confidence: float | None


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


class CoverageFacts(NamedTuple):
    """What one run gave the fields of a site: rules with numbers, by field."""

    run: int
    site: str
    articles: int
    fields: dict[str, dict[str, Sequence[Any]]]


def article_facts(connection: Connection, sites: Sequence[str]) -> Iterator[ArticleFacts]:
    month = func.coalesce(func.substr(type_coerce(articles.c.published, Text), 1, 7), "")
    query = (
        select(
            month,
            articles.c.sections,
            articles.c.found_via,
            articles.c.duplicate_kind,
            articles.c.revision,
            articles.c.language,
            articles.c.confidence,
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

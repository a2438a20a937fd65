"""The figures of a report, from the database into plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.history import statistics
from newscrawl.history.accounts import Ahead, ahead_of, due_of
from newscrawl.history.auditing import site_facts
from newscrawl.history.coverage import MISSING
from newscrawl.history.explaining import Explanation, explain
from newscrawl.history.queries import count_articles, known_sites, told
from newscrawl.history.statistics import (
    ArticleFacts,
    CoverageFacts,
    DoubtfulFact,
    Filled,
    Headline,
    PageFact,
    RunFacts,
)
from newscrawl.outcomes import Outcome
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.report.audit import UNKNOWN, Audit, audit
from newscrawl.report.stories import Edge, Stories
from newscrawl.store.schema import CLAIMED, ERASED, QUEUED

RUNS = 60
"""Runs that a report shows."""
ROWS = 100
"""Rows of the longer tables."""
NONE = "none"
_EMPTY: tuple[Any, ...] = (None, "", [], {})


class Covered(NamedTuple):
    """The share of the articles of a run that had a field."""

    run: int
    field: str
    share: float


class HostGaps(NamedTuple):
    """The gaps of a host in a run, in seconds; ``mean`` and ``least`` are measured."""

    run: int
    host: str
    requests: int
    promised: float
    mean: float | None
    least: float | None
    short: int
    slow_downs: int


class Walk(NamedTuple):
    """The last run over some of the sites, what the next one has before it, and what is due again.

    ``next_due`` is when one page more will be due (ISO 8601).
    """

    run: RunFacts
    sites: Sequence[str]
    ahead: Ahead
    due: int
    next_due: str | None


@dataclass(slots=True)
class Articles:
    """Stored articles, counted several ways."""

    total: int = 0
    copies: Counter[str] = field(default_factory=Counter)
    revised: int = 0
    doubtful: int = 0
    """Those whose text is hardly sure; copies are not counted."""
    unweighed: int = 0
    """Those whose text was never weighed; the same."""
    found_via: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)
    hours: Counter[datetime] = field(default_factory=Counter)
    """Originals by the hour of publication, as their pages write it."""
    undated: int = 0
    """Originals whose date is unknown."""
    own: defaultdict[str, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    """Originals with a value in a field of a user's own, by site."""

    @property
    def originals(self) -> int:
        return self.total - self.copies.total()

    def add(self, article: ArticleFacts) -> None:
        self.total += 1
        self.revised += article.revision > 1
        if article.duplicate_kind is not None:
            self.copies[article.duplicate_kind] += 1
            return
        self.unweighed += article.confidence is None
        self.doubtful += article.confidence is not None and article.confidence < DOUBTFUL
        self.found_via[article.found_via or UNKNOWN] += 1
        self.languages[article.language or UNKNOWN] += 1
        self.sections[article.sections[0] if article.sections else NONE] += 1
        self.undated += not article.hour
        if article.hour:
            self.hours[datetime.fromisoformat(f"{article.hour}:00")] += 1
        self.own[article.site].update(
            name for name, value in article.extra.items() if value not in _EMPTY
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report shows at the moment ``made``; runs are newest first.

    ``walks`` are the runs that were the last to crawl one of the sites, each with what it has
    before it. ``explained`` has all that is known of the pages in the tables, by URL.
    """

    made: datetime
    sites: Sequence[Audit]
    articles: Articles
    filled: Sequence[Filled]
    newest: datetime | None
    revisions: int
    queued: int
    done: Counter[str]
    runs: Sequence[RunFacts]
    walks: Sequence[Walk]
    coverage: Sequence[Covered]
    syndication: Sequence[Edge]
    gaps: Sequence[HostGaps]
    latest: Sequence[Headline]
    doubtful: Sequence[DoubtfulFact]
    slowest: Sequence[PageFact]
    failing: Sequence[PageFact]
    explained: Mapping[str, Explanation]

    @property
    def known(self) -> int:
        return self.queued + sum(self.done.values())

    @property
    def failed(self) -> int:
        return self.done[Outcome.FAILED]


def figures(connection: Connection, sites: Sequence[str]) -> Figures:
    """Count what is stored of some sites, of all where none is named."""
    articles = Articles()
    for article in statistics.article_facts(connection, sites):
        articles.add(article)
    states = statistics.states(connection, sites)
    runs = statistics.run_facts(connection, sites, RUNS)
    coverage = statistics.coverage_facts(connection, sites, [run.id for run in runs])
    chosen = sites or known_sites(connection)
    edges = _edges(connection, sites)
    latest = statistics.latest(connection, sites, ROWS)
    doubtful = statistics.doubtful(connection, sites, ROWS)
    slowest = statistics.slowest(connection, sites, ROWS)
    failing = statistics.failing(connection, sites, ROWS)
    shown = [each.url for rows in (latest, doubtful, slowest, failing) for each in rows]
    return Figures(
        made=datetime.now(UTC),
        sites=[audit(site_facts(connection, site)) for site in chosen],
        articles=articles,
        filled=statistics.filled(connection, sites),
        newest=statistics.newest(connection, sites),
        revisions=count_articles(connection, sites).earlier_revisions,
        queued=sum(number for (state, _), number in states.items() if state in {QUEUED, CLAIMED}),
        done=_done(states),
        runs=runs,
        walks=_walks(connection, chosen),
        coverage=covered(coverage),
        syndication=edges,
        gaps=gaps(runs),
        latest=latest,
        doubtful=doubtful,
        slowest=slowest,
        failing=failing,
        explained=_explained(connection, [*shown, *(each.example_url for each in edges)]),
    )


def _done(states: Mapping[tuple[str, str], int]) -> Counter[str]:
    done: Counter[str] = Counter()
    for (state, outcome), number in states.items():
        if state not in {QUEUED, CLAIMED, ERASED}:
            done[outcome] += number
    return done


def _walks(connection: Connection, sites: Sequence[str]) -> list[Walk]:
    found = []
    for run in statistics.last_walks(connection, sites):
        own = [site for site in run.sites if site in sites]
        found.append(Walk(run, own, ahead_of(connection, own), *due_of(connection, own)))
    return found


def _explained(connection: Connection, urls: Iterable[str]) -> dict[str, Explanation]:
    found = {}
    for url in dict.fromkeys(urls):
        with suppress(UnfetchableURL):
            found[url] = explain(connection, url)
    return found


def _edges(connection: Connection, sites: Sequence[str]) -> list[Edge]:
    edges = Stories(partial(told, connection)).edges()
    return [edge for edge in edges if not sites or edge.carrier in sites][:ROWS]


def covered(facts: Iterable[CoverageFacts]) -> list[Covered]:
    """Return the share of each field in each run, over all its sites."""
    articles: Counter[int] = Counter()
    without: defaultdict[tuple[int, str], int] = defaultdict(int)
    for each in facts:
        articles[each.run] += each.articles
        for name, rules in each.fields.items():
            without[each.run, name] += rules[MISSING][0] if MISSING in rules else 0
    return [
        Covered(run, name, 1 - missing / articles[run])
        for (run, name), missing in sorted(without.items())
        if articles[run]
    ]


def gaps(runs: Iterable[RunFacts]) -> list[HostGaps]:
    return [
        HostGaps._make((run.id, host, *(kept.get(name) for name in HostGaps._fields[2:])))
        for run in runs
        for host, kept in sorted((run.hosts or {}).items())
    ]

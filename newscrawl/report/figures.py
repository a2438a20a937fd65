"""The figures of a report, from the database into plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from newscrawl.history import statistics
from newscrawl.history.auditing import site_facts
from newscrawl.history.coverage import MISSING
from newscrawl.history.queries import count_articles, known_sites, told
from newscrawl.history.statistics import (
    ArticleFacts,
    CoverageFacts,
    DoubtfulFact,
    Headline,
    PageFact,
    RunFacts,
)
from newscrawl.outcomes import Outcome
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.report.audit import ANY, audit
from newscrawl.report.stories import Edge, Stories
from newscrawl.store.schema import CLAIMED, ERASED, QUEUED

RUNS = 60
"""Runs that a report shows."""
SECTIONS = 9
"""Sections that have a colour of their own."""
ROWS = 100
"""Rows of the longer tables."""
OTHERS = "all others"
NONE = "none"


class Covered(NamedTuple):
    """The share of the articles of a run that had a field."""

    run: int
    field: str
    share: float


class SiteTotal(NamedTuple):
    """How much of a site is stored; ``recall`` is against the site's own lists."""

    site: str
    articles: int
    copies: int
    recall: float | None
    only_links: int


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
    by_month: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, article: ArticleFacts) -> None:
        self.total += 1
        if article.duplicate_kind is not None:
            self.copies[article.duplicate_kind] += 1
        else:
            self._weigh(article.confidence)
        self.revised += article.revision > 1
        self.found_via[article.found_via] += 1
        self.languages[article.language or "unknown"] += 1
        section = article.sections[0] if article.sections else NONE
        self.by_month[article.month or "unknown", section] += 1

    def _weigh(self, confidence: float | None) -> None:
        self.unweighed += confidence is None
        self.doubtful += confidence is not None and confidence < DOUBTFUL

    @property
    def sections(self) -> list[tuple[str, str, int]]:
        """Articles by month and section; small sections are one."""
        sizes: Counter[str] = Counter()
        for (_, section), number in self.by_month.items():
            sizes[section] += number
        shown = {section for section, _ in sizes.most_common(SECTIONS)}
        folded: Counter[tuple[str, str]] = Counter()
        for (month, section), number in self.by_month.items():
            folded[month, section if section in shown else OTHERS] += number
        return [(month, section, number) for (month, section), number in sorted(folded.items())]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report shows; runs are newest first."""

    sites: Sequence[SiteTotal]
    articles: Articles
    revisions: int
    queued: int
    done: Counter[str]
    runs: Sequence[RunFacts]
    coverage: Sequence[Covered]
    syndication: Sequence[Edge]
    gaps: Sequence[HostGaps]
    latest: Sequence[Headline]
    doubtful: Sequence[DoubtfulFact]
    slowest: Sequence[PageFact]
    failing: Sequence[PageFact]

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
    done: Counter[str] = Counter()
    for (state, outcome), number in states.items():
        if state not in {QUEUED, CLAIMED, ERASED}:
            done[outcome] += number
    runs = statistics.run_facts(connection, sites, RUNS)
    coverage = statistics.coverage_facts(connection, sites, [run.id for run in runs])
    return Figures(
        sites=[_total(connection, site) for site in sites or known_sites(connection)],
        articles=articles,
        revisions=count_articles(connection, sites).earlier_revisions,
        queued=sum(number for (state, _), number in states.items() if state in {QUEUED, CLAIMED}),
        done=done,
        runs=runs,
        coverage=covered(coverage),
        syndication=_edges(connection, sites),
        gaps=gaps(runs),
        latest=statistics.latest(connection, sites, ROWS),
        doubtful=statistics.doubtful(connection, sites, ROWS),
        slowest=statistics.slowest(connection, sites, ROWS),
        failing=statistics.failing(connection, sites, ROWS),
    )


def _total(connection: Connection, site: str) -> SiteTotal:
    found = audit(site_facts(connection, site))
    counts = found.counts
    recall = found.sources[ANY].recall
    return SiteTotal(site, counts.originals, counts.copies, recall, found.only_links)


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

"""The numbers of a report: sums over accounts, and what one pass over the dataset counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import nsmallest
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from newscrawl.corpus.account import ShardAccount, accounts
from newscrawl.corpus.building import about_of, inputs_of
from newscrawl.corpus.deduping.balance import Balance
from newscrawl.corpus.deduping.describing import counted, opened
from newscrawl.corpus.deduping.work import literal
from newscrawl.corpus.layout import ARTICLES, DEDUPED, REVISIONS, Layout, name_of
from newscrawl.corpus.totals import Totals, reasons
from newscrawl.exporters.card import Counts
from newscrawl.outcomes import Outcome

SHOWN = 200
"""Shards, sites and open inputs that are named at most."""
_HOURS = """
SELECT date_trunc('hour', make_timestamp(epoch_us(published))) AS hour, count(*)
FROM articles WHERE published IS NOT NULL GROUP BY hour
"""
_SITES = """
SELECT site, count(*) - count(duplicate_of), count(*) FILTER (duplicate_kind = 'exact'),
    count(*) FILTER (duplicate_kind = 'near'),
    min(make_timestamp(epoch_us(published))), max(make_timestamp(epoch_us(published)))
FROM articles GROUP BY site ORDER BY count(*) DESC, site
"""


class SiteFacts(NamedTuple):
    """What the dataset has of a site; ``revisions`` are earlier texts of its articles."""

    site: str
    revisions: int
    originals: int
    exact: int
    near: int
    first: datetime | None
    last: datetime | None


class ShardFacts(NamedTuple):
    """What became of the records of a shard; those that failed come first."""

    failed: int
    input: str
    records: int
    outcomes: Mapping[Outcome, int]
    """Those that any of its records has."""
    passed_over: int


@dataclass
class DatasetFacts:
    """``hours`` count articles by the hour, in UTC, that they were published in."""

    balance: Balance
    counts: Counts
    hours: dict[datetime, int]
    sites: Sequence[SiteFacts]

    @property
    def undated(self) -> int:
        return self.counts.rows - sum(self.hours.values())


@dataclass
class Figures:
    """``shards`` and ``open`` name the first ``SHOWN``."""

    folder: Path
    made: datetime
    totals: Totals
    shards: Sequence[ShardFacts]
    asked: int
    """Inputs that were asked for."""
    open: Sequence[str]
    left: int
    """Inputs that have not been read."""
    options: Sequence[str]
    """Of the line that builds it."""
    dataset: DatasetFacts | None
    unreadable: Counter[str] = field(default_factory=Counter)
    """Records that have failed, by reason."""


def figures(layout: Layout, *, memory: str, jobs: int) -> Figures:
    """Count all that a report shows.

    Raises:
        NoAccountError: an account cannot be read.
        NotDedupedError: the account of the dataset cannot be read.
        OSError: the dataset cannot be read; so it is where another one took its place meanwhile.
        ValueError: ``memory`` is too small.
    """
    totals, known = Totals(), set[str]()

    def shards() -> Iterator[ShardFacts]:
        for name, account in accounts(layout):
            known.add(name)
            totals.add(account)
            yield _shard(account)

    first = nsmallest(SHOWN, shards(), key=lambda each: (-each.failed, each.input))
    asked = inputs_of(layout)
    left = [each for each in asked if name_of(each) not in known]
    return Figures(
        folder=layout.folder,
        made=datetime.now(UTC),
        totals=totals,
        shards=first,
        asked=len(asked),
        open=left[:SHOWN],
        left=len(left),
        options=list(_options(about_of(layout) or {})),
        dataset=_dataset(layout, memory=memory, jobs=jobs) if layout.dataset.exists() else None,
        unreadable=Counter(reasons(totals.outcomes, Outcome.FAILED)),
    )


def _shard(account: ShardAccount) -> ShardFacts:
    outcomes = {each: sum(reasons(account.outcomes, each).values()) for each in Outcome}
    return ShardFacts(
        failed=outcomes[Outcome.FAILED],
        input=account.input,
        records=account.records,
        outcomes={each: number for each, number in outcomes.items() if number},
        passed_over=sum(account.passed_over.values()),
    )


def _options(about: Mapping[str, Any]) -> Iterator[str]:
    filters = about.get("filters", {})
    for site in filters.get("sites", ()):
        yield f"--site={site}"
    for language in filters.get("languages", ()):
        yield f"--language={language}"
    for name in ("since", "until"):
        if moment := filters.get(name):
            yield f"--{name}={moment}"
    if zone := about.get("zone"):
        yield f"--timezone={zone}"
    for name, value in about.get("settings", {}).items():
        yield f"--set={name}={value if isinstance(value, str) else json.dumps(value)}"


def _dataset(layout: Layout, *, memory: str, jobs: int) -> DatasetFacts:
    folder = layout.dataset.resolve(strict=True)
    balance = Balance.read(folder / DEDUPED)
    with opened(folder / ARTICLES, memory=memory, jobs=jobs) as db:
        return DatasetFacts(
            balance=balance,
            counts=counted(db),
            hours=dict(db.execute(_HOURS).fetchall()),
            sites=list(_sites(db, folder / REVISIONS)),
        )


def _sites(db: duckdb.DuckDBPyConnection, revisions: Path) -> Iterator[SiteFacts]:
    db.read_parquet(f"{literal(str(revisions))}/*.parquet").create_view("revisions")
    earlier = dict(db.execute("SELECT site, count(*) FROM revisions GROUP BY site").fetchall())
    for row in db.execute(_SITES).fetchmany(SHOWN):
        site, *facts = row
        yield SiteFacts(site, earlier.get(site, 0), *facts)

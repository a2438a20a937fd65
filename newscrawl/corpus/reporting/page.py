"""A report of a corpus as one page of HTML, in the look of that of a crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from newscrawl.corpus.reporting.figures import DatasetFacts, Figures, ShardFacts, SiteFacts
from newscrawl.corpus.reporting.telling import assessment
from newscrawl.corpus.totals import reasons
from newscrawl.outcomes import Outcome
from newscrawl.report import charts
from newscrawl.report.bins import bins
from newscrawl.report.details import written
from newscrawl.report.page import rendered
from newscrawl.report.steps import Shell
from newscrawl.report.tables import (
    Cell,
    Table,
    count_cell,
    meaning,
    of_bins,
    parts,
    share_cells,
    table_of,
)
from newscrawl.terminal.url_report import meaning_of_reason
from newscrawl.verdict.summary import count

NOT_KNOWN = "not known"
_SITE = ("site", "articles", "exact copies", "near copies", "earlier texts", "first", "last")
_BALANCE = {
    "originals": "Articles that tell a story first",
    "exact": "Articles that tell another one's text",
    "near": "Articles that tell nearly another one's text",
    "canonical": "Captures of further addresses of an article",
    "revisions": "What an article said before it was changed",
    "unchanged": "Captures of a page that had not changed",
    "repeated": "Records that are there twice",
}


def page(figures: Figures, shell: Shell | None = None) -> str:
    """Return the page; all that came from files is escaped.

    ``shell`` says how the commands that it advises are typed.
    """
    dataset = figures.dataset
    found = bins(dataset.hours) if dataset else None
    return rendered(
        "corpus.html",
        title=figures.folder.name,
        made=figures.made,
        figures=figures,
        said=assessment(figures, shell or Shell()),
        published=charts.published(found) if found else None,
        numbers=of_bins(found) if found else None,
        earlier=found.earlier if found else 0,
        tables={table.name: table for table in _tables(figures)},
    )


def _tables(figures: Figures) -> Iterator[Table]:
    yield _outcomes(figures)
    yield _passed_over(figures)
    yield _unreadable(figures)
    yield _shards(figures)
    rows = ([Cell(each)] for each in figures.open)
    yield table_of("open", "Files that are not read yet", ("file",), rows, "All files are read.")
    if figures.dataset is not None:
        yield from _of_dataset(figures.dataset)


def _of_dataset(dataset: DatasetFacts) -> Iterator[Table]:
    yield table_of("sites", "Articles of each site", _SITE, map(_site, dataset.sites))
    named = {each or NOT_KNOWN: number for each, number in dataset.counts.languages.items()}
    yield parts("languages", "language", Counter(named))
    rows = dataset.counts.rows
    yield Table(
        "fields",
        f"Fields of {count(rows, 'article')}, copies too",
        ("field", "articles", "share"),
        [
            [Cell(name), *share_cells(dataset.counts.filled[name], rows)]
            for name in dataset.counts.names
        ],
        of_shares=True,
    )
    yield Table(
        "copies",
        f"What became of {count(dataset.balance.rows, 'row')}",
        ("as", "rows", "share"),
        [
            [
                Cell(name, note=told),
                *share_cells(getattr(dataset.balance, name), dataset.balance.rows),
            ]
            for name, told in _BALANCE.items()
        ],
        of_shares=True,
    )


def _outcomes(figures: Figures) -> Table:
    rows = []
    for outcome in Outcome:
        found = Counter(reasons(figures.totals.outcomes, outcome))
        if found:
            why = ", ".join(f"{name} {number:,}" for name, number in found.most_common() if name)
            note = f"{meaning(outcome)}: {why}" if why else meaning(outcome)
            cells = share_cells(found.total(), figures.totals.records)
            rows.append([Cell(outcome.value, note=note), *cells])
    if passed := figures.totals.passed_over.total():
        cells = share_cells(passed, figures.totals.records)
        rows.append([Cell("passed over", note="It was not to be read"), *cells])
    caption = f"What became of {count(figures.totals.records, 'record')}"
    return Table(
        "outcomes", caption, ("outcome", "records", "share"), rows, "No record.", of_shares=True
    )


def _passed_over(figures: Figures) -> Table:
    counts = figures.totals.passed_over
    rows = [[Cell(why), *share_cells(n, counts.total())] for why, n in counts.most_common()]
    return Table(
        "passed",
        "What was passed over",
        ("why", "records", "share"),
        rows,
        "Nothing was passed over.",
        of_shares=True,
    )


def _unreadable(figures: Figures) -> Table:
    rows = [
        [
            Cell(why or NOT_KNOWN, note=meaning_of_reason(why, Outcome.FAILED)),
            *share_cells(number, figures.totals.records),
        ]
        for why, number in figures.unreadable.most_common()
    ]
    return Table(
        "unreadable",
        "Records that could not be read, by reason",
        ("reason", "records", "share of all"),
        rows,
        "All records could be read.",
        of_shares=True,
    )


def _shards(figures: Figures) -> Table:
    """Of each file its outcomes, of those that there are at all."""
    there = [each for each in Outcome if any(each in shard.outcomes for shard in figures.shards)]
    columns = ("file", "records", *there, "passed over")
    rows = (_shard(each, there) for each in figures.shards)
    return table_of("shards", "Records of each file by outcome", columns, rows, "No file is read.")


def _shard(shard: ShardFacts, outcomes: Sequence[Outcome]) -> list[Cell]:
    became = (shard.outcomes.get(each, 0) for each in outcomes)
    return [Cell(shard.input), *map(count_cell, (shard.records, *became, shard.passed_over))]


def _site(site: SiteFacts) -> list[Cell]:
    numbers = (site.originals, site.exact, site.near, site.revisions)
    days = (
        Cell(NOT_KNOWN if at is None else written(at)[:10], fixed=True)
        for at in (site.first, site.last)
    )
    return [Cell(site.site), *map(count_cell, numbers), *days]

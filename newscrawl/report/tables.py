"""The tables of a report: what each cell shows, sorts by and leads to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from newscrawl.history.statistics import DoubtfulFact, Filled, Headline, PageFact, RunFacts
from newscrawl.outcomes import Outcome
from newscrawl.report import audit
from newscrawl.report.audit import ANY, Audit
from newscrawl.report.bins import Bins
from newscrawl.report.charts import Trend, trend
from newscrawl.report.details import Details, Link, written
from newscrawl.report.figures import Figures, HostGaps
from newscrawl.report.stories import Edge
from newscrawl.terminal.progress import duration
from newscrawl.terminal.url_report import MEANING
from newscrawl.verdict.summary import count

LONG = 20
"""Rows above which a table is shown in part, and can be opened and searched."""
PARTS = 10
"""Sections, ways and languages that have a row of their own."""
SITES = 20
"""Sites that have a table of fields of their own, the largest."""
NOT_KNOWN = "not known"
_LAST_NUMBER = -1.0
"""By which what is not known is sorted among numbers."""


class Cell(NamedTuple):
    """What a cell shows, what it sorts by, and where it leads.

    ``share`` is drawn as a bar, from 0 to 1; ``trend`` as a line. ``note`` says more of it. A
    ``fixed`` text stays on one line.
    """

    text: str
    key: str | float = ""
    href: str = ""
    share: float | None = None
    trend: Trend | None = None
    note: str = ""
    fixed: bool = False


class Table(NamedTuple):
    """A table whose columns can be sorted; ``none`` is what is said where it has no rows.

    One ``of_shares`` is narrow and has a row for each word of a small set: it is shown whole.
    """

    name: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    none: str = ""
    of_shares: bool = False

    @property
    def is_long(self) -> bool:
        return len(self.rows) > LONG and not self.of_shares

    @property
    def is_number(self) -> list[bool]:
        """Whether a column holds numbers."""
        return [isinstance(cell.key, float | int) for cell in self.rows[0]]


SITE = (
    *("site", "articles", "copies", "recall", "found only by links"),
    *("missing", "why recall is not known"),
)
RUN = (
    *("run", "spider", "sites", "started", "took", "ended", "new articles"),
    *("visits", "failed", "alarms"),
)
LATEST = ("headline", "section", "published", "stored", "copy")
DOUBTFUL = ("headline", "confidence", "doubts")
EDGE = ("carrier", "origin", "how", "stories", "example")
GAP = ("run", "host", "requests", "promised", "mean", "least", "too short", "429 and 503")
FAILING = ("page", "reason", "status", "failures in a row")
SLOW = ("page", "seconds", "outcome")


def tables(figures: Figures, details: Details) -> dict[str, Table]:
    """Return the tables of a report by name."""
    found = (
        table_of("sites", "Sites", SITE, (_site(each, details) for each in figures.sites)),
        _outcomes(figures),
        table_of("runs", "Runs", RUN, (_run(each, details) for each in figures.runs)),
        parts("sections", "section", figures.articles.sections),
        parts("ways", "found by", figures.articles.found_via),
        parts("languages", "language", figures.articles.languages),
        table_of(
            "latest",
            "Articles stored last",
            LATEST,
            (_headline(each, details) for each in figures.latest),
        ),
        table_of(
            "doubtful",
            "Articles whose text is doubtful",
            DOUBTFUL,
            (_doubtful(each, details) for each in figures.doubtful),
            "No text is doubtful." if _is_weighed(figures) else "No text was weighed.",
        ),
        table_of(
            "syndication",
            "Who carries whose stories",
            EDGE,
            (_edge(each, details) for each in figures.syndication),
        ),
        table_of(
            "gaps",
            "Seconds between two requests to a host",
            GAP,
            (_gap(each, details) for each in figures.gaps),
        ),
        table_of(
            "failing",
            "Pages that failed at their last visit",
            FAILING,
            (_failing(each, details) for each in figures.failing),
        ),
        table_of(
            "slowest", "Slowest answers", SLOW, (_slow(each, details) for each in figures.slowest)
        ),
    )
    return {table.name: table for table in found}


def of_fields(figures: Figures) -> list[Table]:
    """Return how many articles have each field: of all sites, then of each of the largest."""
    if not figures.filled:
        return []
    numbers: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for each in figures.filled:
        numbers.update(each.fields)
        own.update(figures.articles.own[each.site])
    everything = Filled("", sum(each.articles for each in figures.filled), dict(numbers))
    runs: defaultdict[str, list[float]] = defaultdict(list)
    for covered in figures.coverage:
        runs[covered.field].append(covered.share)
    caption = f"Fields of {count(everything.articles, 'article')}"
    found = [_fields("fields", caption, everything, own, runs)]
    if len(figures.filled) > 1:
        for at, each in enumerate(figures.filled[:SITES], 1):
            own = figures.articles.own[each.site]
            caption = f"{each.site}: {count(each.articles, 'article')}"
            found.append(_fields(f"fields-{at}", caption, each, own, {}))
    return found


def of_bins(found: Bins) -> Table:
    """Return the numbers behind the chart of dates; stretches without articles are left out."""
    rows = [
        [Cell(each.label, each.start.isoformat()), count_cell(each.number)]
        for each in found.bins
        if each.number
    ]
    columns = ("from", "articles")
    return Table("published", "Articles by date of publication", columns, rows, of_shares=True)


def table_of(
    name: str, caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], none: str = ""
) -> Table:
    made = list(rows)
    kept = [at for at in range(len(columns)) if not made or any(row[at].text for row in made)]
    return Table(
        name,
        caption,
        [columns[at] for at in kept],
        [[row[at] for at in kept] for row in made],
        none or f"{caption}: none.",
    )


def _fields(
    name: str,
    caption: str,
    filled: Filled,
    own: Mapping[str, int],
    runs: Mapping[str, Sequence[float]],
) -> Table:
    shares = {each: trend(runs.get(each, ())) for each in filled.fields}
    has_trend = any(shares.values())
    rows = []
    for each, number in (*filled.fields.items(), *sorted(own.items())):
        line = shares.get(each)
        row = [Cell(each), *share_cells(number, filled.articles)]
        rows.append([*row, Cell(line.says if line else "", trend=line)] if has_trend else row)
    columns = ("field", "articles", "share", *(["over the runs"] if has_trend else []))
    return Table(name, caption, columns, rows, of_shares=True)


def _outcomes(figures: Figures) -> Table:
    """What became of every known page; the rest waits."""
    known = {each.value: each for each in Outcome}
    rows = [
        [Cell(name, note=meaning(known[name])), *share_cells(figures.done[name], figures.known)]
        for name in known
        if figures.done[name]
    ]
    if figures.queued:
        later = sum(walk.ahead.tag_pages for walk in figures.walks)
        note = f"; {later:,} are tag and author pages, which come after all else" if later else ""
        waits = Cell("queued", note=f"It waits to be crawled{note}")
        rows.append([waits, *share_cells(figures.queued, figures.known)])
    return Table(
        "outcomes",
        "What became of every known URL, at its last visit",
        ("outcome", "URLs", "share"),
        rows,
        "No URL is known.",
        of_shares=True,
    )


def meaning(outcome: Outcome) -> str:
    return MEANING.get(outcome, _MEANING.get(outcome, ""))


_MEANING = {
    Outcome.ARTICLE: "A new article was stored",
    Outcome.REVISION: "A known article had changed; its next revision was stored",
    Outcome.UNCHANGED: "It is as it was at the visit before",
    Outcome.DUPLICATE: "The same story as that of another URL",
    Outcome.PART: "A further page of an article, stored with it",
    Outcome.REDIRECTED: "It leads to another URL, which has a row of its own",
}
"""Of the outcomes of which ``explain`` says more than a sentence."""


def parts(name: str, what: str, numbers: Counter[str]) -> Table:
    total = numbers.total()
    largest = numbers.most_common(PARTS)
    rows = [[Cell(each), *share_cells(number, total)] for each, number in largest]
    if rest := total - sum(number for _, number in largest):
        more = len(numbers) - len(largest)
        rows.append([Cell(f"{more:,} more"), *share_cells(rest, total)])
    caption = {"sections": "By section", "ways": "By how they were found"}.get(name, "By language")
    columns = (what, "articles", "share")
    return Table(name, caption, columns, rows, f"{caption}: none.", of_shares=True)


def _is_weighed(figures: Figures) -> bool:
    return figures.articles.originals > figures.articles.unweighed


def _site(each: Audit, details: Details) -> list[Cell]:
    whole = each.sources[ANY]
    recall = whole.recall if each.no_recall is None else None
    known = each.no_recall is None
    return [
        _lead(details.site(each.site)),
        count_cell(each.counts.originals),
        count_cell(each.counts.copies),
        Cell(_recall(each), _LAST_NUMBER if recall is None else recall),
        count_cell(each.only_links),
        count_cell(whole.missing.total())
        if known or whole.missing
        else Cell(NOT_KNOWN, _LAST_NUMBER),
        Cell(each.no_recall or ""),
    ]


def _recall(each: Audit) -> str:
    whole = each.sources[ANY]
    if each.no_recall is None and whole.recall is not None:
        return audit.percent(whole.recall)
    return NOT_KNOWN if whole.at_most is None else f"≤ {audit.percent(whole.at_most)}"


def _run(run: RunFacts, details: Details) -> list[Cell]:
    outcomes = run.outcomes or {}
    took = (run.finished - run.started).total_seconds() if run.finished else None
    return [
        _lead(details.run(run.id), run.id),
        Cell(run.spider),
        Cell(", ".join(run.sites)),
        _time(run.started),
        Cell("not yet" if took is None else duration(took), _LAST_NUMBER if took is None else took),
        Cell(run.reason or "not yet"),
        _unknown(None if run.account is None else run.account["new"]["articles"]),
        count_cell(sum(outcomes.values())),
        count_cell(outcomes.get("failed", 0)),
        count_cell(len(run.alarms or ())),
    ]


def _headline(article: Headline, details: Details) -> list[Cell]:
    return [
        _lead(details.page(article.url, article.headline)),
        Cell(", ".join(article.sections)),
        Cell(NOT_KNOWN) if article.published is None else _time(article.published),
        _time(article.first_seen),
        Cell(article.duplicate_kind or ""),
    ]


def _doubtful(fact: DoubtfulFact, details: Details) -> list[Cell]:
    return [
        _lead(details.page(fact.url, fact.headline)),
        Cell(f"{fact.confidence:.2f}", fact.confidence),
        Cell("; ".join(fact.doubts)),
    ]


def _edge(edge: Edge, details: Details) -> list[Cell]:
    return [
        Cell(edge.carrier),
        Cell(edge.origin or edge.origin_name),
        Cell(edge.how),
        count_cell(edge.stories),
        _lead(details.page(edge.example_url)),
    ]


def _gap(gap: HostGaps, details: Details) -> list[Cell]:
    return [
        _lead(details.run(gap.run), gap.run),
        Cell(gap.host),
        count_cell(gap.requests),
        _seconds(gap.promised),
        _seconds(gap.mean),
        _seconds(gap.least),
        count_cell(gap.short),
        count_cell(gap.slow_downs),
    ]


def _failing(fact: PageFact, details: Details) -> list[Cell]:
    status = Cell("none", 0) if fact.status is None else Cell(str(fact.status), fact.status)
    return [
        _lead(details.page(fact.url)),
        Cell(fact.reason or ""),
        status,
        count_cell(fact.failures),
    ]


def _slow(fact: PageFact, details: Details) -> list[Cell]:
    said = f"{fact.outcome}: {fact.reason}" if fact.reason else fact.outcome
    return [_lead(details.page(fact.url)), _seconds(fact.seconds), Cell(said)]


def _lead(link: Link, key: str | float = "") -> Cell:
    return Cell(link.text, key, link.href)


def share_cells(number: int, of: int) -> Iterator[Cell]:
    share = number / of if of else 0.0
    yield count_cell(number)
    yield Cell(audit.percent(share), share, share=share)


def count_cell(value: int) -> Cell:
    return Cell(f"{value:,}", value)


def _unknown(value: int | None) -> Cell:
    """A number that may not be known."""
    return Cell(NOT_KNOWN, _LAST_NUMBER) if value is None else count_cell(value)


def _seconds(value: float | None) -> Cell:
    return Cell(NOT_KNOWN, _LAST_NUMBER) if value is None else Cell(f"{value:.2f}", value)


def _time(value: datetime | None) -> Cell:
    return Cell(written(value), fixed=True)

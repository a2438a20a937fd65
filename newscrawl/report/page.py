"""A report as one page of HTML that needs nothing from anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newscrawl import __version__
from newscrawl.history.accounts import Account
from newscrawl.history.statistics import DoubtfulFact, Headline, PageFact, RunFacts
from newscrawl.report import audit
from newscrawl.report.charts import charts
from newscrawl.report.figures import Figures, HostGaps, SiteTotal
from newscrawl.report.stories import Edge
from newscrawl.terminal.progress import duration
from newscrawl.verdict.summary import summary


class Cell(NamedTuple):
    """What a cell shows, what it sorts by, and where it leads."""

    text: str
    key: str | float = ""
    href: str = ""


class Table(NamedTuple):
    """A table that can be sorted and, where it is ``long``, searched."""

    name: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    long: bool = False


SITE = ("site", "articles", "copies", "recall", "found only by links")
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


def page(figures: Figures) -> str:
    """Return the page; all that came from the web is escaped, as is the data of the plots."""
    loader = PackageLoader("newscrawl.report", "html")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        figures=figures,
        words=_words(figures),
        number=number,
        percent=percent,
        version=__version__,
        charts={name: _json(chart) for name, chart in charts(figures).items()},
        tables={table.name: table for table in _tables(figures)},
        style=Markup(_file("report.css")),  # noqa: S704 - our own file
        script=Markup(_script()),  # noqa: S704 - our own file and the libraries of the plots
    )


def _words(figures: Figures) -> str:
    """Return what the latest run came to, as the crawl itself said at its end."""
    latest = next((run for run in figures.runs if run.account), None)
    if latest is None or latest.account is None:
        return ""
    return f"Run {latest.id}: {summary(Account.from_dict(latest.account))}"


def _file(name: str) -> str:
    return (resources.files("newscrawl.report") / "html" / name).read_text(encoding="utf-8")


def _script() -> str:
    """Return Vega and our own script as one module.

    Raises:
        ValueError: it would end its own element.
    """
    bundle = vl_convert.javascript_bundle(_file("report.js"))
    if "</script" in bundle.lower() or "<!--" in bundle:
        raise ValueError("the bundle of Vega cannot stand inside a page")
    return bundle


def _json(value: Mapping[str, Any]) -> Markup:
    """JSON that no text in it can end the element of (HTML, 4.12.1.3)."""
    return Markup(json.dumps(value).replace("<", "\\u003c"))  # noqa: S704 - escaped here


def number(value: int) -> str:
    return f"{value:,}"


def percent(value: float | None) -> str:
    return "" if value is None else audit.percent(value)


def _tables(figures: Figures) -> list[Table]:
    return [
        Table("sites", "Sites", SITE, [_site(each) for each in figures.sites]),
        _long("runs", "Runs", RUN, map(_run, figures.runs)),
        _long("latest", "Articles stored last", LATEST, map(_headline, figures.latest)),
        _long(
            "doubtful",
            "Articles whose text is doubtful",
            DOUBTFUL,
            map(_doubtful, figures.doubtful),
        ),
        _long("syndication", "Who carries whose stories", EDGE, map(_edge, figures.syndication)),
        _long("gaps", "Seconds between two requests to a host", GAP, map(_gap, figures.gaps)),
        _long(
            "failing",
            "Pages that failed at their last visit",
            FAILING,
            map(_failing, figures.failing),
        ),
        _long("slowest", "Slowest answers", SLOW, map(_slow, figures.slowest)),
    ]


def _long(name: str, caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    return Table(name, caption, columns, list(rows), long=True)


def _site(each: SiteTotal) -> list[Cell]:
    return [
        Cell(each.site),
        _count(each.articles),
        _count(each.copies),
        Cell(percent(each.recall), each.recall or 0.0),
        _count(each.only_links),
    ]


def _count(value: int) -> Cell:
    return Cell(number(value), value)


def _unknown(value: int | None) -> Cell:
    """A number that may not be known."""
    return Cell("", -1) if value is None else _count(value)


def _seconds(value: float | None) -> Cell:
    return Cell("" if value is None else f"{value:.2f}", -1.0 if value is None else value)


def _link(url: str) -> Cell:
    """A link where the address is one of the web; pages name others too."""
    return Cell(url, href=url if urlsplit(url).scheme in {"http", "https"} else "")


def _time(value: datetime | None) -> Cell:
    return Cell("" if value is None else f"{value:%Y-%m-%d %H:%M}")


def _run(run: RunFacts) -> list[Cell]:
    outcomes = run.outcomes or {}
    took = (run.finished - run.started).total_seconds() if run.finished else None
    return [
        _count(run.id),
        Cell(run.spider),
        Cell(", ".join(run.sites)),
        _time(run.started),
        Cell("" if took is None else duration(took), -1.0 if took is None else took),
        Cell(run.reason or "not yet"),
        _unknown(None if run.account is None else run.account["new"]["articles"]),
        _count(sum(outcomes.values())),
        _count(outcomes.get("failed", 0)),
        _count(len(run.alarms or ())),
    ]


def _headline(article: Headline) -> list[Cell]:
    return [
        _link(article.url)._replace(text=article.headline or article.url),
        Cell(", ".join(article.sections)),
        _time(article.published),
        _time(article.first_seen),
        Cell(article.duplicate_kind or ""),
    ]


def _doubtful(fact: DoubtfulFact) -> list[Cell]:
    return [
        _link(fact.url)._replace(text=fact.headline or fact.url),
        Cell(f"{fact.confidence:.2f}", fact.confidence),
        Cell("; ".join(fact.doubts)),
    ]


def _edge(edge: Edge) -> list[Cell]:
    return [
        Cell(edge.carrier),
        Cell(edge.origin or edge.origin_name),
        Cell(edge.how),
        _count(edge.stories),
        _link(edge.example_url),
    ]


def _gap(gap: HostGaps) -> list[Cell]:
    return [
        _count(gap.run),
        Cell(gap.host),
        _count(gap.requests),
        _seconds(gap.promised),
        _seconds(gap.mean),
        _seconds(gap.least),
        _count(gap.short),
        _count(gap.slow_downs),
    ]


def _failing(fact: PageFact) -> list[Cell]:
    status = Cell("", 0) if fact.status is None else Cell(str(fact.status), fact.status)
    return [_link(fact.url), Cell(fact.reason or ""), status, _count(fact.failures)]


def _slow(fact: PageFact) -> list[Cell]:
    said = f"{fact.outcome}: {fact.reason}" if fact.reason else fact.outcome
    return [_link(fact.url), _seconds(fact.seconds), Cell(said)]

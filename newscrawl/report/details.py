"""What is known of each page, run and site that a table of the report names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import RowMapping

from newscrawl.discovery.links import Way
from newscrawl.history.accounts import Account
from newscrawl.history.explaining import Explanation
from newscrawl.history.statistics import RunFacts
from newscrawl.report.audit import Audit
from newscrawl.report.audit_sentences import sentences
from newscrawl.report.figures import Figures
from newscrawl.report.steps import Shell
from newscrawl.terminal.url_report import outcome_of, url_report
from newscrawl.verdict.summary import summary

SHOWN = 10
"""Visits, copies and unread lists at most."""
BEGINNING = 400
"""Characters of a text that are shown."""


class Link(NamedTuple):
    """Where something leads: to a detail of the report (``#…``), or to a page of the web."""

    text: str
    href: str = ""


class Fact(NamedTuple):
    name: str
    value: Link


class Detail(NamedTuple):
    """All that the report says of one page, run or site."""

    anchor: str
    title: str
    web: str
    """The address of the page, if it is one of the web."""
    says: Sequence[str]
    facts: Sequence[Fact]
    lines: Sequence[str] = ()
    lines_are: str = ""
    """What the lines are, as a heading of them."""
    text: str = ""
    """How the text of the article begins."""
    command: str = ""


class Details:
    """Knows the anchor of each detail, by the URL, run or site that it is of."""

    def __init__(self, figures: Figures, shell: Shell) -> None:
        self._pages = {url: f"page-{at}" for at, url in enumerate(figures.explained, 1)}
        self._runs = {run.id: f"run-{run.id}" for run in figures.runs}
        self._sites = {each.site: f"site-{at}" for at, each in enumerate(figures.sites, 1)}
        self.all = [
            *(self._site(each, shell) for each in figures.sites),
            *(self._run(run) for run in figures.runs),
            *(self._page(url, found, shell) for url, found in figures.explained.items()),
        ]

    def page(self, url: str, text: str = "") -> Link:
        """Return a link to what is known of a page, to the page itself if nothing is."""
        anchor = self._pages.get(url)
        return Link(text or url, f"#{anchor}" if anchor else web(url))

    def run(self, number: int) -> Link:
        anchor = self._runs.get(number)
        return Link(str(number), f"#{anchor}" if anchor else "")

    def site(self, name: str) -> Link:
        anchor = self._sites.get(name)
        return Link(name, f"#{anchor}" if anchor else "")

    def _site(self, found: Audit, shell: Shell) -> Detail:
        lines = [f"{each.kind}: {each.url} ({each.why})" for each in found.unread]
        facts = [
            Fact(f"{name}: listed", Link(f"{tally.listed:,}, of which {tally.stored:,} are stored"))
            for name, tally in found.sources.items()
            if tally.listed
        ]
        missing = found.sources["any"].missing.most_common()
        facts += [Fact(f"missing: {why}", Link(f"{number:,}")) for why, number in missing]
        return Detail(
            self._sites[found.site],
            found.site,
            "",
            list(sentences(found)),
            facts,
            lines[:SHOWN],
            "lists that were not read",
            command=shell.line("audit", found.site),
        )

    def _run(self, run: RunFacts) -> Detail:
        account = run.account and Account.from_dict(run.account)
        facts = [
            Fact("spider", Link(run.spider)),
            Fact("sites", Link(", ".join(run.sites))),
            Fact("began", Link(written(run.started))),
            Fact("ended", Link(f"{written(run.finished) or 'not yet'} {run.reason or ''}".strip())),
        ]
        facts += [Fact(name, Link(f"{number:,}")) for name, number in (run.outcomes or {}).items()]
        if run.peak_rss_mb:
            facts.append(Fact("memory", Link(f"{run.peak_rss_mb:,} MB")))
        return Detail(
            self._runs[run.id],
            f"Run {run.id}",
            "",
            [summary(account)] if account else ["It has no account yet."],
            facts,
            run.alarms or (),
            "alarms",
        )

    def _page(self, url: str, found: Explanation, shell: Shell) -> Detail:
        article = found.article
        report = url_report(found)
        visits = list(found.visits)[-SHOWN:]
        return Detail(
            self._pages[url],
            (article["headline"] if article and found.is_own else "") or url,
            web(url),
            report.sentences,
            [*self._of_page(found), *(self._of_article(article, found) if article else ())],
            [_visit(each) for each in reversed(visits)],
            "visits, the latest first",
            _beginning(article["text"]) if article else "",
            shell.line("explain", url),
        )

    def _of_page(self, found: Explanation) -> Iterator[Fact]:
        page = found.page
        if page is None:
            return
        ways = ", ".join(way.label for way in Way(page["ways"]))
        yield Fact("found by", Link(f"{ways}; run {page['found_run']}, depth {page['depth']}"))
        if found.found_on is not None:
            yield Fact("found on", self.page(found.found_on))
        yield Fact("state", Link(f"{page['state']}, last outcome: {outcome_of(page)}"))
        if found.held_back is not None:
            yield Fact("held back by", Link(found.held_back))

    def _of_article(self, article: RowMapping, found: Explanation) -> Iterator[Fact]:
        for name in ("headline", "published", "modified", "authors", "sections", "language"):
            if value := _value(article[name]):
                yield Fact(name, Link(value))
        confidence = article["confidence"]
        told = "not known" if confidence is None else f"{confidence:.2f}"
        yield Fact("confidence", Link(told))
        if doubts := _value(article["doubts"]):
            yield Fact("doubts", Link(doubts))
        yield Fact("words", Link(f"{article['word_count']:,}"))
        yield Fact("revisions", Link(f"{len(found.revisions):,} earlier"))
        for copy in found.copies[:SHOWN]:
            role = "original" if copy["duplicate_of"] is None else "copy"
            yield Fact(role, self.page(copy["url"]))


def web(url: str) -> str:
    """Return an address if it is one of the web; pages name others too."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in {"http", "https"} else ""


def written(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _visit(visit: RowMapping) -> str:
    status = f", status {visit['status']}" if visit["status"] else ""
    took = "" if visit["seconds"] is None else f", {visit['seconds']:.2f} s"
    return f"{written(visit['at'])} run {visit['run']}: {outcome_of(visit)}{status}{took}"


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _beginning(text: str) -> str:
    line = " ".join(text[: 2 * BEGINNING].split())
    return line if len(line) <= BEGINNING else f"{line[:BEGINNING]}…"

"""``scrapy audit``: how much of a site is stored."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from newscrawl.history.auditing import site_facts
from newscrawl.report.audit import ANY, Audit, Tally, audit, percent
from newscrawl.terminal.database_command import DatabaseCommand, known_site

SHOWN = 5
"""Unread lists that are named."""


class Command(DatabaseCommand):
    arguments = (1, 1)

    def syntax(self) -> str:
        return "<site>"

    def short_desc(self) -> str:
        return "Tell how much of a site was crawled, against what the site itself lists"

    def long_desc(self) -> str:
        return (
            "Counts the pages that the site's sitemaps, feeds and REST API list and that are "
            "stored, by month and section, with the reasons of what is missing, and those found "
            "only by links. Where lists are unread, recall is at most what is shown. Of a site "
            "that was crawled to its end the number of articles is estimated from its links."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        site = known_site(connection, args[0])
        result = audit(site_facts(connection, site))
        if opts.json:
            self.print_json(result.as_dict())
            return
        console = self.console()
        console.print(_table(f"{site}: what the site lists", "list", result.sources))
        console.print(_table("By month", "month", result.months))
        console.print(_table("By section", "section", result.sections))
        for line in _sentences(result):
            console.say(line)


def _table(title: str, group: str, tallies: Mapping[str, Tally]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(group)
    for name in ("listed", "stored", "others", "unlisted", "recall"):
        table.add_column(name, justify="right")
    table.add_column("missing")
    for name, tally in tallies.items():
        missing = ", ".join(f"{number:,} {why}" for why, number in tally.missing.most_common())
        table.add_row(
            Text(name),
            f"{tally.listed:,}",
            f"{tally.stored:,}",
            f"{tally.others:,}",
            f"{tally.unlisted:,}",
            _recall(tally),
            Text(missing),
        )
    return table


def _recall(tally: Tally) -> str:
    if tally.recall is not None:
        return percent(tally.recall)
    return "" if tally.at_most is None else f"≤ {percent(tally.at_most)}"


def _sentences(result: Audit) -> Iterator[str]:
    articles, copies, _ = result.counts
    stored = (
        f"Stored: {_counted(articles, 'article')}, {_counted(copies, 'copy', 'copies')} of them"
    )
    if result.sources[ANY].listed:
        stored += f"; articles that no list of the site names: {result.only_links:,}"
    yield f"{stored}."
    if result.api_total is not None:
        yield (
            f"The REST API counts {result.api_total:,} posts; "
            f"{result.sources['api'].stored:,} that it named are stored."
        )
    if result.no_recall is not None:
        yield f"Recall over all lists is unknown: {result.no_recall}."
    yield from (f"Not read: {each.url} ({each.kind}, {each.why})" for each in result.unread[:SHOWN])
    if len(result.unread) > SHOWN:
        yield f"and {len(result.unread) - SHOWN:,} more lists"
    if result.unvisited:
        yield f"Known and not visited yet: {result.unvisited:,} pages."
    yield from _estimated(result)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _estimated(result: Audit) -> Iterator[str]:
    found = result.estimate
    if found is None:
        if result.unread or result.unvisited:
            yield "No estimate from links before all lists are read and all pages visited."
        return
    high = "or more" if found.high is None else f"to {found.high:,}"
    yield (
        f"Estimated from links alone: at least {found.low:,} articles. {found.listed:,} stand on "
        f"listings, {found.linked:,} are linked by other articles, {found.both:,} are both; if "
        f"the one said nothing about the other, there would be {found.total:,.0f} "
        f"({found.low:,} {high} at 95 %)."
    )
    if result.exceeds_estimate:
        yield (
            f"But {result.counts.originals:,} articles are stored: the one does say something "
            "about the other here, and the estimate is a lower bound."
        )

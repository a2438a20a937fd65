"""``scrapy audit``: how much of a site is stored."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from newscrawl.history.auditing import site_facts
from newscrawl.report.audit import Tally, audit, percent
from newscrawl.report.audit_sentences import sentences
from newscrawl.terminal.database_command import DatabaseCommand, known_site


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
        for line in sentences(result):
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

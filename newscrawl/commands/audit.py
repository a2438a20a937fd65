from __future__ import annotations

import argparse
import json
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from newscrawl.database_command import DatabaseCommand, known_site
from newscrawl.report.audit import Audit, Tally, audit
from newscrawl.store.queries import evidence_of, page_facts


class Command(DatabaseCommand):
    arguments = (1, 1)

    def syntax(self) -> str:
        return "<site>"

    def short_desc(self) -> str:
        return "Tell how much of a site was crawled, against what the site itself lists"

    def long_desc(self) -> str:
        return (
            "Counts the articles that the site's sitemaps, feeds and REST API name and that are "
            "stored, by month and section, and those found only by links. Where the site offers "
            "no list, the number of its articles is estimated from its links."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        site = known_site(connection, args[0])
        total = evidence_of(connection, site, "api", "total")
        result = audit(site, page_facts(connection, site), total)
        if opts.json:
            print(json.dumps(result.as_dict(), indent=2))  # noqa: T201 - the output asked for
        else:
            _print(self.console(), result)


def _print(console: Console, result: Audit) -> None:
    console.print(_table(f"{result.site}: what the site lists", "list", result.sources))
    console.print(_table("By month", "month", result.months))
    console.print(_table("By section", "section", result.sections))
    console.print(
        f"{result.articles:,} articles and copies are stored, "
        f"{result.only_links:,} of them found only by links."
    )
    if result.api_total is not None:
        console.print(
            f"The REST API counts {result.api_total:,} posts; "
            f"{result.sources['api'].articles:,} that it named are stored."
        )
    if result.estimate is not None:
        console.print(
            f"Estimated from links alone: {result.estimate.total:,.0f} articles "
            f"({result.estimate.low:,.0f} to {result.estimate.high:,.0f} at 95 %); "
            f"{result.estimate.listed:,} stand on listings, {result.estimate.linked:,} are linked "
            f"by other articles, {result.estimate.both:,} are both."
        )


def _table(title: str, group: str, tallies: Mapping[str, Tally]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(group)
    for name in ("listed", "articles", "missing", "other pages", "only by links", "recall"):
        table.add_column(name, justify="right")
    for name, tally in tallies.items():
        missing = ", ".join(f"{number:,} {why}" for why, number in tally.missing.most_common())
        table.add_row(
            name,
            f"{tally.listed:,}",
            f"{tally.articles:,}",
            missing,
            f"{tally.others:,}",
            f"{tally.only_links:,}",
            "" if tally.recall is None else f"{tally.recall:.1%}",
        )
    return table

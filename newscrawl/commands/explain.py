from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.exceptions import UsageError
from sqlalchemy import Connection, RowMapping

from newscrawl.database_command import DatabaseCommand
from newscrawl.dedup.diff import Revised, revised
from newscrawl.discovery.links import Way
from newscrawl.store.queries import Explanation, explain
from newscrawl.urls import UnfetchableURL

SHOWN = 80
"""Characters of a value that are shown."""


class Command(DatabaseCommand):
    arguments = (1, 1)

    def syntax(self) -> str:
        return "<url>"

    def short_desc(self) -> str:
        return "Tell everything known of one URL"

    def long_desc(self) -> str:
        return (
            "Tells how a URL was found, each visit with its outcome and reason, the article with "
            "its copies and revisions, and for each field the rule that gave its value. --diff shows "
            "the sentences that each revision changed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--diff", action="store_true", help="show what each revision changed, by sentences"
        )

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        try:
            explanation = explain(connection, args[0])
        except UnfetchableURL as error:
            raise UsageError(
                f"{args[0]!r} is not a web address: {error}", print_help=False
            ) from None
        console = self.console()
        if explanation is None:
            console.print(Text(f"{args[0]} was never discovered"))
            self.exitcode = 1
            return
        _print_page(console, explanation)
        if explanation.article is not None:
            changes = _changes(explanation.revisions, explanation.article)
            _print_article(console, explanation, explanation.article, changes)
            if opts.diff:
                _print_changes(console, changes)


def _print_page(console: Console, explanation: Explanation) -> None:
    page = explanation.page
    ways = ", ".join(way.label for way in Way(page["ways"]))
    found = f"{ways}, run {page['found_run']}, depth {page['depth']}"
    if explanation.found_on is not None:
        found += f", on {explanation.found_on}"
    table = _facts("The page")
    for name, value in (
        ("url", page["url"]),
        ("identity", page["identity"]),
        ("found", found),
        ("state", page["state"]),
        ("last outcome", _outcome(page)),
    ):
        table.add_row(name, Text(str(value)))
    console.print(table)
    visits = Table(title="Visits", title_justify="left")
    for name in ("run", "at", "outcome", "status", "attempts", "evidence"):
        visits.add_column(name)
    for visit in explanation.visits:
        visits.add_row(
            str(visit["run"]),
            f"{visit['at']:%Y-%m-%d %H:%M:%S}",
            Text(_outcome(visit)),
            str(visit["status"] or ""),
            str(visit["attempts"]),
            Text(_evidence(visit["evidence"])),
        )
    console.print(visits)


def _changes(earlier: Sequence[RowMapping], article: RowMapping) -> dict[int, Revised]:
    """Return what each revision changed, by its number."""
    versions = [*earlier, article]
    return {after["revision"]: revised(before, after) for before, after in pairwise(versions)}


def _print_changes(console: Console, changes: dict[int, Revised]) -> None:
    for number, change in changes.items():
        console.print(Text(f"Revision {number}", style="italic"))
        for name, (before, after) in change.fields.items():
            console.print(Text(f"- {name}: {_short(before)}", style="red"))
            console.print(Text(f"+ {name}: {_short(after)}", style="green"))
        for line in change.lines:
            style = "red" if line.sign == "-" else "green"
            console.print(Text(f"{line.sign} {line.text}", style=style))


def _print_article(
    console: Console,
    explanation: Explanation,
    article: RowMapping,
    changes: dict[int, Revised],
) -> None:
    table = Table(title=f"Article {article['id']}", title_justify="left")
    for name in ("field", "rule", "value"):
        table.add_column(name)
    for name, rule in article["provenance"].items():
        table.add_row(name, rule, Text(_short(article.get(name))))
    console.print(table)
    facts = _facts("Its place in the dataset")
    facts.add_row("revision", str(article["revision"]))
    for number, change in changes.items():
        what = f"{', '.join(change.names)}; {change.size:.0%} of the words"
        facts.add_row(f"revision {number} changed", what)
    if article["duplicate_of"] is not None:
        facts.add_row("copy of", f"{article['duplicate_of']} ({article['duplicate_kind']})")
    for copy in explanation.copies:
        role = "copy" if copy["duplicate_of"] is not None else "original"
        facts.add_row(role, Text(f"{copy['id']} {copy['url']}"))
    console.print(facts)


def _facts(title: str) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column()
    return table


def _outcome(row: RowMapping) -> str:
    reason = f" ({row['reason']})" if row["reason"] else ""
    return f"{row['outcome'] or 'none yet'}{reason}"


def _evidence(evidence: dict[str, Any] | None) -> str:
    return ", ".join(f"{name}={value}" for name, value in (evidence or {}).items())


def _short(value: Any) -> str:
    text = str(value).replace("\n", " ")
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"

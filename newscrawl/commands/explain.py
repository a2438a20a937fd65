"""``scrapy explain``: everything known of one URL."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from rich.table import Table
from rich.text import Text
from scrapy.exceptions import UsageError
from sqlalchemy import Connection, RowMapping

from newscrawl.addresses.address import as_typed
from newscrawl.addresses.captures import captured_at
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.dedup.diff import Revised, revised
from newscrawl.discovery.links import Way
from newscrawl.history.explaining import Explanation, explain
from newscrawl.terminal.console import WholeConsole
from newscrawl.terminal.database_command import DatabaseCommand
from newscrawl.terminal.url_report import outcome_of, url_report

SHOWN = 80
"""Characters that are shown of a text."""
TEXTS = frozenset({"text", "html"})
"""Fields of which only the beginning is shown; all of them is in the JSON."""


class Command(DatabaseCommand):
    arguments = (1, 1)

    def syntax(self) -> str:
        return "<url>"

    def short_desc(self) -> str:
        return "Tell everything known of one URL"

    def long_desc(self) -> str:
        return (
            "Tells what a URL is (an article, a copy and of what, a redirect and where to, …), how it "
            "was found, each visit with its outcome and reason, the article with its copies and "
            "revisions, and for each field the rule that gave its value. --diff shows the "
            "sentences that each revision changed. Ends with 1 where nothing is known of it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--diff", action="store_true", help="show what each revision changed, by sentences"
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        try:
            explanation = explain(connection, as_typed(args[0]))
        except UnfetchableURL as error:
            raise UsageError(
                f"{args[0]!r} is not a web address: {error}", print_help=False
            ) from None
        if not (explanation.page or explanation.article or explanation.captures):
            self.exitcode = 1
        if opts.json:
            self.print_json(_plain(explanation))
            return
        console = self.console()
        for sentence in url_report(explanation).sentences:
            console.say(sentence)
        if explanation.page is not None:
            _print_page(console, explanation, explanation.page)
        if explanation.captures:
            console.print(_captures(explanation.captures))
        if explanation.article is not None:
            changes = _changes(explanation.revisions, explanation.article)
            _print_article(console, explanation, explanation.article, changes)
            if opts.diff:
                _print_changes(console, changes)


def _plain(explanation: Explanation) -> dict[str, Any]:
    report = url_report(explanation)
    page = None if explanation.page is None else _plain_page(explanation.page)
    return {
        "url": explanation.asked,
        "identity": explanation.identity,
        "site": explanation.site,
        "kind": report.kind,
        "said": " ".join(report.sentences),
        "points_to": report.points_to,
        "page": page and {**page, "found_on": explanation.found_on},
        "held_back": explanation.held_back,
        "visits": explanation.visits,
        "leads_to": [_plain_page(each) for each in explanation.leads_to],
        "article": explanation.article,
        "copies": explanation.copies,
        "revisions": explanation.revisions,
        "nearest": explanation.nearest,
        "captures": [_plain_capture(each) for each in explanation.captures],
    }


def _plain_page(page: RowMapping) -> dict[str, Any]:
    due = page["due"]
    return {
        **page,
        "ways": [way.label for way in Way(page["ways"])],
        "due": None if due is None else datetime.fromtimestamp(due, UTC),
    }


def _plain_capture(page: RowMapping) -> dict[str, Any]:
    told = {name: page[name] for name in ("url", "state", "outcome", "reason", "article_id")}
    return {"captured": captured_at(page["identity"]), **told}


def _captures(captures: Sequence[RowMapping]) -> Table:
    table = Table(title="Captures", title_justify="left")
    for name in ("captured", "outcome"):
        table.add_column(name)
    for each in captures:
        table.add_row(f"{captured_at(each['identity']):%Y-%m-%d %H:%M:%S}", Text(outcome_of(each)))
    return table


def _print_page(console: WholeConsole, explanation: Explanation, page: RowMapping) -> None:
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
        ("last outcome", "none yet" if page["outcome"] is None else outcome_of(page)),
    ):
        table.add_row(name, Text(str(value)))
    if explanation.held_back is not None:
        table.add_row("held back by", Text(explanation.held_back))
    console.print(table)
    visits = Table(title="Visits", title_justify="left")
    for name in ("run", "at", "outcome", "status", "attempts", "evidence"):
        visits.add_column(name)
    for visit in explanation.visits:
        visits.add_row(
            str(visit["run"]),
            f"{visit['at']:%Y-%m-%d %H:%M:%S}",
            Text(outcome_of(visit)),
            str(visit["status"] or ""),
            str(visit["attempts"]),
            Text(_one_line(visit["evidence"] or "")),
        )
    console.print(visits)


def _changes(earlier: Sequence[RowMapping], article: RowMapping) -> dict[int, Revised]:
    """Return what each revision changed, by its number."""
    versions = [*earlier, article]
    return {after["revision"]: revised(before, after) for before, after in pairwise(versions)}


def _print_changes(console: WholeConsole, changes: dict[int, Revised]) -> None:
    for number, change in changes.items():
        console.print(Text(f"Revision {number}", style="italic"))
        for name, (before, after) in change.fields.items():
            console.print(Text(f"- {name}: {_one_line(before)}", style="red"))
            console.print(Text(f"+ {name}: {_one_line(after)}", style="green"))
        for line in change.lines:
            style = "red" if line.sign == "-" else "green"
            console.print(Text(f"{line.sign} {line.text}", style=style))


def _print_article(
    console: WholeConsole,
    explanation: Explanation,
    article: RowMapping,
    changes: dict[int, Revised],
) -> None:
    table = Table(title=f"Article {article['id']}", title_justify="left")
    for name in ("field", "rule", "value"):
        table.add_column(name)
    for name, rule in article["provenance"].items():
        shown = article["extra"].get(name, article.get(name))
        for number, value in enumerate(_values(name, shown)):
            table.add_row("" if number else name, "" if number else rule, Text(value))
    console.print(table)
    facts = _facts("Its place in the dataset")
    facts.add_row("url", Text(article["url"]))
    confidence = article["confidence"]
    facts.add_row("confidence", "not known" if confidence is None else f"{confidence:.2f}")
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


def _values(name: str, value: Any) -> Iterator[str]:
    """Yield the lines that show a value: a list has one each; only a long text is cut, and says so."""
    if isinstance(value, list) and value:
        yield from map(_one_line, value)
        return
    text = _one_line(value)
    if name in TEXTS and len(text) > SHOWN:
        text = f"{text[:SHOWN]}… ({len(text):,} characters)"
    yield text


def _one_line(value: Any) -> str:
    if isinstance(value, dict):
        known = ((name, each) for name, each in value.items() if each is not None)
        return ", ".join(f"{name}={_one_line(each)}" for name, each in known)
    return " ".join(str(value).split())

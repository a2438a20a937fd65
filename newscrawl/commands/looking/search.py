"""``scrapy search``: stored articles that say some words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.text import Text
from scrapy.exceptions import UsageError

from newscrawl.exit_status import ExitStatus
from newscrawl.terminal.database_command import DatabaseCommand, known_site

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from newscrawl.search.finding import Found
    from newscrawl.search.query import Query, Term
    from newscrawl.search.snippets import Part

LIMIT = 10
MANY = 1000
TOLD = ("id", "url", "site", "headline", "published", "authors", "sections", "language")
"""Fields of an article in the JSON, besides its snippet."""


class Command(DatabaseCommand):
    arguments = (0, 100)

    def syntax(self) -> str:
        return "WORD… [--site SITE] [--section NAME] [--since DATE]"

    def short_desc(self) -> str:
        return "Find stored articles by their words, the newest first"

    def long_desc(self) -> str:
        return (
            "Finds articles that have all words in headline or text; case and accents do not "
            "count. '\"north pier\"' are words beside each other, 'harb*' is the beginning of one, "
            "'pier -ferry' leaves out what has the second: in quotes, so that the shell lets them "
            "through. With filters alone it lists what they let through. Ends with 1 where nothing "
            "was found."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", default="", help="only this site")
        parser.add_argument("--section", default="", help="only this section")
        parser.add_argument(
            "--author", default="", help="only by this author, as the record has it"
        )
        parser.add_argument("--language", default="", help="only this language, such as en")
        parser.add_argument("--since", metavar="DATE", help="published then or later (ISO 8601)")
        parser.add_argument("--until", metavar="DATE", help="published before")
        parser.add_argument("--with-copies", action="store_true", help="copies of articles too")
        parser.add_argument(
            "-n", "--limit", type=int, default=LIMIT, help=f"how many (default: {LIMIT})"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.search.finding import search
        from newscrawl.search.index import State, state_of

        if not 1 <= opts.limit <= MANY:
            raise UsageError(f"--limit is a number from 1 to {MANY:,}", print_help=False)
        state = state_of(connection)
        if state in {State.OFF, State.IMPOSSIBLE}:
            raise UsageError(state.value, print_help=False)
        query = _query(connection, args, opts)
        found = search(connection, query, limit=opts.limit)
        self.exitcode = ExitStatus.GOOD if found.articles else ExitStatus.FAILED
        if opts.json:
            self.print_json([_plain(row, query.wanted) for row in found.articles])
            return
        console = self.console()
        for row in found.articles:
            console.print(_shown(row, query.wanted))
        console.say(_summary(found))
        if state is State.UNFINISHED:
            console.say(state.value)


def _query(connection: Connection, args: Sequence[str], opts: argparse.Namespace) -> Query:
    from newscrawl.arguments.arguments import date_of
    from newscrawl.search.query import Query, terms_of

    asked = " ".join(args)
    terms = terms_of(asked)
    if asked and not terms:
        raise UsageError(f"no letter and no digit in {asked!r}", print_help=False)
    if not (terms or opts.site or opts.section or opts.author or opts.language):
        raise UsageError("name a word, or a filter such as --site", print_help=False)
    try:
        since = opts.since and date_of(opts.since, "--since")
        until = opts.until and date_of(opts.until, "--until")
    except ValueError as error:
        raise UsageError(str(error), print_help=False) from None
    return Query(
        terms,
        site=known_site(connection, opts.site) if opts.site else "",
        section=opts.section,
        author=opts.author,
        language=opts.language,
        since=since or None,
        until=until or None,
        copies=opts.with_copies,
    )


def _plain(row: RowMapping, terms: Sequence[Term]) -> dict[str, Any]:
    from newscrawl.search.snippets import snippet

    parts = snippet(row["text"], terms)
    return {**{name: row[name] for name in TOLD}, "snippet": "".join(part.text for part in parts)}


def _shown(row: RowMapping, terms: Sequence[Term]) -> Text:
    from newscrawl.search.snippets import marked, snippet

    facts = [_day(row["published"]), row["site"], *row["sections"][:1]]
    return Text.assemble(
        _parts(marked(row["headline"], terms), "bold"),
        f"\n{', '.join(facts)}\n",
        _parts(snippet(row["text"], terms), ""),
        f"\n{row['url']}\n",
    )


def _parts(parts: Sequence[Part], style: str) -> Text:
    return Text.assemble(
        *((part.text, f"{style} reverse" if part.is_marked else style) for part in parts)
    )


def _day(published: datetime | None) -> str:
    return "no date" if published is None else f"{published:%Y-%m-%d}"


def _summary(found: Found) -> str:
    shown = _articles(len(found.articles))
    if found.is_cut:
        return f"{shown}; the time was up before all texts were looked through"
    if not found.articles:
        return "nothing found"
    if found.after is None:
        return shown
    if found.number is None:
        return f"{shown}, and there are more"
    return f"{shown} of {found.number:,}"


def _articles(number: int) -> str:
    return f"{number:,} {'article' if number == 1 else 'articles'}"

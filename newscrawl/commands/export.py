"""``scrapy export``: the dataset as files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.markup import escape
from scrapy.exceptions import UsageError
from sqlalchemy import Connection, Engine

from newscrawl.arguments.arguments import date_of
from newscrawl.exporters.export import Export
from newscrawl.exporters.formats import is_markdown
from newscrawl.exporters.remote import is_remote, place_of, staged
from newscrawl.exporters.selection import MARKDOWN, Selection
from newscrawl.exporters.table import write_csv
from newscrawl.history.queries import told
from newscrawl.items import FIELDS
from newscrawl.report.stories import Edge, Stories, Telling
from newscrawl.store.outputs import Kind, note
from newscrawl.terminal.database_command import DatabaseCommand, known_site

FILTERS = {
    "site": "only this site; may be repeated, as may the next three",
    "section": "only articles of this section",
    "tag": "only articles with this tag",
    "language": "only articles in this language: en is also en-US",
}
HTML = "html"
_MANY = 1_000


class Command(DatabaseCommand):
    arguments = (0, _MANY)

    def syntax(self) -> str:
        return "[options] FILE…"

    def short_desc(self) -> str:
        return "Write what is stored to files: JSON Lines, CSV, Excel, Parquet, Markdown"

    def long_desc(self) -> str:
        return (
            "Writes the stored articles to each FILE in the format of its ending: .jsonl, "
            ".jsonl.gz, .jsonl.zst, .csv, .xlsx or .parquet; a folder (its name ends with a slash) "
            "gets Parquet files by site and month, one called ….md/ a Markdown file an article. "
            "A dataset card, README.md, is written beside them, and for programs datapackage.json "
            "and croissant.json. "
            "A FILE may be a URL of an object store, s3://bucket/articles.parquet (extra remote). "
            "A file is replaced whole or not at all, and the same data gives the same bytes. "
            "Parquet, zstd and Excel need the extra: pip install 'newscrawl[export]'."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        own = parser.add_argument_group("Export Options")
        for name, told_of in FILTERS.items():
            own.add_argument(f"--{name}", action="append", default=[], help=told_of)
        own.add_argument("--since", metavar="DATE", help="published then or later (ISO 8601)")
        own.add_argument("--until", metavar="DATE", help="published before")
        own.add_argument(
            "--since-run", type=int, metavar="N", help="only what has changed since run N ended"
        )
        own.add_argument(
            "--doubtful", action="store_true", help="only articles whose text is doubtful"
        )
        own.add_argument("--with-copies", action="store_true", help="copies of articles too")
        own.add_argument(
            "--revisions",
            action="store_true",
            help="earlier revisions too, each a row before its article",
        )
        own.add_argument("--fields", metavar="NAME,…", help="only these fields")
        own.add_argument(
            "--markdown",
            action="store_true",
            help="a field markdown too: headline and body in Markdown, made from html",
        )
        own.add_argument(
            "--html", action="store_true", help="the field html too: the body as markup"
        )
        own.add_argument(
            "--excel",
            action="store_true",
            help="CSV as Excel reads it: with a byte order mark, and no cell longer than it takes",
        )
        own.add_argument("--no-card", action="store_true", help="write no dataset card")
        own.add_argument(
            "--syndication", metavar="FILE", help="CSV: carrier, origin, number of stories"
        )
        own.add_argument("--stories", metavar="FILE", help="CSV: articles that tell the same story")

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        given = (*args, opts.syndication, opts.stories)
        paths = [each for each in given if each and not is_remote(each)]
        note(engine, [Path(each) for each in paths], Kind.EXPORT)
        for root, path in {place_of(each) for each in args if is_remote(each)}:
            note(engine, [Path(path)], Kind.EXPORT, host=root)
        super().work_on(engine, args, opts)

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        if not (args or opts.syndication or opts.stories):
            raise UsageError(f"usage: {self.program} export {self.syntax()}", print_help=False)
        try:
            self._export(connection, args, opts)
            self._stories(connection, opts)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        except OSError as error:
            print(f"Not exported: {_said(error)}", file=sys.stderr)  # noqa: T201 - the one line
            self.exitcode = 1

    def _export(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        if not args:
            return
        selection = _selection(connection, opts, in_files=any(map(is_markdown, args)))
        how = {"with_card": not opts.no_card, "for_excel": opts.excel}
        with TemporaryDirectory() as folder, staged(args, Path(folder)) as targets:
            rows = Export(targets, selection, _filters(opts), **how).run(connection)
        self.console().print(f"{rows:,} articles written to {escape(', '.join(args))}")

    def _stories(self, connection: Connection, opts: argparse.Namespace) -> None:
        if not (opts.syndication or opts.stories):
            return
        stories = Stories(partial(told, connection))
        if opts.syndication:
            self._write(opts.syndication, Edge._fields, stories.edges(), "edges")
        if opts.stories:
            self._write(opts.stories, Telling._fields, stories.tellings(), "articles")

    def _write(
        self, path: str, names: Sequence[str], rows: Iterable[Sequence[Any]], what: str
    ) -> None:
        if not Path(path).parent.is_dir():
            raise ValueError(f"{path}: there is no folder {Path(path).parent}")
        number = write_csv(Path(path), names, rows)
        self.console().print(f"{number:,} {what} written to {escape(path)}")


def _selection(connection: Connection, opts: argparse.Namespace, *, in_files: bool) -> Selection:
    return Selection(
        sites=[known_site(connection, each) for each in opts.site],
        since=_date(opts.since, "--since"),
        until=_date(opts.until, "--until"),
        sections=opts.section,
        tags=opts.tag,
        languages=opts.language,
        with_copies=opts.with_copies,
        with_revisions=opts.revisions,
        since_run=opts.since_run,
        doubtful=opts.doubtful,
        names=_names(opts.fields, with_html=opts.html, with_markdown=opts.markdown or in_files),
    )


def _filters(opts: argparse.Namespace) -> dict[str, Any]:
    names = (
        *FILTERS,
        "since",
        "until",
        "since_run",
        "doubtful",
        "with_copies",
        "revisions",
        "fields",
        "html",
        "markdown",
    )
    given = {name: getattr(opts, name) for name in names}
    return {name: value for name, value in given.items() if value not in (None, [], False)}


def _names(given: str | None, *, with_html: bool, with_markdown: bool) -> Sequence[str]:
    """Return fields in their order; with none named, all but ``html``, which says ``text`` again."""
    more = {HTML} if with_html else set()
    more |= {MARKDOWN} if with_markdown else set()
    known = (*FIELDS, MARKDOWN)
    if given is None:
        asked = [name for name in FIELDS if name != HTML]
    else:
        asked = [each.strip() for each in given.split(",") if each.strip()]
    unknown = [each for each in asked if each not in known]
    if unknown or not asked:
        what = f"no field {', '.join(map(repr, unknown))}" if unknown else "no field named"
        raise ValueError(f"--fields: {what}; there are: {', '.join(known)}")
    return [name for name in known if name in {*asked, *more}]


def _date(given: str | None, option: str) -> datetime | None:
    return None if given is None else date_of(given, option)


def _said(error: OSError) -> str:
    """The system's own words, and where; Arrow wraps them."""
    said = str(error).partition(" Detail: ")[0] if error.strerror is None else error.strerror
    return f"{said} ({error.filename})" if error.filename else said

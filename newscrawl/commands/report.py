"""``scrapy report``: what was crawled, as one HTML page."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from scrapy.exceptions import UsageError
from sqlalchemy import Connection, Engine, make_url

from newscrawl.arguments.arguments import KNOWN
from newscrawl.store.outputs import Kind, note
from newscrawl.store.replacing import write_whole
from newscrawl.terminal.data_folder import DATABASE
from newscrawl.terminal.database_command import DatabaseCommand, known_site
from newscrawl.terminal.logging_command import CMDLINE
from newscrawl.terminal.next_steps import folder_of, started_as

if TYPE_CHECKING:
    from newscrawl.report.steps import Shell


class Command(DatabaseCommand):
    def syntax(self) -> str:
        return "[-o report.html] [--site SITE]"

    def short_desc(self) -> str:
        return "Write what was crawled as one page with charts and tables"

    def long_desc(self) -> str:
        return (
            "Writes one HTML file that needs no network: whether the dataset is complete, fresh and "
            "clean, and what to do; runs and their outcomes, articles by date and section, fields, "
            "copies, syndication, gaps between requests, failing and slow pages. Needs the extra: "
            "pip install 'newscrawl[report]'."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", default="report.html", metavar="FILE", help="default: report.html"
        )
        parser.add_argument(
            "--site", action="append", default=[], help="only this site; may be repeated"
        )

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        note(engine, [Path(opts.output)], Kind.REPORT)
        super().work_on(engine, args, opts)

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        path = Path(opts.output)
        if find_spec("jinja2") is None:
            raise UsageError(
                "a report needs the extra: pip install 'newscrawl[report]'", print_help=False
            )
        if not path.parent.is_dir() or path.is_dir():
            raise UsageError(f"{path}: there is no folder {path.parent}", print_help=False)
        from newscrawl.report.figures import figures
        from newscrawl.report.page import page

        found = figures(connection, [known_site(connection, each) for each in opts.site])
        text = page(found, self._shell())
        try:
            write_whole(path, text)
        except OSError as error:
            print(f"No report: {error.strerror} ({path})", file=sys.stderr)  # noqa: T201 - the one line
            self.exitcode = 1
            return
        self.console().print(f"written to {escape(str(path))}")

    def _shell(self) -> Shell:
        from newscrawl.report.steps import Shell

        return Shell(started_as(sys.argv[0]), self._options(), KNOWN)

    def _options(self) -> tuple[str, ...]:
        """Return what has to be said for another command to find the same data."""
        assert self.settings is not None
        folder = folder_of(self.settings)
        if folder is not None:
            return () if folder == Path("data") else ("--data", str(folder))
        if (self.settings.getpriority(DATABASE) or 0) < CMDLINE:
            return ()
        url = make_url(self.settings[DATABASE]).render_as_string(hide_password=True)
        return ("-s", f"{DATABASE}={url}")

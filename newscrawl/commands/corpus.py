"""``scrapy corpus``: WARC files, any number of them, as one clean dataset."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.utils.misc import load_object

from newscrawl.terminal.console import WholeConsole
from newscrawl.terminal.logging_command import LoggingCommand

if TYPE_CHECKING:
    import argparse

    from newscrawl.corpus.actions.action import Action

ACTIONS = {
    "build": "newscrawl.corpus.actions.build.BuildAction",
    "dedupe": "newscrawl.corpus.actions.dedupe.DedupeAction",
    "list": "newscrawl.corpus.actions.listing.ListAction",
    "report": "newscrawl.corpus.actions.report.ReportAction",
    "status": "newscrawl.corpus.actions.status.StatusAction",
}
NEEDED = {
    "build": ("fastwarc", "pyarrow"),
    "dedupe": ("duckdb", "pyarrow"),
    "report": ("duckdb", "pyarrow"),
}
"""Packages of the extra, by action."""


class Command(LoggingCommand):
    requires_crawler_process = False

    def syntax(self) -> str:
        return "build OUT INPUT… | dedupe OUT | list CDX… | report OUT | status OUT"

    def short_desc(self) -> str:
        return "Turn any number of WARC files into one clean dataset"

    def long_desc(self) -> str:
        return (
            "build reads WARC files (files, folders, patterns, .paths lists, URLs of object "
            "stores) with the page objects of a crawl, on all cores, and leaves a part of Parquet "
            "and an account of every record for each. Killed at any moment, the same command goes "
            "on. dedupe makes one dataset of the parts: copies marked, earlier texts as revisions. "
            "list finds the WARC files, or the records, with the pages of a site, by CDX files and "
            "CDX servers. report writes an HTML page of what there is; status tells it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        shared = parser.add_argument_group("Options of all")
        shared.add_argument(
            "--site",
            action="append",
            default=[],
            metavar="DOMAIN",
            help="build, list: only this site; may be repeated",
        )
        shared.add_argument(
            "--since", metavar="DATE", help="build, list: only captures of then or later (ISO 8601)"
        )
        shared.add_argument(
            "--until", metavar="DATE", help="build, list: only captures before then"
        )
        shared.add_argument(
            "--jobs",
            metavar="N",
            help="build, dedupe, report: processes at work, default: one a core",
        )
        shared.add_argument(
            "-o",
            "--output",
            type=Path,
            metavar="FILE",
            help="list: FILE.paths, a WARC file a line, for build, or FILE.captures, a record a "
            "line; otherwise paths to standard output. report: the page, default report.html",
        )
        for action in self._actions().values():
            action.add_options(parser)

    def _actions(self) -> dict[str, Action]:
        return {name: load_object(path)() for name, path in ACTIONS.items()}

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.corpus.actions.action import Asked

        assert self.settings is not None
        name, words = (args[0] if args else ""), args[1:]
        action = self._actions().get(name)
        if action is None or any(each.startswith("-") for each in words):
            raise UsageError(f"usage: {self.program} corpus {self.syntax()}", print_help=False)
        if len(words) < action.least or (action.most is not None and len(words) > action.most):
            raise UsageError(
                f"usage: {self.program} corpus {name} {action.takes}", print_help=False
            )
        missing = [each for each in NEEDED.get(name, ()) if find_spec(each) is None]
        if missing:
            raise UsageError(
                f"{missing[0]} is not installed: pip install 'newscrawl[corpus]'", print_help=False
            )
        try:
            self.exitcode = action.run(Asked(words, opts, self.settings, WholeConsole()))
        except (ValueError, OSError) as error:
            raise UsageError(str(error), print_help=False) from None

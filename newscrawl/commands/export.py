from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError
from sqlalchemy import Connection

from newscrawl.database_command import DatabaseCommand
from newscrawl.report.stories import Edge, Stories, Telling
from newscrawl.report.table import write_csv
from newscrawl.store.queries import told


class Command(DatabaseCommand):
    def syntax(self) -> str:
        return "[--syndication FILE.csv] [--stories FILE.csv]"

    def short_desc(self) -> str:
        return "Write what is stored to files"

    def long_desc(self) -> str:
        return (
            "Writes who carries whose stories (--syndication), and the articles of all sites "
            "grouped by the story they tell (--stories). A file is replaced whole or not at all."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--syndication", metavar="FILE", help="CSV: carrier, origin, number of stories"
        )
        parser.add_argument(
            "--stories", metavar="FILE", help="CSV: articles that tell the same story"
        )

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        if not (opts.syndication or opts.stories):
            raise UsageError(f"usage: scrapy export {self.syntax()}", print_help=False)
        stories = Stories(partial(told, connection))
        if opts.syndication:
            number = self._write(opts.syndication, Edge._fields, stories.edges())
            self.console().print(f"{number:,} edges written to {opts.syndication}")
        if opts.stories:
            number = self._write(opts.stories, Telling._fields, stories.tellings())
            self.console().print(f"{number:,} articles written to {opts.stories}")

    @staticmethod
    def _write(path: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        try:
            return write_csv(Path(path), names, rows)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}", print_help=False) from None

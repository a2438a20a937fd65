"""``newscrawl corpus dedupe``: one clean dataset out of the parts of a corpus."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from newscrawl.corpus.building import BusyError, NotACorpusError, about_of, locked
from newscrawl.corpus.deduping.balance import NotDedupedError
from newscrawl.corpus.layout import Layout
from newscrawl.exit_status import ExitStatus
from newscrawl.processes.jobs import jobs_or_cores

if TYPE_CHECKING:
    import argparse

    from newscrawl.corpus.actions.action import Asked
    from newscrawl.corpus.deduping.balance import Balance

SCOPES = ("all", "site")
MEMORY = "1GB"
_SIZE = re.compile(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?)?B", re.IGNORECASE)
_MEANING = {
    "originals": "articles that tell a story first",
    "exact": "articles that tell another one's text",
    "near": "articles that tell nearly another one's text",
    "canonical": "captures of further addresses of an article",
    "revisions": "what an article said before it was changed",
    "unchanged": "captures of a page that had not changed",
    "repeated": "records that are there twice",
}


class DedupeAction:
    takes = "OUT"
    least = most = 1

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        own = parser.add_argument_group("Dedupe Options")
        own.add_argument(
            "--scope",
            choices=SCOPES,
            default=SCOPES[0],
            help="where copies are looked for: in all sites (default), or in each by itself",
        )
        own.add_argument(
            "--memory",
            metavar="SIZE",
            default=MEMORY,
            help=f"of the tables, the rest lies on the disk (default {MEMORY})",
        )

    def run(self, asked: Asked) -> int:
        layout = Layout(Path(asked.words[0]).resolve())
        if about_of(layout) is None:
            raise NotACorpusError(f"{layout.folder} is no corpus")
        if not _SIZE.fullmatch(asked.options.memory):
            raise ValueError(f"--memory is no size such as {MEMORY}: {asked.options.memory}")
        try:
            with locked(layout):
                balance = self._follow(layout, asked)
        except BusyError as error:
            asked.console.print(Text(str(error)))
            return ExitStatus.LOCKED
        except NotDedupedError as error:
            asked.console.print(Text(f"nothing was replaced: {error}"))
            return ExitStatus.FAILED
        asked.console.print(_table(balance))
        asked.console.print(f"{balance.rows:,} rows, {balance.articles:,} articles")
        return ExitStatus.GOOD

    @staticmethod
    def _follow(layout: Layout, asked: Asked) -> Balance:
        from newscrawl.corpus.deduping.deduping import Deduping  # noqa: PLC0415 - it needs the extra
        from newscrawl.dataset.near import Scope  # noqa: PLC0415 - it loads SQLAlchemy

        options, console = asked.options, asked.console
        deduping = Deduping(
            layout,
            scope=Scope(options.scope),
            jobs=jobs_or_cores(options.jobs),
            memory=options.memory,
        )
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bar:
            shown = bar.add_task("", total=None)
            return deduping.run(lambda step: bar.update(shown, description=step))


def _table(balance: Balance) -> Table:
    table = Table(title="What became of the rows", title_justify="left")
    table.add_column("as")
    table.add_column("rows", justify="right")
    table.add_column("")
    for name, meaning in _MEANING.items():
        table.add_row(name, f"{getattr(balance, name):,}", meaning)
    return table

"""The console of all commands: nothing that it prints is cut."""

from __future__ import annotations

import textwrap
from typing import Any, TextIO

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

ENDLESS = 1_000_000
"""Columns: what is not read on a terminal has no edge."""


class WholeConsole(Console):
    """A console that shows every value in full.

    On a terminal a value that is too long for its column goes on in the next line of its cell;
    elsewhere (a pipe, a file, cron) each row is one line, however long, so that ``grep`` finds
    what is in it. Text is not broken, so that what is copied from it stays whole.
    """

    def __init__(self, *, stderr: bool = False, file: TextIO | None = None) -> None:
        super().__init__(
            file=file,
            stderr=stderr,
            soft_wrap=True,
            highlight=False,
            force_terminal=None if file is None else False,
            color_system="auto" if file is None else None,
        )
        if not self.file.isatty():
            self.width = ENDLESS

    def print(self, *objects: Any, **how: Any) -> None:
        for each in objects:
            if isinstance(each, Table):
                for column in each.columns:
                    column.overflow = "fold"
        super().print(*objects, **how)

    def say(self, sentences: str, style: str = "") -> None:
        """Print prose: wrapped between words on a terminal, a line elsewhere."""
        lines = textwrap.wrap(sentences, self.width, break_long_words=False, break_on_hyphens=False)
        self.print(Text("\n".join(lines), style=style))

    def fits(self, table: Table) -> bool:
        """Whether no value of a table needs a second line."""
        free = self.options.update(width=ENDLESS)
        return Measurement.get(self, free, table).maximum <= self.width

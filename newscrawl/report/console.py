"""The console of all commands: nothing that it prints is cut."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

ENDLESS = 1_000_000
"""Columns: what is not read on a terminal has no edge."""


class WholeConsole(Console):
    """A console whose tables show every value in full.

    On a terminal a value that is too long goes on in the next line of its cell; elsewhere (a
    pipe, a file, cron) each row is one line, however long, so that ``grep`` finds what is in it.
    Text is never broken: a terminal does that itself, and what is copied from it stays whole.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=True, highlight=False)
        if not self.is_terminal:
            self.width = ENDLESS

    def print(self, *objects: Any, **how: Any) -> None:
        for each in objects:
            if isinstance(each, Table):
                for column in each.columns:
                    column.overflow = "fold"
        super().print(*objects, **how)

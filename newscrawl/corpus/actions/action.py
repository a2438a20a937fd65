"""What the actions of ``newscrawl corpus`` have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from scrapy.settings import BaseSettings

    from newscrawl.terminal.console import WholeConsole


class Asked(NamedTuple):
    """What a user has asked for: ``words`` are those behind the name of the action."""

    words: Sequence[str]
    options: argparse.Namespace
    settings: BaseSettings
    console: WholeConsole


class Action(Protocol):
    """One thing that can be done with a corpus.

    ``takes`` says in the usage line what stands behind the name of the action, ``least`` and
    ``most`` how many words these are. What an action raises as ``ValueError`` or ``OSError`` is a
    mistake of the user: a line, and the status 2.
    """

    takes: str
    least: int
    most: int | None

    def add_options(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, asked: Asked) -> int:
        """Do it; return the exit status."""
        ...

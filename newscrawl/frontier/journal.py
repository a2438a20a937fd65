"""What goes with every group that a run commits: its right to write, and its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection

from newscrawl.frontier import fencing, runs


class Files(Protocol):
    """Files that are written before the commit which makes what is in them count."""

    def before_commit(self, connection: Connection) -> None:
        """Write what is pending, and put the new lengths into the commit."""

    def reopen(self, connection: Connection) -> None:
        """Go back to what the database has committed, after a transaction that was rolled back."""

    def mark(self) -> Any:
        """Return what :meth:`cut` goes back to."""

    def cut(self, mark: Any) -> None:
        """Take back what came after a mark, within the same group."""


class RunJournal:
    """Numbers the groups of a run in its own row, and keeps its files in step with them."""

    def __init__(self, run: int, files: Sequence[Files]) -> None:
        self._run = run
        self._files = files

    def begin(self, connection: Connection, group: int) -> None:
        """Raises ``LeaseLost`` where another run has closed this one and taken its sites over."""
        fencing.begin_group(connection, self._run, group)

    def before_commit(self, connection: Connection) -> None:
        """Write the files of a run that may still write them: it may have stood still meanwhile."""
        fencing.confirm(connection)
        for each in self._files:
            each.before_commit(connection)

    def has(self, connection: Connection, group: int) -> bool:
        fencing.name_session(connection, self._run)
        fencing.end_lost(connection, self._run)
        return runs.last_group(connection, self._run) == group

    def reopen(self, connection: Connection) -> None:
        for each in self._files:
            each.reopen(connection)

    @contextmanager
    def attempt(self, connection: Connection) -> Iterator[None]:
        """Take back, in the database and in files, what a ``with`` block did that fails."""
        marks = [(each, each.mark()) for each in self._files]
        try:
            with connection.begin_nested():
                yield
        except BaseException:
            for each, mark in marks:
                each.cut(mark)
            raise

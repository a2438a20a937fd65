"""What goes with every group that a run commits: its right to write, and its files."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from newscrawl.store import ledger
from newscrawl.store.articles import ArticleStore


class RunJournal:
    """Numbers the groups of a run in its own row, and keeps the logs in step with them."""

    def __init__(self, run: int, sites: Sequence[str], articles: ArticleStore) -> None:
        self._run = run
        self._sites = sites
        self._articles = articles

    def begin(self, connection: Connection, group: int) -> None:
        """Raises ``LeaseLost`` where another run has closed this one and taken its sites over."""
        ledger.begin_group(connection, self._run, group)

    def before_commit(self, connection: Connection) -> None:
        self._articles.before_commit(connection)

    def has(self, connection: Connection, group: int) -> bool:
        return ledger.last_group(connection, self._run) == group

    def reopen(self, connection: Connection) -> None:
        self._articles.reopen(connection, self._sites)

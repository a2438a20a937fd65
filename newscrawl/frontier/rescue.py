"""What is left to do where a group's values are refused: each row by itself, as far as it goes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from newscrawl.frontier import claims, rows
from newscrawl.frontier.rows import Found
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome, Unstorable
from newscrawl.store.faults import is_of_a_row
from newscrawl.store.writer import Journal

logger = logging.getLogger(__name__)


class Rescue:
    """Adds, finishes and releases row by row; what is refused leaves no trace in files either."""

    def __init__(self, journal: Journal, run: int) -> None:
        self._journal = journal
        self._run = run

    def discover(
        self,
        connection: Connection,
        found: Sequence[Found],
        *,
        found_on: int | None = None,
        revisit: bool = False,
    ) -> int:
        """Add rows one by one; what no row can hold is logged."""
        queued = 0
        for link in found:
            try:
                with self._journal.attempt(connection):
                    queued += rows.discover(
                        connection, self._run, [link], found_on=found_on, revisit=revisit
                    )
            except Exception as error:
                if not is_of_a_row(error):
                    raise
                logger.warning("No row for %r: %s", link.url, error)
        return queued

    def finish(
        self,
        connection: Connection,
        done: Sequence[Visit],
        finish: Callable[[Sequence[Visit]], int],
    ) -> int:
        """Commit visits one by one; one whose values are refused has failed, as ``Unstorable``."""
        queued = 0
        for visit in done:
            try:
                with self._journal.attempt(connection):
                    queued += finish([visit])
            except Exception as error:
                if not is_of_a_row(error):
                    raise
                logger.warning("What became of %s cannot be stored: %s", visit.row.url, error)
                queued += self.discover(connection, visit.links, found_on=visit.row.id)
                failed = Visit(
                    visit.row,
                    Outcome.FAILED,
                    Unstorable.__name__,
                    status=visit.status,
                    answers=visit.answers,
                )
                queued += finish([failed])
        return queued

    def release(self, connection: Connection, visit: Visit) -> int:
        """Queue the row of a visit again, and add its links one by one."""
        claims.release(connection, self._run, visit.row)
        return self.discover(connection, visit.links, found_on=visit.row.id)

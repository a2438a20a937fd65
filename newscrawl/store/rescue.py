"""What is left to do where a group's values are refused: each row by itself, as far as it goes.

Functions of the writer thread, asked only after a failure.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Connection

from newscrawl.outcomes import Outcome, Unstorable
from newscrawl.store import ledger
from newscrawl.store.faults import is_of_a_row
from newscrawl.store.ledger import Found, Visit
from newscrawl.store.revisit import RevisitPolicy

logger = logging.getLogger(__name__)


def discover(
    connection: Connection,
    run: int,
    found: Sequence[Found],
    *,
    found_on: int | None = None,
    revisit: bool = False,
) -> int:
    """Add rows one by one, as ``ledger.discover`` does; what no row can hold is logged."""
    queued = 0
    for link in found:
        try:
            with connection.begin_nested():
                queued += ledger.discover(
                    connection, run, [link], found_on=found_on, revisit=revisit
                )
        except Exception as error:
            if not is_of_a_row(error):
                raise
            logger.warning("No row for %r: %s", link.url, error)
    return queued


def finish(
    connection: Connection, run: int, done: Sequence[Visit], policy: RevisitPolicy, *, cycle: int
) -> int:
    """Commit visits one by one; one whose values are refused has failed, as ``Unstorable``."""
    queued = 0
    for visit in done:
        try:
            with connection.begin_nested():
                queued += ledger.finish(connection, run, [visit], policy, cycle=cycle)
        except Exception as error:
            if not is_of_a_row(error):
                raise
            logger.warning("What became of %s cannot be stored: %s", visit.row.url, error)
            queued += discover(connection, run, visit.links, found_on=visit.row.id)
            failed = Visit(visit.row, Outcome.FAILED, Unstorable.__name__, status=visit.status)
            queued += ledger.finish(connection, run, [failed], policy, cycle=cycle)
    return queued


def release(connection: Connection, run: int, visit: Visit) -> int:
    """Queue the row of a visit again, and add its links one by one."""
    ledger.release(connection, run, visit.row)
    return discover(connection, run, visit.links, found_on=visit.row.id)

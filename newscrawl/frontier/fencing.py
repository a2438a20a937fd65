"""The fence between a run that was taken over and the run that goes on in its place.

A run that is taken over may be alive: its machine stood still, or its connection broke without a
word. What it had not committed is taken back, and it can commit nothing more.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Update, bindparam, func, select, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.sql import column, table

from newscrawl.frontier import lease
from newscrawl.frontier.lease import Lease, LeaseLost
from newscrawl.store.prepared import prepared
from newscrawl.store.schema import runs

NAME_LENGTH = 63
"""Of what PostgreSQL shows of a session's name."""
ACTIVITY = table(
    "pg_stat_activity",
    column("pid"),
    column("datname"),
    column("application_name"),
    column("state"),
    column("wait_event_type"),
)
_BEGIN = (
    update(runs)
    .where(runs.c.id == bindparam("run"), runs.c.finished.is_(None))
    .values(groups=bindparam("group"))
)
_BEGUN = ("group", "run")

logger = logging.getLogger(__name__)


def session_name(run: int, pid: int | None = None, host: str | None = None) -> str:
    """Return what the sessions of a run are called while they write; by default of this process.

    It is told by ``pg_stat_activity`` from the first moment of a transaction, and to nobody
    after its end, so a connection that serves others later is never taken for the run's.
    """
    name = f"newscrawl run {run} by {pid or os.getpid()} on {host or socket.gethostname()}"
    return name.encode("ascii", "replace").decode()[:NAME_LENGTH]


def call(run: int) -> ColumnElement[str]:
    """An expression that calls the session of a transaction by the name of a run."""
    return func.set_config("application_name", session_name(run), True)


def begin_group(connection: Connection, run: int, group: int | None = None) -> None:
    """Begin a group of changes of a run: nobody can close the run until it is committed.

    It is counted in the run's row where it has a number.

    Raises:
        LeaseLost: the run has been closed, so it may write no more.
    """
    if connection.dialect.name != "postgresql" and group is not None:
        begun = prepared(_BEGIN, _BEGUN, connection.dialect).run(connection, [(group, run)])
    else:
        begun = connection.execute(_begin(connection, run, group)).rowcount
    if not begun:
        raise LeaseLost(f"run {run} was closed by another run, which took its sites over")


def _begin(connection: Connection, run: int, group: int | None) -> Update:
    counting = (
        update(runs)
        .where(runs.c.id == run, runs.c.finished.is_(None))
        .values(groups=runs.c.groups if group is None else group)
    )
    if connection.dialect.name == "postgresql":
        return counting.returning(call(run))
    return counting


def confirm(connection: Connection) -> None:
    """See that the transaction still stands, and so the right to write.

    Raises:
        SQLAlchemyError: the server has ended it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(1))


def is_at_work(connection: Connection, run: int, *, may_wait: bool) -> bool:
    """Whether PostgreSQL works on a statement of a run of this process.

    It does not where it waits for the next statement, or knows of none; nor, unless it ``may_wait``,
    where a lock is waited for.
    """
    waiting = select(ACTIVITY.c.wait_event_type).where(
        ACTIVITY.c.datname == func.current_database(),
        ACTIVITY.c.application_name == session_name(run),
        ACTIVITY.c.state == "active",
    )
    found = connection.execute(waiting).scalars().all()
    return any(may_wait or each != "Lock" for each in found)


def fence_off(connection: Connection, sites: Sequence[str]) -> list[int]:
    """Close the dead runs of sites, so that none of them counts anything more; return them.

    Raises:
        SiteLocked: a living run holds one of the sites; also one that stirred at the last moment.
    """
    dead = lease.holders(connection, sites)
    if not dead:
        return []
    end_sessions(connection, dead)
    connection.execute(
        update(runs)
        .where(runs.c.id.in_({each.run for each in dead}), runs.c.finished.is_(None))
        .values(finished=datetime.now(UTC), reason="killed")
    )
    return lease.clear_dead(connection, sites)


def end_sessions(connection: Connection, dead: Sequence[Lease]) -> None:
    """End what transactions dead runs have left open on PostgreSQL, if we may.

    Where we may not, for they are another role's, their locks are held until
    ``NEWSCRAWL_TRANSACTION_TIMEOUT`` has passed.
    """
    if connection.dialect.name != "postgresql":
        return
    names = {session_name(each.run, each.pid, each.host) for each in dead}
    ending = select(func.pg_terminate_backend(ACTIVITY.c.pid)).where(
        ACTIVITY.c.datname == func.current_database(),
        ACTIVITY.c.application_name.in_(names),
        ACTIVITY.c.pid != func.pg_backend_pid(),
    )
    try:
        with connection.begin_nested():
            ended = len(connection.execute(ending).all())
    except ProgrammingError as error:
        logger.warning("The sessions of a dead run are not ours to end: %s", error.orig)
        return
    if ended:
        logger.info("Ended %d sessions of dead runs", ended)

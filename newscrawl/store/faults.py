"""What a failure of the database means for the work that failed."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

logger = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between two tries; each is twice the one before."""
PASSING = ("08", "57P01", "57P02", "57P03", "53300", "40001", "40P01", "55P03")
"""SQLSTATEs, or classes of them, of PostgreSQL's appendix A: a lost connection, a server that stops
or starts, too many connections, transactions that came into each other's way, a lock that
another one keeps for long."""
LOCKED = "55P03"
"""SQLSTATE of a lock that was not to be had within PostgreSQL's ``lock_timeout``."""
BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""SQLite's primary result codes for the same."""
LOCKED_BY_OTHERS = "another process has locked the database for longer than this one waits"
TOO_LARGE = "54"
"""Class of SQLSTATEs: a limit is exceeded, e.g. by a key that no index takes."""


def pauses(patience: float) -> Iterator[float]:
    """Yield how long to wait before each further try, until ``patience`` seconds have passed."""
    deadline = time.monotonic() + patience
    pause = FIRST_PAUSE
    while time.monotonic() + pause <= deadline:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)


def patiently(work: Callable[[], T], patience: float) -> T:
    """Do work again while the database is away, for up to ``patience`` seconds.

    Raises:
        SQLAlchemyError: it failed by something else, or for longer.
    """
    waits = pauses(patience)
    while True:
        try:
            return work()
        except SQLAlchemyError as error:
            wait_after(error, waits)


def wait_after(
    error: Exception, waits: Iterator[float], hurry: threading.Event | None = None
) -> None:
    """Sleep before the next try, or raise the error where there is none: ``hurry`` allows none."""
    hurry = hurry or threading.Event()
    pause = next(waits, None) if is_passing(error) and not hurry.is_set() else None
    if pause is None:
        raise error
    what = "locked" if is_locked(error) else "away"
    logger.warning("The database is %s, next try in %.1f s: %s", what, pause, error)
    if hurry.wait(pause):
        raise error


def is_passing(error: Exception) -> bool:
    """Whether the same work can succeed a little later: the server is away, or busy with others.

    SQLite's own failures are not, but for a lock that another process has held for too long.
    """
    if is_locked(error):
        return True
    if not isinstance(error, (OperationalError, InterfaceError)):
        return isinstance(error, DBAPIError) and error.connection_invalidated
    if not hasattr(error.orig, "sqlstate"):
        return False
    state = _state(error)
    return error.connection_invalidated or not state or state.startswith(PASSING)


def is_locked(error: BaseException) -> bool:
    """Whether another process held a lock for longer than the database waits for it."""
    cause = getattr(error, "orig", error)
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & 0xFF in BUSY
    return getattr(cause, "sqlstate", None) == LOCKED


def is_of_a_row(error: Exception) -> bool:
    """Whether it was the values that the database, or its driver, would not take."""
    if isinstance(error, OperationalError):
        return _state(error).startswith(TOO_LARGE)
    if isinstance(error, DBAPIError):
        return isinstance(error, (DataError, IntegrityError))
    return isinstance(error, (StatementError, ValueError, OverflowError))


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""

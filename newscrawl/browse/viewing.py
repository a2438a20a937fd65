"""Connections that only read, and never for long."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from newscrawl.store.database import checked_url, connect, file_of
from newscrawl.store.waiting import Waits

SECONDS = 8.0
"""Longest time that a statement may take, and on SQLite all of a page."""
STEPS = 20_000
"""Of SQLite's machine between two looks at the clock."""
CANCELLED = "57014"
"""PostgreSQL's SQLSTATE of a statement that took too long."""


def read_only(url: str, waits: Waits) -> Engine:
    """Return an engine for a database that is there and has the newest schema.

    Both databases refuse to write: a SQLite file is opened for reading, and a session of
    PostgreSQL reads only.
    """
    path = file_of(checked_url(url))
    if path is None:
        engine = connect(url, waits=waits)
        event.listen(engine, "connect", _read_postgres)
        return engine
    place = f"{path.absolute().as_uri()}?mode=ro"

    def opened() -> sqlite3.Connection:
        database = sqlite3.connect(place, uri=True, check_same_thread=False, isolation_level=None)
        database.execute("PRAGMA query_only=ON")
        database.execute("PRAGMA cache_size=-65536")
        return database

    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def is_too_long(error: DBAPIError) -> bool:
    """Whether a statement was broken off because its time was up."""
    original: Any = error.orig
    return str(original) == "interrupted" or getattr(original, "sqlstate", None) == CANCELLED


def _begin(connection: Connection) -> None:
    until = time.monotonic() + SECONDS
    raw: Any = connection.connection.dbapi_connection
    raw.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    connection.exec_driver_sql("BEGIN")


def _read_postgres(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute(f"SET statement_timeout = {round(SECONDS * 1000)}")
    connection.commit()

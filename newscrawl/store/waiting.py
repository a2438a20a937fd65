"""How long a connection to PostgreSQL waits, and how one is broken off that waits in vain."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, Protocol, Self

from sqlalchemy import URL, Connection, Engine, event

CONNECT_SECONDS = 5
CHECK_SECONDS = 5
"""After which a server that works, or waits for a lock, looks whether who asked it is still there."""
LONGEST = 86_400
SETTINGS = {
    "NEWSCRAWL_LOCK_TIMEOUT": 30.0,
    "NEWSCRAWL_TRANSACTION_TIMEOUT": 60.0,
    "NEWSCRAWL_SILENCE_TIMEOUT": 30.0,
}
"""In the order of :class:`Waits`, with what they are where nobody has set them."""
PROBES = 3
"""What is sent to a peer that says nothing, before the connection is given up."""
READING = "newscrawl_reading"
"""Execution option of a connection, see :func:`newscrawl.store.database.reading`."""
_LOCK, _TRANSACTION = "lock_timeout", "idle_in_transaction_session_timeout"


class Numbers(Protocol):
    """Settings, of which Scrapy's are some."""

    def getfloat(self, name: str, default: float = ..., /) -> float: ...


class Waits(NamedTuple):
    """Seconds that connections wait; 0 leaves it to the server and the system.

    They hold for the connections of newscrawl alone, whatever stands between them and the
    server: those of locks and transactions are set anew in each transaction.
    """

    lock: float = 30.0
    """For a lock of another session, and for the turn to write on SQLite."""
    transaction: float = 0.0
    """Of the server for the next statement of a transaction that writes."""
    silence: float = 30.0
    """For any sign of life of the machine at the other end."""

    @classmethod
    def of(cls, settings: Numbers) -> Self:
        """Return what settings say of the connections of a run.

        Raises:
            ValueError: one of them is no number of seconds.
        """
        waits = cls(*(settings.getfloat(name, default) for name, default in SETTINGS.items()))
        for name, seconds in zip(SETTINGS, waits, strict=True):
            if not 0 <= seconds <= LONGEST:
                raise ValueError(f"{name} is no number of seconds from 0 to {LONGEST}: {seconds:g}")
        return waits


def with_keepalives(url: URL, waits: Waits) -> URL:
    """Return a URL for psycopg with what libpq shall do; what the URL says itself stays.

    A peer that is gone is found out after ``waits.silence``, whether it owes an answer (keepalives)
    or a receipt (``tcp_user_timeout``, which only Linux knows).
    """
    if url.get_backend_name() != "postgresql":
        return url
    own = {"connect_timeout": str(CONNECT_SECONDS), "fallback_application_name": "newscrawl"}
    if waits.silence:
        own |= {
            "keepalives_idle": str(_part(waits)),
            "keepalives_interval": str(_part(waits)),
            "keepalives_count": str(PROBES),
            "tcp_user_timeout": str(_milliseconds(waits.silence)),
        }
    return url.update_query_dict({name: own[name] for name in own.keys() - url.query.keys()})


def of_server(waits: Waits) -> Mapping[str, str]:
    """Return what the server shall do for a session, so that a client that is gone holds no lock."""
    if not waits.silence:
        return {}
    return {
        "tcp_keepalives_idle": str(_part(waits)),
        "tcp_keepalives_interval": str(_part(waits)),
        "tcp_keepalives_count": str(PROBES),
        "tcp_user_timeout": str(_milliseconds(waits.silence)),
        "client_connection_check_interval": str(_milliseconds(CHECK_SECONDS)),
    }


def setting(name: str, value: str) -> tuple[str, tuple[str, str]]:
    """Return a statement with its values that sets something for a session.

    What a server does not know, an older one for instance, is left out.
    """
    return "SELECT set_config(name, %s, false) FROM pg_settings WHERE name = %s", (value, name)


def guard(engine: Engine, waits: Waits) -> None:
    """Let every connection of an engine wait no longer than ``waits``."""
    failure: type[Exception] = engine.dialect.loaded_dbapi.Error
    event.listen(engine, "connect", partial(_on_connect, waits=waits, failure=failure))
    event.listen(engine, "begin", partial(_on_begin, waits=waits))


def _on_connect(connection: Any, _record: Any, *, waits: Waits, failure: type[Exception]) -> None:
    """Set what the server shall do; what its system cannot do raises ``failure``, and is left out."""
    with connection.cursor() as cursor:
        for name, value in of_server(waits).items():
            try:
                cursor.execute(*setting(name, value))
            except failure:
                connection.rollback()
            else:
                connection.commit()


def _on_begin(connection: Connection, *, waits: Waits) -> None:
    reads = connection.get_execution_options().get(READING)
    wanted = {_LOCK: waits.lock, _TRANSACTION: 0.0 if reads else waits.transaction}
    calls = [
        f"set_config('{name}', '{_milliseconds(seconds)}', true)"
        for name, seconds in wanted.items()
        if seconds
    ]
    if calls:
        connection.exec_driver_sql(f"SELECT {', '.join(calls)}")


def end_when_silent(connection: Connection, seconds: float) -> None:
    """Let the server end a session that asks nothing for so long outside of a transaction.

    PostgreSQL knows that since 14; an older server finds out by keepalives.
    """
    connection.exec_driver_sql(*setting("idle_session_timeout", str(_milliseconds(seconds))))


def waits_for_answer(connection: Any) -> bool:
    """Whether a driver's connection has asked something that is not answered yet; of psycopg's."""
    info = getattr(connection, "info", None)
    return info is not None and info.transaction_status.name == "ACTIVE"


def break_off(connection: Any) -> None:
    """Let whoever waits for an answer on a driver's connection be told that it is lost.

    It may be called from any thread. A connection that has no socket, or has ended, is left alone.
    """
    with suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as own:
        own.shutdown(socket.SHUT_RDWR)


def _part(waits: Waits) -> int:
    return max(1, round(waits.silence / (PROBES + 1)))


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)

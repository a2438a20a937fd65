"""The index of the search: whether it is there, built, and taken away.

Triggers keep it from the moment it is made; what was stored before is put in piece by piece, and
``search_build`` has a row until that is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, Engine, text

from newscrawl.search import postgres_index, sqlite_index
from newscrawl.store.database import reading, take_turn

AT_ONCE = 500
"""Articles that are put in within one transaction."""
FEW = 20_000
"""Articles that a crawl puts into a new index by itself, which takes seconds."""
_TURN = "newscrawl search"
_STORED = "SELECT count(*) FROM (SELECT 1 FROM articles LIMIT :number) AS stored"
_NEXT = """SELECT count(*), max(id) FROM (SELECT id FROM articles WHERE id > :after
    AND NOT EXISTS (SELECT 1 FROM search_rows WHERE article_id = articles.id)
    ORDER BY id LIMIT :number) AS stored"""
_MISSING = """SELECT count(*) FROM articles
    WHERE NOT EXISTS (SELECT 1 FROM search_rows WHERE article_id = articles.id)"""
_TOO_MANY = """SELECT count(*) FROM search_rows
    WHERE NOT EXISTS (SELECT 1 FROM articles WHERE articles.id = article_id)"""


class State(Enum):
    """What there is to say of the index of a database."""

    IMPOSSIBLE = "this SQLite has no FTS5, or this PostgreSQL database is not in UTF-8"
    OFF = "there is no index of the articles; newscrawl db index builds it"
    UNFINISHED = "the index of the articles is not finished; newscrawl db index goes on with it"
    WHOLE = ""


class Differences(NamedTuple):
    """Articles without a row of the index, and rows without an article."""

    missing: int
    too_many: int


class _Dialect(Protocol):
    def is_possible(self, connection: Connection, /) -> bool: ...
    def is_kept(self, connection: Connection, /) -> bool: ...
    def make(self, connection: Connection, /) -> None: ...
    def remove(self, connection: Connection, /) -> None: ...
    def fill(self, connection: Connection, after: str, upto: str, /) -> None: ...
    def merge(self, connection: Connection, /) -> None: ...


def state_of(connection: Connection) -> State:
    dialect = _dialect(connection)
    if not dialect.is_possible(connection):
        return State.IMPOSSIBLE
    if not dialect.is_kept(connection):
        return State.OFF
    return State.WHOLE if _after(connection) is None else State.UNFINISHED


def prepare(engine: Engine, *, wanted: bool) -> State:
    """Make the index for a run, or take it away where it is not wanted.

    A database that holds much already is left as it is: to build its index takes minutes.
    """
    with reading(engine) as connection:
        state = state_of(connection)
        stored = connection.scalar(text(_STORED), {"number": FEW + 1}) or 0
    if not wanted:
        if state in {State.WHOLE, State.UNFINISHED}:
            remove(engine)
        return State.OFF
    if state is State.OFF and stored <= FEW:
        for _ in build(engine):
            pass
        return State.WHOLE
    return state


def build(engine: Engine) -> Iterator[int]:
    """Make the index and put in what is stored; yields how many are in, after each transaction.

    It goes on where a killed one stood, and a crawl may be at work meanwhile.

    Raises:
        ValueError: this database can have none.
    """
    with engine.begin() as connection:
        take_turn(connection, _TURN)
        dialect = _dialect(connection)
        if not dialect.is_possible(connection):
            raise ValueError(State.IMPOSSIBLE.value)
        if not dialect.is_kept(connection):
            dialect.remove(connection)
            dialect.make(connection)
            connection.exec_driver_sql("INSERT INTO search_build (after) VALUES ('')")
    done = 0
    while number := _go_on(engine):
        done += number
        yield done


def _go_on(engine: Engine) -> int:
    """Put in some more; returns how many."""
    with engine.begin() as connection:
        take_turn(connection, _TURN)
        after = _after(connection)
        if after is None:
            return 0
        values = {"after": after, "number": AT_ONCE}
        number, upto = connection.execute(text(_NEXT), values).one()
        if not number:
            connection.exec_driver_sql("DELETE FROM search_build")
            return 0
        _dialect(connection).fill(connection, after, upto)
        connection.execute(text("UPDATE search_build SET after = :upto"), {"upto": upto})
    return int(number)


def remove(engine: Engine) -> None:
    with engine.begin() as connection:
        take_turn(connection, _TURN)
        _dialect(connection).remove(connection)


def merge(engine: Engine) -> None:
    """Let no word of what was erased stay in the file of the index."""
    with engine.begin() as connection:
        dialect = _dialect(connection)
        if dialect.is_kept(connection):
            dialect.merge(connection)


def differences(connection: Connection) -> Differences:
    return Differences(*(connection.scalar(text(query)) or 0 for query in (_MISSING, _TOO_MANY)))


def _after(connection: Connection) -> str | None:
    after: str | None = connection.scalar(text("SELECT after FROM search_build"))
    return after


def _dialect(connection: Connection) -> _Dialect:
    return sqlite_index if connection.dialect.name == "sqlite" else postgres_index

"""Statements that are handed to the driver as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, SelectBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Converters = Sequence[tuple[int, Callable[[Any], Any]]]
"""What is done to some values of a row, by their places."""


class Prepared:
    """A statement compiled once, for values that the driver takes and gives without conversion.

    One that ``converts`` takes and gives those of the types of the columns, such as times and JSON.

    Inserting 34 rows of integers takes .11 ms, by SQLAlchemy .22; asking for as many .12
    and .24. ``names`` are the statement's parameters in the order of its text and of the values.
    """

    def __init__(
        self,
        statement: Executable,
        names: Sequence[str],
        dialect: Dialect,
        *,
        converts: bool = False,
    ) -> None:
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined] # every one has it
        assert isinstance(compiled, SQLCompiler)
        self._sql = compiled.string
        self._to_driver: Converters = ()
        self._from_driver: Converters | None = ()
        self._asked: list[TypeEngine[Any]] = []
        if converts:
            given = [compiled.binds[name].type.dialect_impl(dialect) for name in names]
            self._to_driver = _there(each.bind_processor(dialect) for each in given)
        if converts and isinstance(statement, SelectBase):
            self._asked = [each.type.dialect_impl(dialect) for each in statement.selected_columns]
            self._from_driver = None
        self._names = None if compiled.positional else tuple(names)
        if compiled.positional and compiled.positiontup != list(names):
            raise ValueError(f"the parameters are {compiled.positiontup}, not {list(names)}")

    def fetch(self, connection: Connection, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Return all rows that the statement gives.

        Raises:
            DBAPIError: as every statement does.
        """
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self._sql, self._named(values))
            rows = self._read(cursor, connection.dialect)
            cursor.close()
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._failure(connection, error) from error
        return rows

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run the statement for each row of values; return how many rows of the table it met.

        Raises:
            DBAPIError: as every statement does.
        """
        if not rows:
            return 0
        try:
            cursor = connection.connection.cursor()
            cursor.executemany(self._sql, [self._named(values) for values in rows])
            met = int(cursor.rowcount)
            cursor.close()
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._failure(connection, error) from error
        return met

    def _failure(self, connection: Connection, error: Any) -> DBAPIError:
        dialect = connection.dialect
        failure = DBAPIError.instance(
            self._sql,
            None,
            error,
            dialect.loaded_dbapi.Error,
            connection_invalidated=dialect.is_disconnect(error, connection.connection, None),
            dialect=dialect,
        )
        assert isinstance(failure, DBAPIError)
        return failure

    def _read(self, cursor: Any, dialect: Dialect) -> list[tuple[Any, ...]]:
        if self._from_driver is None:  # what is done may depend on what the server says of a column
            kinds = [column[1] for column in cursor.description]
            asked = zip(self._asked, kinds, strict=True)
            self._from_driver = _there(each.result_processor(dialect, kind) for each, kind in asked)
        if self._from_driver:
            return [_converted(self._from_driver, row) for row in cursor.fetchall()]
        return [tuple(row) for row in cursor.fetchall()]

    def _named(self, values: tuple[Any, ...]) -> Any:
        if self._to_driver:
            values = _converted(self._to_driver, values)
        return values if self._names is None else dict(zip(self._names, values, strict=True))


def _there(found: Iterable[Callable[[Any], Any] | None]) -> Converters:
    return [(at, each) for at, each in enumerate(found) if each is not None]


def _converted(converters: Converters, values: Sequence[Any]) -> tuple[Any, ...]:
    converted = list(values)
    for at, convert in converters:
        converted[at] = convert(converted[at])
    return tuple(converted)


@lru_cache(maxsize=64)
def prepared(
    statement: Executable, names: tuple[str, ...], dialect: Dialect, *, converts: bool = False
) -> Prepared:
    """Return a statement prepared for a dialect, the same one each time."""
    return Prepared(statement, names, dialect, converts=converts)

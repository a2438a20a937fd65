"""Statements that are handed to the driver as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Executable, SelectBase, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Converters = Sequence[tuple[int, Callable[[Any], Any]]]
"""What is done to some values of a row, by their places."""
Keys = Sequence[BindParameter[Any]]
AT_ONCE = 256
"""Keys of one statement."""


class Prepared:
    """A statement compiled once, for values that the driver takes and gives without conversion.

    One that ``converts`` takes and gives those of the types of the columns, such as times and JSON.

    Inserting 34 rows of integers takes .11 ms, by SQLAlchemy .22; asking for as many .12
    and .24. ``names`` are the statement's parameters in the order of its text and of the values;
    those that have a value of their own are not among them.
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
        if compiled.prefetch:  # SQLAlchemy makes these for each row, which is not done here
            raise ValueError(f"columns with defaults are missing: {compiled.prefetch}")
        self._own = _own_values(compiled, names, dialect)
        order = compiled.positiontup or []
        if compiled.positional and [each for each in order if each not in self._own] != list(names):
            raise ValueError(f"the parameters are {order}, not {list(names)}")
        self._all = [self._own.get(each) for each in order] if self._own else []
        self._places = [at for at, each in enumerate(order) if each not in self._own]

    def fetch(self, connection: Connection, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Return all rows that the statement gives.

        Raises:
            DBAPIError: as every statement does.
        """
        try:
            cursor = _cursor(connection)
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
            cursor = _cursor(connection)
            cursor.executemany(self._sql, self._all_named(rows))
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
        return cursor.fetchall()  # type: ignore[no-any-return] # tuples, by each driver of ours

    def _all_named(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        if self._names is None and not (self._to_driver or self._own):
            return rows
        return [self._named(values) for values in rows]

    def _named(self, values: tuple[Any, ...]) -> Any:
        if self._to_driver:
            values = _converted(self._to_driver, values)
        if self._names is not None:
            return self._own | dict(zip(self._names, values, strict=True))
        if not self._own:
            return values
        filled = self._all.copy()
        for at, value in zip(self._places, values, strict=True):
            filled[at] = value
        return filled


def _cursor(connection: Connection) -> Any:
    """Return a cursor in a transaction, which begins by itself as it does by any other statement."""
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.cursor()


def _own_values(compiled: SQLCompiler, names: Sequence[str], dialect: Dialect) -> dict[str, Any]:
    """Return the values that a statement has itself, by their parameters, as the driver takes them."""
    own = {name: value for name, value in compiled.params.items() if name not in names}
    for name in own.keys() & compiled.binds.keys():
        convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        own[name] = own[name] if convert is None else convert(own[name])
    return own


def _there(found: Iterable[Callable[[Any], Any] | None]) -> Converters:
    return [(at, each) for at, each in enumerate(found) if each is not None]


def _converted(converters: Converters, values: Sequence[Any]) -> tuple[Any, ...]:
    converted = list(values)
    for at, convert in converters:
        converted[at] = convert(converted[at])
    return tuple(converted)


@lru_cache(maxsize=128)
def prepared(
    statement: Executable, names: tuple[str, ...], dialect: Dialect, *, converts: bool = False
) -> Prepared:
    """Return a statement prepared for a dialect, the same one each time."""
    return Prepared(statement, names, dialect, converts=converts)


def fetch_among(
    connection: Connection,
    made: Callable[[Keys], Executable],
    keys: Sequence[Any],
    **others: Any,
) -> list[tuple[Any, ...]]:
    """Return all rows that a statement gives for some keys; ``made`` gives it for their parameters.

    Its ``others`` stand before the keys in its text, in this order.
    """
    return [
        row
        for statement, values in _among(connection, made, keys, others)
        for row in statement.fetch(connection, values)
    ]


def run_among(
    connection: Connection,
    made: Callable[[Keys], Executable],
    keys: Sequence[Any],
    **others: Any,
) -> int:
    """Run a statement for some keys, as :func:`fetch_among`; return how many rows it met."""
    found = _among(connection, made, keys, others)
    return sum(statement.run(connection, [values]) for statement, values in found)


def _among(
    connection: Connection,
    made: Callable[[Keys], Executable],
    keys: Sequence[Any],
    others: Mapping[str, Any],
) -> Iterator[tuple[Prepared, tuple[Any, ...]]]:
    """Yield the statement for each part of the keys, the last one repeated up to one of few sizes."""
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        size = 1 << (len(some) - 1).bit_length()
        padded = (*some, *repeat(some[-1], size - len(some)))
        yield (
            _prepared_among(made, tuple(others), size, connection.dialect),
            (*others.values(), *padded),
        )


@lru_cache(maxsize=128)
def _prepared_among(
    made: Callable[[Keys], Executable], others: tuple[str, ...], size: int, dialect: Dialect
) -> Prepared:
    names = [f"key{at}" for at in range(size)]
    return Prepared(made([bindparam(name) for name in names]), [*others, *names], dialect)

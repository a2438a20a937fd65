"""Statements that SQLite and PostgreSQL have each in their own words."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that leaves a row alone whose key is already there."""
    return _insert_ignoring(connection.dialect.name, table)


@cache
def _insert_ignoring(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()

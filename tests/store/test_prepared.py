"""Statements that are handed to the driver as they are."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.store.prepared import Prepared
from newscrawl.store.schema import metadata, shingles

COLUMNS = ("scope", "hash", "content")
NO_TABLE = "no such table|does not exist"
HELD = select(shingles.c.content).where(shingles.c.hash == bindparam("wanted"))


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


def test_rows_go_in_and_come_out_within_the_transaction(db):
    Prepared(insert(shingles), COLUMNS, db.dialect).run(db, [(1, 2, 3), (1, 2, 4), (1, 5, 6)])
    assert sorted(Prepared(HELD, ["wanted"], db.dialect).fetch(db, (2,))) == [(3,), (4,)]
    db.execute(delete(shingles))
    assert Prepared(HELD, ["wanted"], db.dialect).fetch(db, (2,)) == []


def test_no_rows_are_no_statement(db):
    Prepared(insert(shingles), COLUMNS, db.dialect).run(db, [])
    assert db.execute(select(shingles)).all() == []


def test_parameters_in_another_order_are_refused_where_they_have_no_names():
    with pytest.raises(ValueError, match="the parameters are"):
        Prepared(insert(shingles), COLUMNS[::-1], sqlite.dialect())


def test_errors_are_those_of_every_other_statement(engine):
    held, add = (
        Prepared(HELD, ["wanted"], engine.dialect),
        Prepared(insert(shingles), COLUMNS, engine.dialect),
    )
    metadata.drop_all(engine)
    with engine.begin() as db, pytest.raises(SQLAlchemyError, match=NO_TABLE):
        held.fetch(db, (1,))
    with engine.begin() as db, pytest.raises(SQLAlchemyError, match=NO_TABLE):
        add.run(db, [(1, 2, 3)])

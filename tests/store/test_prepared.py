"""Statements that are handed to the driver as they are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Delete, Select, Text, bindparam, cast, delete, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.items import Article, Image, record
from newscrawl.store.inserting import prepared_insert
from newscrawl.store.prepared import AT_ONCE, Keys, Prepared, fetch_among, run_among
from newscrawl.store.schema import articles, metadata, runs, shingles

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


def test_a_transaction_that_nobody_began_is_rolled_back_all_the_same(engine):
    with engine.connect() as connection:
        Prepared(insert(shingles), COLUMNS, engine.dialect).run(connection, [(1, 2, 3)])
        connection.rollback()
    with engine.connect() as connection:
        assert Prepared(HELD, ["wanted"], engine.dialect).fetch(connection, (2,)) == []


def test_no_rows_are_no_statement(db):
    Prepared(insert(shingles), COLUMNS, db.dialect).run(db, [])
    assert db.execute(select(shingles)).all() == []


def test_parameters_in_another_order_are_refused_where_they_have_no_names():
    with pytest.raises(ValueError, match="the parameters are"):
        Prepared(insert(shingles), COLUMNS[::-1], sqlite.dialect())


def test_a_row_that_lacks_a_column_with_a_default_is_refused():
    with pytest.raises(ValueError, match="columns with defaults are missing"):
        Prepared(insert(runs).values(spider=bindparam("of")), ["of"], sqlite.dialect())


def test_values_of_the_statement_itself_need_not_be_given(db):
    own = select(shingles.c.content).where(
        shingles.c.scope == 1, shingles.c.hash == bindparam("wanted"), shingles.c.content > 3
    )
    Prepared(insert(shingles), COLUMNS, db.dialect).run(db, [(1, 2, 3), (1, 2, 4), (2, 2, 5)])
    assert Prepared(own, ["wanted"], db.dialect).fetch(db, (2,)) == [(4,)]


def held_of(keys: Keys) -> Select[Any]:
    within = shingles.c.scope == bindparam("in_scope")
    return select(shingles.c.hash).where(within, shingles.c.hash.in_(keys))


def removed(keys: Keys) -> Delete:
    return delete(shingles).where(shingles.c.hash.in_(keys))


@pytest.mark.parametrize("number", [0, 1, 3, AT_ONCE, 2 * AT_ONCE + 5])
def test_any_number_of_keys_may_be_asked_for(db, number):
    rows = [(1, value, 9) for value in range(3 * AT_ONCE)]
    Prepared(insert(shingles), COLUMNS, db.dialect).run(db, [*rows, (2, 1, 9)])
    found = fetch_among(db, held_of, range(number), in_scope=1)
    assert sorted(found) == [(value,) for value in range(number)]


def test_rows_of_some_keys_are_counted_once_each(db):
    rows = [(1, value, 9) for value in range(300)]
    Prepared(insert(shingles), COLUMNS, db.dialect).run(db, rows)
    assert run_among(db, removed, [*range(290), 1000]) == 290
    assert len(db.execute(select(shingles)).all()) == 10


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


AT = datetime(2026, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
READ = select(articles.c.published, articles.c.images, articles.c.similarity).where(
    articles.c.id == bindparam("key")
)


def a_row(**more: Any) -> dict[str, Any]:
    url = "https://example.com/quay"
    article = Article(
        url=url, canonical_url=url, site="example.com", headline="Quay", id="a", **more
    )
    return {**record(article), "changed_run": 1, "extractor": "test"}


@pytest.mark.parametrize("published", [AT, None])
def test_values_are_converted_as_the_types_of_the_columns_say(db, published):
    """The same row comes of both ways in, and by both ways out."""
    row = a_row(published=published, images=[Image(url="https://example.com/q.jpg")], first_seen=AT)
    names = tuple(column.name for column in articles.c)
    adding = prepared_insert(db, articles, names, converts=True)
    adding.run(db, [tuple(row[name] for name in names)])
    stored = dict(db.execute(select(articles)).mappings().one())
    db.execute(delete(articles))
    db.execute(insert(articles), row)
    assert dict(db.execute(select(articles)).mappings().one()) == stored
    asked = Prepared(READ, ["key"], db.dialect, converts=True)
    assert asked.fetch(db, ("a",)) == [tuple(each) for each in db.execute(READ, {"key": "a"})]
    assert stored["published"] == published


def test_what_is_kept_of_a_row_is_the_same_to_the_letter(db):
    row = a_row(published=AT, first_seen=AT, extra={"b": [1.5, None], "a": "ü"})
    names = tuple(column.name for column in articles.c)
    kept = select(*(cast(column, Text) for column in articles.c))
    db.execute(insert(articles), row)
    by_sqlalchemy = db.execute(kept).one()
    db.execute(delete(articles))
    adding = prepared_insert(db, articles, names, converts=True)
    adding.run(db, [tuple(row[name] for name in names)])
    assert db.execute(kept).one() == by_sqlalchemy

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from newscrawl.store.database import connect, migrate, reading
from newscrawl.store.schema import runs


def pragma(engine, name):
    with reading(engine) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "news.db"


@pytest.fixture
def sqlite(path):
    engine = connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def test_the_folder_of_a_new_database_is_made(sqlite, path):
    migrate(sqlite)
    assert path.is_file()


def test_a_database_that_is_not_there_is_not_made_unasked(path):
    with pytest.raises(FileNotFoundError, match="run a crawl first"):
        connect(f"sqlite:///{path}", create=False)
    assert not path.parent.exists()


def test_a_database_that_is_there_is_opened_without_leave_to_make_one(sqlite, path):
    migrate(sqlite)
    engine = connect(f"sqlite:///{path}", create=False)
    with reading(engine) as connection:
        assert connection.execute(select(runs)).all() == []
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_the_same_for_all_its_connections(url):
    engine = connect(url, create=False)
    migrate(engine)
    with reading(engine) as connection:
        assert connection.execute(select(runs)).all() == []
    engine.dispose()


@pytest.mark.parametrize(("synchronous", "level"), [("NORMAL", 1), ("FULL", 2)])
def test_every_connection_is_as_safe_as_was_asked_for(path, synchronous, level):
    engine = connect(f"sqlite:///{path}", synchronous=synchronous)
    assert pragma(engine, "synchronous") == level
    assert pragma(engine, "journal_mode") == "wal"
    assert pragma(engine, "foreign_keys") == 1
    engine.dispose()


def test_an_unknown_safety_is_refused_by_its_name(path):
    with pytest.raises(ValueError, match="NEWSCRAWL_SYNCHRONOUS is 'SOME'"):
        connect(f"sqlite:///{path}", synchronous="SOME")


def test_what_is_no_url_of_a_database_is_refused():
    with pytest.raises(ValueError, match="not a database URL"):
        connect("news.db")


def test_who_makes_a_new_database_together_with_others_waits_for_them(tmp_path):
    """Of sixty times two or three used to fail."""
    for number in range(60):
        engines = [connect(f"sqlite:///{tmp_path}/{number}.db") for _ in range(6)]
        with ThreadPoolExecutor(len(engines)) as threads:
            made = threads.map(together(migrate, len(engines)), engines)
            assert [*made] == [None] * len(engines)
        for engine in engines:
            engine.dispose()


def together(work, number):
    """Let calls from several threads begin at once."""
    barrier = Barrier(number)

    def begin(engine):
        barrier.wait()
        return work(engine)

    return begin


def test_a_transaction_has_the_lock_from_its_beginning(sqlite, path):
    migrate(sqlite)
    other = sqlite3.connect(path, timeout=0)
    with sqlite.begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_who_only_reads_keeps_nobody_waiting(sqlite, path):
    migrate(sqlite)
    with reading(sqlite) as connection, sqlite3.connect(path, timeout=0) as other:
        connection.execute(select(runs)).all()
        other.execute("BEGIN IMMEDIATE")
    other.close()

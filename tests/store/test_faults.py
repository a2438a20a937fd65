from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from newscrawl.store.database import connect, migrate
from newscrawl.store.faults import is_locked, is_passing


def test_a_lock_that_another_process_holds_is_passing(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/site.db?timeout=0.1"
    one, other = connect(url), connect(url)
    migrate(one)
    with one.begin(), pytest.raises(OperationalError) as failed, other.begin():
        pass
    assert is_locked(failed.value)
    assert is_passing(failed.value)
    one.dispose()
    other.dispose()


def test_other_failures_of_sqlite_are_none(tmp_path: Path):
    engine = connect(f"sqlite:///{tmp_path}/site.db")
    with engine.connect() as connection, pytest.raises(OperationalError) as failed:
        connection.execute(text("SELECT * FROM nowhere"))
    assert not is_locked(failed.value)
    assert not is_passing(failed.value)
    engine.dispose()


def test_a_row_that_is_locked_in_postgresql_is_a_lock(postgresql):
    with postgresql.database() as url:
        engine = connect(url)
        locks = text("LOCK TABLE leases")
        with engine.begin() as one, engine.connect() as other:
            one.execute(locks)
            other.execute(text("SET lock_timeout = '50ms'"))
            with pytest.raises(OperationalError) as failed:
                other.execute(locks)
        assert is_locked(failed.value)
        engine.dispose()

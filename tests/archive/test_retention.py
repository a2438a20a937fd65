from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from newscrawl.store.database import connect, reading
from newscrawl.store.schema import archives, payloads, runs
from newscrawl.upkeep.archive_checks import findings
from newscrawl.upkeep.archive_retention import remove_parts
from tests.archive.test_checks import own

__all__ = ["own"]


def test_parts_of_old_runs_are_removed_and_nothing_points_to_them(own):
    engine = connect(own.database)
    with engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=40)
        connection.execute(update(runs).where(runs.c.id == 1).values(finished=long_ago))
    old = [row for row in own.rows(archives) if row["run"] == 1]
    removed = remove_parts(engine, 30, None)
    assert removed == (len(old), sum(row["length"] for row in old))
    assert not any(Path(row["path"]).exists() for row in old)
    left = own.rows(archives)
    assert {row["run"] for row in left} == {2}
    assert {row["archive"] for row in own.rows(payloads)} <= {row["id"] for row in left}
    with reading(engine) as connection:
        assert list(findings(None, connection)) == []
    engine.dispose()


def test_younger_parts_stay(own):
    engine = connect(own.database)
    assert remove_parts(engine, 30, None) == (0, 0)
    engine.dispose()

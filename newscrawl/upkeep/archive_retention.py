"""Retention of the archive: whole parts, by the age of their run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, delete, select, update

from newscrawl.archive.reading import part_path
from newscrawl.store.schema import archives, payloads, runs, visits


class Removed(NamedTuple):
    parts: int
    length: int


def remove_parts(engine: Engine, days: float, folder: Path | None) -> Removed:
    """Remove the parts of runs that ended more than so many days ago.

    The database forgets a part first: a file that a kill leaves behind is in nobody's way.

    Raises:
        OSError: a file cannot be removed.
    """
    before = datetime.now(UTC) - timedelta(days=days)
    query = (
        select(archives.c.id, archives.c.path, archives.c.length)
        .join(runs, runs.c.id == archives.c.run)
        .where(archives.c.sealed, runs.c.finished < before)
    )
    with engine.begin() as connection:
        old = connection.execute(query).all()
    for part in old:
        with engine.begin() as connection:
            connection.execute(
                update(visits).where(visits.c.archive == part.id).values(archive=None, offset=None)
            )
            connection.execute(delete(payloads).where(payloads.c.archive == part.id))
            connection.execute(delete(archives).where(archives.c.id == part.id))
        part_path(part.path, folder).unlink(missing_ok=True)
    return Removed(len(old), sum(part.length for part in old))

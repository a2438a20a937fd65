"""Whether an archive holds what its visits point to, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, RowMapping, func, select

from newscrawl.archive.reading import part_path, scan
from newscrawl.store.schema import archives, runs, visits
from newscrawl.upkeep.checks import Finding


def findings(folder: Path | None, connection: Connection) -> Iterator[Finding]:
    """Read all parts up to their committed lengths; ``folder`` is where moved ones are looked for."""
    moved_away = 0
    for part in connection.execute(select(archives).order_by(archives.c.id)).mappings().all():
        path = part_path(part["path"], folder)
        if not path.exists():
            moved_away += bool(part["length"])
        elif path.stat().st_size < part["length"]:
            yield Finding(f"{path} has not the {part['length']:,} bytes that were committed")
        else:
            yield from _of_part(connection, path, part)
    if moved_away:
        yield Finding(f"{moved_away:,} parts are not where they were written", is_note=True)


def _of_part(connection: Connection, path: Path, part: RowMapping) -> Iterator[Finding]:
    query = select(visits.c.offset).where(visits.c.archive == part["id"])
    expected = set(connection.execute(query).scalars())
    unknown: list[int] = []
    for record in scan(path):
        if record.offset >= part["length"]:
            break
        if record.head is None:
            yield Finding(f"{path}: the record at byte {record.offset:,} cannot be read")
        elif record.head.is_answer and record.offset not in expected:
            unknown.append(record.offset)
        expected.discard(record.offset)
    for offset in sorted(expected):
        yield Finding(f"{path}: a visit has no record at byte {offset:,}")
    if len(unknown) > _removed(connection, part["run"]):
        yield Finding(
            f"{path}: {len(unknown):,} records are of no visit, e.g. at byte {unknown[0]:,}"
        )


def _removed(connection: Connection, run: int) -> int:
    """Return how many visits of a run retention has removed since."""
    query = select(runs.c.outcomes).where(runs.c.id == run)
    counted = sum((connection.execute(query).scalar() or {}).values())
    stored = select(func.count()).select_from(visits).where(visits.c.run == run)
    return max(0, int(counted) - int(connection.execute(stored).scalar_one()))

"""What dead runs left: they are closed, and what they wrote behind the last commit is cut off.

The next crawl of a site does the same. An erasure cannot wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from newscrawl.archive.parts import seal
from newscrawl.archive.reading import part_path
from newscrawl.dataset.logs import put_in_place
from newscrawl.frontier import lease
from newscrawl.frontier.lease import SiteLocked
from newscrawl.store.schema import archives, logs


def quiet_sites(connection: Connection) -> list[str]:
    """Return the sites with files that no living run holds."""
    found: set[str] = set()
    for table in (logs, archives):
        found.update(connection.execute(select(table.c.site).distinct()).scalars())
    return [site for site in sorted(found) if _is_quiet(connection, site)]


def _is_quiet(connection: Connection, site: str) -> bool:
    try:
        lease.holders(connection, [site])
    except SiteLocked:
        return False
    return True


def settle(connection: Connection, sites: Sequence[str], folder: Path | None) -> None:
    """Bring the files of sites to what is committed; their leases are held, and dead runs closed.

    An open part of an archive is sealed, since nobody goes on with it. A part that is not where
    it was written is looked for by its name in ``folder``.

    Raises:
        OSError: a file cannot be written.
    """
    for site in sites:
        for table in (logs, archives):
            put_in_place(connection, site, table)
    open_logs = select(logs.c.path, logs.c.length).where(
        logs.c.site.in_(sites), logs.c.sealed.is_(False)
    )
    _cut((Path(row.path), row.length) for row in connection.execute(open_logs))
    open_parts = select(archives).where(archives.c.site.in_(sites), archives.c.sealed.is_(False))
    for row in connection.execute(open_parts).all():
        _cut([(part_path(row.path, folder), row.length)])
        seal(connection, row.id)


def _cut(files: Iterable[tuple[Path, int]]) -> None:
    for path, length in files:
        if path.exists() and path.stat().st_size > length:
            os.truncate(path, length)

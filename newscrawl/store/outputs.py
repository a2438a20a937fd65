"""What is written for others, and what was left unfinished of it and of all else.

Exports, reports and backups are noted in the database before they are begun, with the machine, so
that an erasure finds them and their drafts wherever they lie.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select, union
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.store import drafts
from newscrawl.store.database import file_of, name_of, reading
from newscrawl.store.replacing import place_of
from newscrawl.store.schema import archives, logs, outputs


class Kind(StrEnum):
    EXPORT = "export"
    REPORT = "report"
    BACKUP = "backup"


class Output(NamedTuple):
    """Something that was begun for others on a machine; it may be gone."""

    host: str
    path: Path
    kind: Kind

    @property
    def is_here(self) -> bool:
        """Whether it is there, be it written by another machine into a folder that both see."""
        return self.path.exists()


def note(engine: Engine, paths: Iterable[Path], kind: Kind, *, host: str = "") -> None:
    """Note what is about to be written; a database that may only be read notes nothing.

    ``host`` is another place than this machine, such as ``s3://bucket``.
    """
    at, host = datetime.now(UTC), host or socket.gethostname()
    with suppress(SQLAlchemyError), engine.begin() as connection:
        for path in {str(path.absolute()) for path in paths}:
            own = (outputs.c.host == host) & (outputs.c.path == path)
            connection.execute(delete(outputs).where(own))
            values = {"host": host, "path": path, "kind": kind, "at": at}
            connection.execute(insert(outputs).values(values))


def noted(connection: Connection) -> list[Output]:
    """Return all that was noted and has not been found to be gone."""
    query = select(outputs.c.host, outputs.c.path, outputs.c.kind)
    rows = connection.execute(query.order_by(outputs.c.host, outputs.c.path)).all()
    return [Output(host, Path(path), Kind(kind)) for host, path, kind in rows]


def forget_gone(connection: Connection) -> None:
    """Forget what this machine wrote and what is not there any more."""
    host = socket.gethostname()
    for each in noted(connection):
        if each.host == host and not each.is_here:
            own = (outputs.c.host == host) & (outputs.c.path == str(each.path))
            connection.execute(delete(outputs).where(own))


def sweep(engine: Engine, *more: Path) -> list[Path]:
    """Remove what dead processes left unfinished; return the drafts that living ones write.

    Looked for in the folders of the database, its logs, its archive and of all that was noted,
    in the current one, and in ``more``.

    Raises:
        OSError: something cannot be removed or put back.
    """
    with reading(engine) as connection:
        folders = sorted({*_folders(engine, connection), *more})
    alive: list[Path] = []
    left: list[Path] = []
    for folder in filter(drafts.has_any, folders):
        alive += drafts.sweep(folder)
        left += drafts.dead_parts(folder, name_of(engine))
    if left:
        _sweep_parts(engine, left)
    return alive


def sweep_quietly(engine: Engine) -> None:
    """Sweep as far as that is possible now: it is never what a command was started for."""
    with suppress(OSError, SQLAlchemyError):
        sweep(engine)


def _folders(engine: Engine, connection: Connection) -> set[Path]:
    paths = [place_of(Path(path)) or Path(path) for path in _parts(connection)]
    paths += [each.path for each in noted(connection)]
    database = file_of(engine.url)
    if database is not None:
        paths.append(database.absolute())
    return {Path.cwd(), *(path.parent for path in paths)}


def _parts(connection: Connection) -> Sequence[str]:
    query = union(select(logs.c.path), select(archives.c.path))
    return connection.execute(query).scalars().all()


def _sweep_parts(engine: Engine, left: Sequence[Path]) -> None:
    """Remove rewritten parts that no commit named; on PostgreSQL one may still be under way."""
    with engine.begin() as connection:
        named: set[Path] = set()
        for table in (logs, archives):
            query = select(table.c.path).with_for_update()
            named.update(map(Path, connection.execute(query).scalars()))
        for draft in left:
            if draft not in named:
                drafts.remove(draft)

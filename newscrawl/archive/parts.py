"""The files of the archive, which never get ahead of the database.

A part is in the table ``archives`` before its file is begun, as a log is in ``logs``: what lies
behind the committed length was never promised to anyone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import FileIO
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from newscrawl.dataset.logs import put_in_place
from newscrawl.store.schema import archives


class Part:
    """A file of the archive; it begins with its first record.

    ``length`` is what was written, the database's what was committed.

    Raises:
        ValueError: the file is shorter than the database says.
    """

    def __init__(self, key: int, number: int, path: Path, length: int = 0) -> None:
        self.key = key
        self.number = number
        self.path = path
        self.length = self.committed = length
        if length or path.exists():
            _cut(path, length)
        self.file: FileIO | None = None

    def append(self, record: bytes) -> int:
        """Write a record and return where it begins."""
        if self.file is None:
            self.file = self.path.open("ab", buffering=0)
        offset = self.length
        left = memoryview(record)
        while left:
            left = left[self.file.write(left) :]
        self.length += len(record)
        return offset

    def cut(self, length: int) -> None:
        """Take back what was written behind a length."""
        if self.file is not None:
            self.file.truncate(length)
        self.length = length

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def recover(connection: Connection, sites: Sequence[str]) -> None:
    """Cut back the parts that dead runs of these sites left open, and seal them.

    Parts that an erasure rewrote are put in their places first.
    """
    for site in sites:
        put_in_place(connection, site, archives)
    query = select(archives).where(archives.c.site.in_(sites), archives.c.sealed.is_(False))
    for row in connection.execute(query).all():
        path = Path(row.path)
        if path.exists():
            _cut(path, row.length)
        seal(connection, row.id)


def seal(connection: Connection, key: int) -> None:
    """Seal a part; one that nothing was written to is none."""
    own = archives.c.id == key
    length, path = connection.execute(select(archives.c.length, archives.c.path).where(own)).one()
    if length:
        connection.execute(update(archives).where(own).values(sealed=True))
    else:
        connection.execute(delete(archives).where(own))
        Path(path).unlink(missing_ok=True)


def _cut(path: Path, length: int) -> None:
    size = path.stat().st_size if path.exists() else 0
    if size < length:
        raise ValueError(
            f"{path} has {size} bytes and the database remembers {length}: "
            "put the file back, or move the rest of it away"
        )
    if size > length:
        os.truncate(path, length)

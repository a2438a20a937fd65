"""The last line of each article in a log, found in one pass and kept on the disk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Row, select

from newscrawl.dataset.logs import file_of
from newscrawl.store.schema import logs

CACHE_KIB = 8 * 1024

Part = Row[tuple[str, str, str, int, int, bool, int]]


class Line(NamedTuple):
    """A line of a log: its part, where it begins there, and its bytes with the line feed."""

    part: int
    offset: int
    text: bytes


class LogDamaged(ValueError):  # noqa: N818 - the words of the message
    """A log is not what the database committed."""


def parts_of(connection: Connection, site: str) -> Sequence[Part]:
    """Return the rows of the parts of a log, in the order in which they were begun."""
    query = select(logs).where(logs.c.site == site).order_by(logs.c.number)
    return connection.execute(query).all()


def is_moved_away(part: Part) -> bool:
    """Whether a sealed part is no longer where it was written; its owner may move it."""
    return bool(part.sealed) and not file_of(part.path).exists()


def lines_of(number: int, path: Path, length: int) -> Iterator[Line]:
    """Yield the lines of one part up to its committed length.

    Raises:
        LogDamaged: the file is shorter, or its committed end is within a line.
    """
    offset = 0
    try:
        with path.open("rb") as file:
            while offset < length and (text := file.readline(length - offset)):
                if not text.endswith(b"\n"):
                    break
                yield Line(number, offset, text)
                offset += len(text)
    except FileNotFoundError:
        if length:
            raise LogDamaged(f"{path} is missing") from None
    if offset < length:
        raise LogDamaged(f"{path} is whole up to byte {offset} and not up to {length}")


class LastLines:
    """Remembers of each article the last line and a digest of it, in a file that nobody sees.

    So memory does not grow with the log.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        self._db.execute("CREATE TABLE last (id TEXT PRIMARY KEY, part, start, digest)")
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def add(self, key: str, line: Line, digest: bytes = b"") -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?)",
            (key, line.part, line.offset, digest),
        )

    def is_last(self, key: str, line: Line) -> bool:
        found = self._db.execute("SELECT part, start FROM last WHERE id = ?", (key,)).fetchone()
        return bool(found == (line.part, line.offset))

    def clear(self) -> None:
        self._db.execute("DELETE FROM last")

    def pop(self, key: str) -> bytes | None:
        """Return the digest of an article's last line and forget it, ``None`` without one."""
        found = self._db.execute("DELETE FROM last WHERE id = ? RETURNING digest", (key,))
        return next((bytes(digest) for (digest,) in found.fetchall()), None)

    def rest(self) -> Iterator[str]:
        """Yield the ids that are left."""
        with closing(self._db.execute("SELECT id FROM last ORDER BY id")) as found:
            yield from (key for (key,) in found)


def parsed(line: Line, path: Path) -> dict[str, Any]:
    """Return the record of a line.

    Raises:
        LogDamaged: it is none.
    """
    try:
        record = json.loads(line.text)
        if isinstance(record, dict) and isinstance(record.get("id"), str):
            return record
    except ValueError:
        pass
    raise LogDamaged(f"{path}: the line at byte {line.offset} is no article")

"""The JSON Lines log: what was stored, in commit order."""

from __future__ import annotations

import json
import os
from pathlib import Path

from newscrawl.items import Article, compact_json, record


def line(article: Article) -> bytes:
    """Return ``article`` as one line, fields in the order of the schema."""
    return compact_json(record(article)).encode(errors="replace") + b"\n"


def is_log_of(path: Path, site: str) -> bool:
    """Whether a file looks like the log of ``site``: its first line is one of its articles."""
    with path.open("rb") as file:
        try:
            first = json.loads(file.readline())
        except ValueError:
            return False
    return isinstance(first, dict) and first.get("site") == site and "revision_hash" in first


class ArticleLog:
    """An append-only file that never gets ahead of the database.

    ``length`` is what the database last committed: the file is cut back to it
    when opened, and everything behind it was never promised to anyone.

    Raises:
        ValueError: the file is shorter than the database says.
    """

    def __init__(self, path: Path, length: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.length = length
        self._file = path.open(
            "ab", buffering=0
        )  # what a full disk refuses is not tried again at the end
        size = self._file.seek(0, os.SEEK_END)
        if size < length:
            self._file.close()
            raise ValueError(
                f"{path} has {size} bytes and the database remembers {length}: "
                "put the file back, or choose another NEWSCRAWL_JSONL"
            )
        self._file.truncate(length)
        self._pending: list[bytes] = []

    def append(self, article: Article) -> None:
        self._pending.append(line(article))

    @property
    def pending(self) -> int:
        """How many lines wait to be written."""
        return len(self._pending)

    def drop_after(self, pending: int) -> None:
        """Throw away the lines behind so many that wait."""
        del self._pending[pending:]

    def write(self, *, sync: bool = False) -> bool:
        """Write what is pending; ``length`` is then what the commit must carry.

        Returns whether there was anything to write; ``sync`` waits for the disk.
        """
        if not self._pending:
            return False
        data = b"".join(self._pending)
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        if sync:
            os.fsync(self._file.fileno())
        self._pending.clear()
        self.length += len(data)
        return True

    def close(self) -> None:
        self._file.close()

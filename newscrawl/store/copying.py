"""A copy of a SQLite database, also while it is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from newscrawl.store.replacing import replacing

BUSY_SECONDS = 30


class BackupFailed(OSError):  # noqa: N818 - the words of the message
    """There is no backup; the database is as it was."""


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, also while it is written.

    The copy is one file without a journal beside it. It is checked before it takes its
    place, so that whatever is at ``target`` is whole.

    Raises:
        BackupFailed: it cannot be written, or ``source`` is damaged.
    """
    try:
        with replacing(target) as beside:
            _copy(source, beside)
    except (sqlite3.Error, OSError) as error:
        raise BackupFailed(f"no backup of {source} to {target}: {error}") from error


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        (answer,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {answer.splitlines()[-1]}")

"""Backups: a SQLite database as one file, one of PostgreSQL as an archive of pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

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


def dump_postgres(url: URL, target: Path) -> None:
    """Write an archive for ``pg_restore`` with ``pg_dump``, which must be on PATH.

    Raises:
        BackupFailed: there is no ``pg_dump``, or it fails.
    """
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed(
            "pg_dump is not on PATH; install the client programs of your PostgreSQL server"
        )
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)  # arguments are seen by all users
    try:
        with replacing(target) as beside:
            subprocess.run(  # noqa: S603 - the program of that name
                [program, "--format=custom", "--no-password", f"--file={beside}", plain],
                check=True,
                capture_output=True,
                text=True,
                env=environment,
            )
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip() or f"status {error.returncode}").splitlines()[0]
        raise BackupFailed(f"pg_dump: {said}") from error
    except OSError as error:
        raise BackupFailed(f"no backup to {target}: {error}") from error

"""A backup of a PostgreSQL database: an archive of pg_dump."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from newscrawl.store.copying import BackupFailed
from newscrawl.store.replacing import replacing


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

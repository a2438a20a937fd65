from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.store.database import connect, migrate


@pytest.fixture
def engine(tmp_path: Path):
    engine = connect(f"sqlite:///{tmp_path}/newscrawl.db")
    migrate(engine)
    yield engine
    engine.dispose()

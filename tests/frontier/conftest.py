from __future__ import annotations

import pytest

from tests.frontier.trying import begin


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def run(db) -> int:
    return begin(db)

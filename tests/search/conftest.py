from __future__ import annotations

import pytest
from sqlalchemy import insert

from newscrawl.items import record
from newscrawl.search import index
from newscrawl.store.schema import articles


@pytest.fixture
def indexed(engine):
    """A database whose articles are indexed as they are stored."""
    index.prepare(engine, wanted=True)
    return engine


@pytest.fixture
def keep(engine):
    """Store articles, as they are."""

    def keeping(*made):
        with engine.begin() as connection:
            rows = [{**record(each), "changed_run": 1} for each in made]
            connection.execute(insert(articles), rows)

    return keeping

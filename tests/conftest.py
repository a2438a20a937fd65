"""Databases of both kinds: a test that asks for one runs on each."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newscrawl.store.database import connect, migrate
from tests.crawl.crawling import Crawl
from tests.crawl.forking import Nursery
from tests.store.serving import EMPTY, KINDS, Server, a_database, postgres


def pytest_configure() -> None:
    """Let what tests start hear Ctrl-C, also where a shell runs them in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def nursery() -> Iterator[Nursery]:
    """Commands start sooner, other than where coverage is to see how they start."""
    with Nursery() as nursery, pytest.MonkeyPatch.context() as patch:
        if not any(name.startswith("COV") for name in os.environ):
            patch.setattr(Crawl, "runner", staticmethod(nursery.run))
            patch.setattr(Crawl, "starter", staticmethod(nursery.start))
        yield nursery


on_both = pytest.fixture(params=KINDS)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One server a process of tests, begun when the first test asks for it."""
    with postgres() as server:
        yield server


@on_both
def empty_database(request, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    with a_database(request, tmp_path, EMPTY) as url:
        yield url


@on_both
def database(request, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the newest schema, or where a first connection makes it."""
    with a_database(request, tmp_path) as url:
        yield url


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = connect(database)
    migrate(engine)
    yield engine
    engine.dispose()

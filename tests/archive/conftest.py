from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from newscrawl.store.database import connect, migrate
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.demo.serving import run_demo


@dataclass
class Archived:
    """Two whole crawls of a demo site with an archive."""

    crawl: Crawl
    archive: Path


@pytest.fixture(scope="session")
def archived(tmp_path_factory: pytest.TempPathFactory):
    crawl = Crawl(tmp_path_factory.mktemp("archived"))
    folder = crawl.folder / "archive"
    with run_demo(articles=60) as server:
        for _ in range(2):
            ended = crawl.run(
                "site",
                "-a",
                f"url={server.url}/",
                NEWSCRAWL_ARCHIVE=str(folder),
                NEWSCRAWL_ARCHIVE_MAX_BYTES="300000",
                **ALWAYS_DUE,
            )
            assert ended.returncode == 0, crawl.log
    return Archived(crawl, folder)


@pytest.fixture
def copied(archived: Archived, tmp_path: Path):
    """The same, to be changed; the parts stay where they are."""
    for path in archived.crawl.folder.glob("newscrawl.db*"):
        shutil.copy(path, tmp_path)
    shutil.copy(archived.crawl.jsonl, tmp_path)
    engine = connect(f"sqlite:///{tmp_path}/newscrawl.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE logs SET path = ?", (f"{tmp_path}/articles.jsonl",))
    engine.dispose()
    return Crawl(tmp_path)


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)


@pytest.fixture
def engine(tmp_path: Path):
    engine = connect(f"sqlite:///{tmp_path}/newscrawl.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def small_site():
    """A demo site for tests that only read from it."""
    with run_demo(articles=25) as server:
        yield server

"""A crawled newspaper of four stories, one of which changed and one vanished."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.store.database import connect
from tests.commands.gazette import Answer, Gazette, gazette, story, words
from tests.crawl.crawling import ALWAYS_DUE, Crawl

CHANGED, GONE = "/town/report-000.html", "/harbour/report-001.html"


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory):
    """The crawl and its site after two runs; to be left as it is."""
    crawl = Crawl(tmp_path_factory.mktemp("told"))
    with gazette(stories=4) as site:
        visit(crawl, site)
        site.pages[CHANGED] = story(CHANGED, words("revised"))
        site.pages[GONE] = Answer(410)
        visit(crawl, site)
        yield crawl, site


def visit(crawl: Crawl, site: Gazette) -> None:
    ended = crawl.run("site", "-a", f"url={site.url()}", **ALWAYS_DUE)
    assert ended.returncode in {0, 3}, ended.stderr


@pytest.fixture
def engine(told):
    crawl, _ = told
    engine = connect(crawl.database)
    yield engine
    engine.dispose()


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawl.crawling import Crawl
from tests.demo.serving import run_demo


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)


@pytest.fixture(scope="session")
def small_site():
    """A demo site for tests that only read from it."""
    with run_demo(articles=25) as server:
        yield server

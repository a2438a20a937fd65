from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawl.crawling import Crawl
from tests.demo.serving import DemoServer, run_demo


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)


@pytest.fixture(scope="session")
def small_site():
    """A demo site for tests that only read from it."""
    with run_demo(articles=25) as server:
        yield server


@dataclass
class Finished:
    """A whole crawl of a demo site that has ended."""

    crawl: Crawl
    server: DemoServer
    process: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory):
    crawl = Crawl(tmp_path_factory.mktemp("finished"))
    with run_demo(articles=120) as server:
        process = crawl.run("site", "-a", f"url={server.url}/")
        yield Finished(crawl, server, process)

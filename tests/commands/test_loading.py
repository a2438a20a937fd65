"""What a command loads: what it needs, and none of what only others do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.store.database import connect, migrate
from tests.crawl.crawling import ENVIRONMENT

LOADED = """
import sys
from newscrawl.__main__ import main
try:
    main()
except SystemExit as end:
    print(end.code)
print(*sys.modules)
"""
PARSING = {"lxml", "parsel", "web_poet", "scrapy_poet", "url_matcher"}
WEB = {"requests", "tldextract", "twisted.web.client", "spidermon", "idna"}
DATABASE = {"sqlalchemy", "alembic", "sqlite3"}
SCREEN = {"rich", "markdown_it", "pygments"}


def loaded(folder: Path, *arguments: str) -> tuple[str, set[str]]:
    """Return the exit status of a command, and the modules that its process has loaded."""
    process = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=folder,
        env={**ENVIRONMENT, "NEWSCRAWL_DATABASE_URL": "sqlite:///data/newscrawl.db"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    *_, status, names = process.stdout.splitlines()
    return status, set(names.split())


def commands(names: set[str]) -> set[str]:
    found = {name for name in names if name.startswith("newscrawl.commands.")}
    return {name.rpartition(".")[2] for name in found} - {"recorded", "tools", "looking", "telling"}


def test_where_there_is_no_database_nothing_is_loaded_that_would_read_it(tmp_path):
    status, names = loaded(tmp_path, "runs")
    assert status == "2"
    assert names.isdisjoint(DATABASE | SCREEN | (WEB - {"idna"}))
    assert not {name for name in names if name.startswith("newscrawl.store")}


def test_a_command_that_reads_the_database_loads_neither_pages_nor_an_http_client(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/data/newscrawl.db")
    migrate(engine)
    engine.dispose()
    status, names = loaded(tmp_path, "runs")
    assert status == "0"
    assert "sqlalchemy" in names
    assert names.isdisjoint({"web_poet", "scrapy_poet", "requests", "tldextract", "spidermon"})


@pytest.mark.parametrize("name", ["runs", "crawl", "export", "recordpage"])
def test_only_the_command_that_is_asked_for_is_loaded(tmp_path, name):
    status, names = loaded(tmp_path, name, "-h")
    assert status == "0"
    assert commands(names) == {name}


def test_a_crawl_loads_nothing_of_exports_reports_and_upkeep(tmp_path):
    _, names = loaded(tmp_path, "crawl", "-h")
    rooms = {"exporters", "report", "upkeep", "reextract", "schedule", "recording"}
    assert names.isdisjoint(f"newscrawl.{room}" for room in rooms)


def test_a_crawl_loads_no_tools_no_server_and_no_dialect_that_it_has_no_use_for(tmp_path):
    _, names = loaded(tmp_path, "crawl", "site", "-a", "url=http://127.0.0.1:1/")
    assert "newscrawl.frontier.claims" in names
    assert names.isdisjoint({"pytest", "time_machine", "aiohttp.web", "scrapy.commands.bench"})
    assert "sqlalchemy.dialects.postgresql" not in names

"""After real crawls and all that is done to a database, the index has the words of the articles."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import make_url, text

from newscrawl.search.index import State, differences, state_of
from newscrawl.store.database import connect
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.demo.serving import run_demo
from tests.search.indexing import expected, stored


def agrees(url: str) -> bool:
    engine = connect(url)
    try:
        with engine.begin() as connection:
            assert state_of(connection) is State.WHOLE
            assert differences(connection) == (0, 0)
            return stored(connection) == expected(connection)
    finally:
        engine.dispose()


@pytest.fixture
def crawl(database, tmp_path):
    """Two crawls of a site whose pages changed in between."""
    crawl = Crawl(tmp_path, database)
    port = 0
    for generation in (0, 1):
        with run_demo(articles=40, port=port, generation=generation) as server:
            port = make_url(server.url).port or 0
            ended = crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE)
            assert ended.returncode == 0, crawl.log
    return crawl


def test_the_index_agrees_after_everything(crawl, tmp_path):
    assert agrees(crawl.database)
    shown = crawl.do("search", "council", "--json", "-n", "3")
    hits = json.loads(shown.stdout)
    assert len(hits) == 3
    erased = crawl.do("erase", hits[0]["url"], NEWSCRAWL_JSONL=str(crawl.jsonl))
    assert erased.returncode == 0, erased.stderr
    assert agrees(crawl.database)
    again = json.loads(crawl.do("search", "council", "--json", "-n", "1000").stdout)
    assert hits[0]["id"] not in {each["id"] for each in again}
    for command in (["dedupe"], ["db", "vacuum", "--logs"]):
        assert crawl.do(*command).returncode == 0
        assert agrees(crawl.database)
    checked = crawl.do("db", "check")
    assert "index of the search: ok" in checked.stdout
    if crawl.database.startswith("sqlite"):
        assert crawl.do("db", "backup", str(tmp_path / "copy.db")).returncode == 0
        assert agrees(f"sqlite:///{tmp_path}/copy.db")


def test_a_run_without_the_setting_takes_the_index_away_and_one_with_it_makes_it(crawl):
    with run_demo(articles=40) as server:
        for wanted in ("False", "True"):
            ended = crawl.run(
                "site", "-a", f"url={server.url}/", NEWSCRAWL_SEARCH=wanted, NEWSCRAWL_JSONL=""
            )
            assert ended.returncode == 0, crawl.log
            engine = connect(crawl.database)
            with engine.begin() as connection:
                whole = state_of(connection) is State.WHOLE
                assert whole is (wanted == "True")
                if not whole:
                    triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
                    if engine.dialect.name == "postgresql":
                        triggers = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
                    assert connection.scalar(text(triggers)) == 0
            engine.dispose()
    assert agrees(crawl.database)

"""Crawls on a real PostgreSQL store what crawls on SQLite store."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from newscrawl.addresses.address import identity
from newscrawl.dataset.articles import article_from
from newscrawl.items import Article, record
from newscrawl.store.database import connect
from newscrawl.store.schema import articles, pages, runs
from tests.crawl.crawling import ENVIRONMENT, Crawl
from tests.store.restarting import restartable, stopped
from tests.store.serving import EMPTY

OF_THE_RUN = {"first_seen", "last_seen"}


@pytest.fixture
def database(postgresql):
    with postgresql.database(EMPTY) as url:
        yield url


def stored(url: str) -> dict[str, Article]:
    engine = connect(url)
    with engine.begin() as connection:
        rows = connection.execute(select(articles)).mappings().all()
    engine.dispose()
    return {identity(row["url"]): article_from(row) for row in rows}


def plain(found: dict[str, Article]) -> dict[str, dict[str, Any]]:
    return {
        key: {name: value for name, value in record(each).items() if name not in OF_THE_RUN}
        for key, each in found.items()
    }


def test_a_crawl_stores_the_same_as_on_sqlite(crawl, database, small_site, tmp_path):
    other = Crawl(tmp_path / "sqlite")
    other.folder.mkdir()
    site = ("site", "-a", f"url={small_site.url}/")
    assert crawl.run(*site, NEWSCRAWL_DATABASE_URL=database).returncode == 0
    assert other.run(*site).returncode == 0
    assert plain(stored(database)) == plain(other.articles())


def test_a_killed_crawl_goes_on(crawl, database, small_site):
    site = ("site", "-a", f"url={small_site.url}/")
    before = len(small_site.hits)
    process = crawl.start(*site, NEWSCRAWL_DATABASE_URL=database)
    while len(small_site.hits) < before + 40:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    ended = crawl.run(*site, NEWSCRAWL_DATABASE_URL=database)
    assert ended.returncode == 0, ended.stderr
    originals = {key for key, each in stored(database).items() if each.duplicate_of is None}
    assert originals == {identity(each.url) for each in small_site.site.truth()}
    engine = connect(database)
    with engine.begin() as connection:
        reasons = connection.execute(select(runs.c.reason).order_by(runs.c.id)).scalars().all()
        states = set(connection.execute(select(pages.c.state)).scalars())
    engine.dispose()
    assert reasons == ["killed", "finished"]
    assert states <= {"done", "queued"}


@pytest.fixture
def own_server():
    with restartable() as url:
        yield url


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_crawl_goes_on_when_the_server_has_been_away(crawl, own_server, small_site, mode):
    database = own_server
    before = len(small_site.hits)
    process = crawl.start("site", "-a", f"url={small_site.url}/", NEWSCRAWL_DATABASE_URL=database)
    for requests in (20, 40, 60):
        while len(small_site.hits) < before + requests:
            assert process.poll() is None
            time.sleep(0.02)
        with stopped(database, mode):
            time.sleep(0.3)
    assert process.wait(120) == 0, crawl.log
    assert "The database is away" in crawl.log
    originals = {key for key, each in stored(database).items() if each.duplicate_of is None}
    assert originals == {identity(each.url) for each in small_site.site.truth()}
    lines = [json.loads(line) for line in crawl.jsonl.read_text().splitlines()]
    assert {line["id"] for line in lines} == {each.id for each in stored(database).values()}
    fetched = [path for status, path in small_site.hits[before:] if status == 200]
    assert [path for path, times in Counter(fetched).items() if times > 1] == []


def test_a_crawl_begins_when_the_server_comes(crawl, own_server, small_site):
    with stopped(own_server):
        process = crawl.start(
            "site", "-a", f"url={small_site.url}/", NEWSCRAWL_DATABASE_URL=own_server
        )
        while not (crawl.folder / "crawl.log").exists() or "is away" not in crawl.log:
            assert process.poll() is None
            time.sleep(0.05)
    assert process.wait(120) == 0, crawl.log


def test_the_environment_names_the_database_and_every_command_works_on_it(
    crawl, database, small_site
):
    crawl.run("site", "-a", f"url={small_site.url}/", NEWSCRAWL_DATABASE_URL=database)
    for command in (
        ["runs"],
        ["audit", small_site.url],
        ["explain", f"{small_site.url}/"],
        ["dedupe"],
        ["export", "a.parquet", "a.csv", "--with-copies", "--revisions", "--since", "2025-10-01"],
        ["export", "--stories", "s.csv", "--syndication", "e.csv"],
        ["report"],
        ["forget", f"{small_site.url}/"],
    ):
        ended = crawl.runner(
            command,
            folder=crawl.folder,
            environment={**ENVIRONMENT, "NEWSCRAWL_DATABASE_URL": database},
        )
        assert ended.returncode == 0, (command, ended.stderr)

"""The dataset on a real PostgreSQL, with writers at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, delete, select

from newscrawl.store.articles import ArticleStore
from newscrawl.store.database import connect, migrate
from newscrawl.store.near import Scope
from newscrawl.store.schema import aliases, articles, contents, metadata, scopes, shingles
from tests.store.serving import postgres
from tests.store.test_articles import MORNING, NOON, Page
from tests.store.test_near import EDITED, ONE, text

REPEATS = 200
HOSTS = ("https://daily.example", "https://weekly.example")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with postgres() as url:
        engine = connect(url)
        migrate(engine)
        yield engine
        engine.dispose()


def store_at_once(engine: Engine, scope: Scope, pages: list[Page]) -> None:
    """Store each page by a writer of its own, all transactions begun before the first stores."""
    barrier = threading.Barrier(len(pages))

    def write(page: Page) -> None:
        with engine.begin() as connection:
            connection.execute(select(articles.c.id)).all()
            barrier.wait(timeout=60)
            ArticleStore("", scope=scope).store(connection, page.article())

    with ThreadPoolExecutor(len(pages)) as writers:
        list(writers.map(write, pages))


def originals(engine: Engine) -> list[str]:
    with engine.begin() as connection:
        found = connection.execute(select(articles.c.url).where(articles.c.duplicate_of.is_(None)))
        return list(found.scalars())


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in (aliases, articles, shingles, contents, scopes):
            connection.execute(delete(table))


@pytest.mark.parametrize("copy", [text(ONE), EDITED], ids=["exact", "near"])
def test_two_writers_of_one_story_leave_one_original(engine, copy):
    pages = [
        Page("/a", text(ONE), MORNING, host=HOSTS[0]),
        Page("/b", copy, NOON, host=HOSTS[1]),
    ]
    for turn in range(REPEATS // 2):
        store_at_once(engine, Scope.ALL, pages[:: 1 if turn % 2 else -1])
        assert originals(engine) == ["https://daily.example/a"]
        empty(engine)


def test_writers_of_two_sites_do_not_wait_for_each_other_forever(engine):
    pages = [Page("/a", text(ONE), host=host) for host in HOSTS]
    store_at_once(engine, Scope.SITE, pages)
    assert sorted(originals(engine)) == [f"{host}/a" for host in HOSTS]
    empty(engine)


def test_the_schema_is_the_same(engine):
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            assert connection.execute(select(table)).all() == []

"""The dataset on a real PostgreSQL, with writers at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy import text as text_
from sqlalchemy.exc import DBAPIError

from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import Scope
from newscrawl.frontier import hosts
from newscrawl.outcomes import Outcome
from newscrawl.store.database import connect, migrate, reading
from newscrawl.store.schema import aliases, articles, contents, pages, scopes, shingles, visits
from tests.dataset.test_articles import MORNING, NOON, Page
from tests.dataset.test_near import EDITED, ONE, text
from tests.frontier.trying import begin, claim, discover, finish, found
from tests.store.serving import EMPTY, Server

REPEATS = 200
T = TypeVar("T")
HOSTS = ("https://daily.example", "https://weekly.example")


@pytest.fixture
def engine(postgresql: Server) -> Iterator[Engine]:
    with postgresql.database() as url:
        engine = connect(url)
        yield engine
        engine.dispose()


def at_once(engine: Engine, write: Callable[[Connection, T], object], of: list[T]) -> None:
    """Write each thing in a transaction of its own, all begun before the first writes."""
    barrier = threading.Barrier(len(of))

    def begin(each: T) -> None:
        with engine.begin() as connection:
            connection.execute(select(articles.c.id)).all()
            barrier.wait(timeout=60)
            write(connection, each)

    with ThreadPoolExecutor(len(of)) as writers:
        list(writers.map(begin, of))


def store_at_once(engine: Engine, scope: Scope, pages: list[Page]) -> None:
    at_once(
        engine,
        lambda connection, page: ArticleStore("", scope=scope).store(connection, page.article()),
        pages,
    )


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


def test_what_two_runs_are_told_by_one_host_is_kept(engine):
    limits = [hosts.HostLimits("cdn.example", at, 0, "503") for at in (1.0, 2.0)]
    at_once(engine, hosts.keep_limits, limits)
    with engine.begin() as connection:
        (kept,) = hosts.limits_of_hosts(connection).values()
    assert kept in limits


def test_processes_that_find_an_empty_database_make_the_schema_once(postgresql):
    with postgresql.database(EMPTY) as url, ThreadPoolExecutor(4) as processes:
        engines = [connect(url) for _ in range(4)]
        list(processes.map(migrate, engines))
        for engine in engines:
            engine.dispose()


def test_what_is_read_at_once_is_of_one_moment(engine):
    count = select(func.count()).select_from(articles)
    with reading(engine) as connection:
        before = connection.execute(count).scalar_one()
        store_at_once(engine, Scope.SITE, [Page("/a", text(ONE))])
        assert connection.execute(count).scalar_one() == before == 0
    with reading(engine) as connection:
        assert connection.execute(count).scalar_one() == 1


def test_what_reads_cannot_write(engine):
    with reading(engine) as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.execute(delete(articles))
    with engine.begin() as connection:
        connection.execute(delete(articles))


def test_text_is_compared_by_bytes_as_sqlite_does(engine):
    """The server's locale here would do so anyway; most others do not."""
    query = text_(
        "SELECT table_name, column_name FROM information_schema.columns WHERE"
        " table_schema = 'public' AND table_name != 'alembic_version'"
        " AND data_type IN ('text', 'character varying')"
        " AND collation_name IS DISTINCT FROM 'C'"
    )
    with engine.begin() as connection:
        assert connection.execute(query).all() == []


def test_links_known_already_do_not_use_up_the_numbers_of_pages(engine):
    """Each of them takes one: a large crawl gets beyond 32 bits with far fewer pages."""
    with engine.begin() as connection:
        run = begin(connection)
        for table in (pages, visits):
            connection.execute(text_(f"SELECT setval('{table.name}_id_seq', {2**40})"))
        discover(connection, run, "a")
        (row,) = claim(connection, run)
        finish(connection, run, row, Outcome.LISTING, links=[found("b")])
        (later,) = claim(connection, run)
    assert row.id > 2**40
    assert later.found_on == row.id

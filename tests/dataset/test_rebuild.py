"""``scrapy dedupe``: all that is stored is decided again, in steps that survive an interruption."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, insert, select

from newscrawl.dataset import rebuild
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import Scope
from newscrawl.dataset.rebuild import Progress, Rebuild
from newscrawl.frontier import lease
from newscrawl.frontier.lease import SiteLocked
from newscrawl.store.schema import articles, leases, runs, shingles
from tests.dataset.test_articles import MORNING, NOON, SITE, Page
from tests.dataset.test_near import EDITED, ONE, OTHER, text

ELSEWHERE = f"https://{OTHER}"
PAGES = (
    Page("/a", text(ONE), MORNING),
    Page("/b", EDITED, NOON),
    Page("/c", EDITED, NOON, host=ELSEWHERE),
    Page("/d", text(ONE), NOON, host=ELSEWHERE),
)


@pytest.fixture
def stored(engine: Engine) -> Engine:
    """Copies within each of two sites, not yet across them."""
    store = ArticleStore("")
    with engine.begin() as connection:
        for page in PAGES:
            store.store(connection, page.article())
    return engine


def originals(engine: Engine) -> set[str]:
    with engine.begin() as connection:
        found = connection.execute(select(articles.c.url).where(articles.c.duplicate_of.is_(None)))
        return set(found.scalars())


def decide(engine: Engine, scope: Scope) -> Progress:
    *_, last = Rebuild(engine, ArticleStore("", scope=scope)).run()
    return last


def check(engine: Engine, scope: Scope) -> None:
    with engine.begin() as connection:
        ArticleStore("", scope=scope).check(connection)


def test_a_wider_scope_finds_copies_across_sites(stored):
    assert len(originals(stored)) == 2
    assert decide(stored, Scope.ALL) == Progress(total=4, indexed=4, decided=4, changed=2)
    assert originals(stored) == {f"https://{SITE}/a"}
    check(stored, Scope.ALL)


def test_back_in_the_narrow_scope_all_is_as_before(stored):
    before = originals(stored)
    decide(stored, Scope.ALL)
    decide(stored, Scope.SITE)
    assert originals(stored) == before


def test_nothing_changes_where_nothing_has_changed(stored):
    assert decide(stored, Scope.SITE).changed == 0


def test_what_was_stored_before_there_was_an_index_is_indexed(stored):
    with stored.begin() as connection:
        connection.execute(delete(shingles))
    decide(stored, Scope.SITE)
    with stored.begin() as connection:
        assert connection.execute(select(shingles)).first() is not None


@pytest.mark.parametrize("steps", range(1, 10))
def test_an_interrupted_rebuild_goes_on_where_it_stopped(stored, monkeypatch, steps):
    monkeypatch.setattr(rebuild, "CHUNK", 1)
    begun = Rebuild(stored, ArticleStore("", scope=Scope.ALL)).run()
    for _ in range(steps):
        first = next(begun)
    begun.close()
    with pytest.raises(ValueError, match="newscrawl dedupe was interrupted; run it again"):
        check(stored, Scope.ALL)
    second = decide(stored, Scope.ALL)
    assert (first.indexed + second.indexed, first.decided + second.decided) == (4, 4)
    assert originals(stored) == {f"https://{SITE}/a"}


def test_an_interrupted_rebuild_in_another_scope_is_begun_anew(stored):
    before = originals(stored)
    next(Rebuild(stored, ArticleStore("", scope=Scope.ALL)).run())
    decide(stored, Scope.SITE)
    assert originals(stored) == before


def test_changed_marks_are_new_lines_of_the_log(engine, tmp_path):
    store = ArticleStore(f"{tmp_path}/{{site}}.jsonl")
    with engine.begin() as connection:
        for site in (SITE, OTHER):
            store.open_log(connection, site)
        for page in PAGES:
            store.store(connection, page.article())
        store.before_commit(connection)
    store.close()
    wide = ArticleStore(f"{tmp_path}/{{site}}.jsonl", scope=Scope.ALL)
    list(Rebuild(engine, wide).run())
    wide.close()
    lines = [
        json.loads(line)
        for site in (SITE, OTHER)
        for line in (tmp_path / f"{site}.jsonl").read_text().splitlines()
    ]
    with engine.begin() as connection:
        rows = connection.execute(select(articles.c.id, articles.c.duplicate_of))
        marks = {row.id: row.duplicate_of for row in rows}
    assert {line["id"]: line["duplicate_of"] for line in lines} == marks
    assert list(marks.values()).count(None) == 1


def test_no_rebuild_while_a_run_crawls_a_site(stored):
    now = datetime.now(UTC)
    with stored.begin() as connection:
        connection.execute(
            insert(runs).values(
                id=1, spider="site", sites=[SITE], arguments={}, version="1", started=now, cycle=1
            )
        )
        connection.execute(
            insert(leases).values(
                site=SITE,
                run=1,
                host="elsewhere",
                pid=os.getpid(),
                heartbeat=lease.now(connection),
            )
        )
    with pytest.raises(SiteLocked, match=f"is crawling {SITE}"):
        next(Rebuild(stored, ArticleStore("")).run())

"""What an erasure leaves in the database: tombstones, and copies that are decided again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from newscrawl.addresses.address import identity
from newscrawl.answer import Answer
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import Scope
from newscrawl.frontier import lease
from newscrawl.frontier.balance import balance
from newscrawl.frontier.lease import SiteLocked
from newscrawl.items import Article, Image
from newscrawl.outcomes import Outcome
from newscrawl.store.database import reading
from newscrawl.store.schema import ERASED, articles, leases, metadata, pages
from newscrawl.upkeep.erasing import ErasureRequest
from newscrawl.upkeep.erasure import Erasure, ErasureResult, Folders
from tests.dataset.test_articles import MORNING, SITE, Page, id_of
from tests.upkeep.test_compaction import begin_run

STORY = "The council of the harbour town met on Monday to vote for the new pier. " * 3
OTHER = "Nobody knows yet who will pay for the lighthouse that the storm broke. " * 3
PAGE = identity(f"https://{SITE}/a")
FIRST = Page("/a", STORY)
COPY = Page("/b", STORY, published=MORNING.replace(hour=12), host="https://elsewhere.example")
THIRD = Page("/c", STORY, published=MORNING.replace(hour=13), host="https://elsewhere.example")


def store(engine: Engine, folder, *found: Page, scope: Scope = Scope.ALL) -> list[Outcome]:
    begin_run(engine)
    stored = ArticleStore(f"{folder}/{{site}}.jsonl", scope=scope)
    outcomes = []
    with engine.begin() as connection:
        for site in {page.article().site for page in found}:
            stored.open_log(connection, site)
        for page in found:
            article = page.article()
            outcomes.append(stored.store(connection, article).outcome)
            stored.before_commit(connection)
    stored.close()
    return outcomes


def said(answer: Answer) -> str:
    return answer.body.decode()


def erase(engine: Engine, *, scope: Scope = Scope.ALL, copies: bool = False) -> ErasureResult:
    request = ErasureRequest(identity=PAGE, copies=copies)
    return Erasure(engine, request, scope, said, Folders(None, None)).run()


def with_pictures(page: Page, *paths: str) -> Article:
    article = page.article()
    article.images = [Image(url=f"https://{SITE}/{path}", path=path) for path in paths]
    return article


def last_lines(path: Path) -> dict[str, Any]:
    return {line["id"]: line for line in map(json.loads, path.read_text().splitlines())}


def test_a_copy_on_another_site_becomes_the_original_in_database_and_log(engine, tmp_path):
    store(engine, tmp_path, FIRST, COPY, THIRD)
    told = erase(engine)
    second, third = COPY.article().id, THIRD.article().id
    with reading(engine) as connection:
        marks = dict(connection.execute(select(articles.c.id, articles.c.duplicate_of)).all())
    assert marks == {second: None, third: second}
    logged = last_lines(tmp_path / "elsewhere.example.jsonl")
    assert {key: line["duplicate_of"] for key, line in logged.items()} == marks
    assert set(told.chosen.elsewhere) == {COPY.article().url, THIRD.article().url}


def test_copies_on_other_sites_go_when_asked_for(engine, tmp_path):
    store(engine, tmp_path, FIRST, COPY, Page("/d", OTHER))
    told = erase(engine, copies=True)
    with reading(engine) as connection:
        assert connection.execute(select(articles.c.id)).scalars().all() == [id_of("/d")]
    assert (told.chosen.copies, told.chosen.elsewhere) == (1, ())


def test_no_column_of_any_table_has_a_sentence_left(engine, tmp_path):
    store(engine, tmp_path, FIRST, Page("/d", OTHER))
    store(engine, tmp_path, FIRST._replace(text=f"{STORY} It was a close vote in the end."))
    erase(engine)
    with reading(engine) as connection:
        rows = [
            str(row)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
    assert [row for row in rows if "harbour town" in row or "close vote" in row] == []
    assert any("lighthouse" in row for row in rows)
    assert list(last_lines(tmp_path / f"{SITE}.jsonl")) == [id_of("/d")]


def test_an_alias_becomes_a_tombstone_and_nothing_comes_back_under_it(engine, tmp_path):
    store(engine, tmp_path, FIRST, Page("/print/a", STORY, canonical="/a"))
    erase(engine)
    with reading(engine) as connection:
        stones = connection.execute(select(pages.c.identity).where(pages.c.state == ERASED))
        assert set(stones.scalars()) == {PAGE, identity(f"https://{SITE}/print/a")}
    again = (FIRST, Page("/print/a", STORY), Page("/amp/a", OTHER, canonical="/a"))
    assert store(engine, tmp_path, *again) == [Outcome.REJECTED] * 3


def test_beside_a_run_nothing_is_erased(engine, tmp_path):
    store(engine, tmp_path, FIRST)
    with engine.begin() as connection:
        connection.execute(
            leases.insert().values(
                site=SITE, run=1, host="another", pid=1, heartbeat=lease.now(connection)
            )
        )
    with pytest.raises(SiteLocked):
        erase(engine)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM articles")).scalar() == 1


def test_pictures_go_unless_another_article_has_them(engine, tmp_path):
    for name in ("own.jpg", "shared.jpg"):
        (tmp_path / name).write_bytes(b"a picture")
    begin_run(engine)
    stored = ArticleStore("", scope=Scope.ALL)
    with engine.begin() as connection:
        stored.store(connection, with_pictures(FIRST, "own.jpg", "shared.jpg"))
        stored.store(connection, with_pictures(Page("/d", OTHER), "shared.jpg"))
    request = ErasureRequest(identity=PAGE)
    told = Erasure(engine, request, Scope.ALL, said, Folders(None, tmp_path)).run()
    assert told.pictures == 1
    assert [path.name for path in tmp_path.glob("*.jpg")] == ["shared.jpg"]


def test_the_accounts_balance_with_a_tombstone_among_the_rows(engine, tmp_path):
    store(engine, tmp_path, FIRST)
    erase(engine)
    with reading(engine) as connection:
        sums = balance(connection, 1, (SITE,))
    assert (sums.rows, sums.erased, sums.holds) == (1, 1, True)

"""Under which names an article is known, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, insert

from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.naming import Naming
from newscrawl.discovery.links import Way
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.runs import begin_run
from newscrawl.items import Article
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.store.schema import ERASED, pages

SITE = "https://daily.example"
TEXT = "The council met on Monday, and the pier will be built again by spring."


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


def article(path: str, canonical: str = "", text: str = TEXT) -> Article:
    url = f"{SITE}{path}"
    made = Article(url=url, canonical_url=f"{SITE}{canonical}" if canonical else url, text=text)
    signed: Article = DedupePipeline().process_item(clean(made))
    return signed


def add_page(db: Connection, path: str, **values) -> None:
    run = begin_run(
        db,
        spider="site",
        sites=["daily.example"],
        arguments={},
        version="",
        policy=RevisitPolicy(3600.0, 86_400.0),
    ).run
    row = {
        "site": "daily.example",
        "identity": f"{SITE}{path}",
        "url": f"{SITE}{path}",
        "kind": "article",
        "ways": Way.ARTICLE,
        "depth": 1,
        "priority": 1,
        "claims": 0,
        "found_run": run,
        "state": "done",
    }
    db.execute(insert(pages).values({**row, **values}))


def test_an_article_nobody_knows_has_new_names(db):
    names = Naming().read(db, article("/a"))
    assert (names.page, names.canonical) == (f"{SITE}/a", f"{SITE}/a")
    assert names.are_new
    assert not names.is_known
    assert not names.is_erased


def test_a_stored_article_is_known_by_its_page_and_its_canonical_url(db):
    stored = ArticleStore("").store(db, article("/a", canonical="/b"))
    for path in ("/a", "/b"):
        names = Naming().read(db, article(path))
        assert (names.known_id, names.are_new) == (stored.article_id, False)


def test_a_page_that_names_a_known_article_adds_its_own_name(db):
    stored = ArticleStore("").store(db, article("/a"))
    naming = Naming()
    names = naming.read(db, article("/print/a", canonical="/a"))
    assert (names.known_id, names.are_new) == (stored.article_id, True)
    naming.add(db, names, stored.article_id)
    assert naming.read(db, article("/print/a")).known_id == stored.article_id


def test_a_name_that_was_erased_is_told(db):
    add_page(db, "/gone", state=ERASED)
    assert Naming().read(db, article("/gone")).is_erased
    assert Naming().read(db, article("/a", canonical="/gone")).is_erased


def test_a_canonical_url_of_a_listing_is_not_believed(db):
    add_page(db, "/news", outcome="listing")
    made = article("/a", canonical="/news")
    assert Naming().read(db, made).canonical == f"{SITE}/a"
    assert made.canonical_url == f"{SITE}/a"
    assert made.provenance["canonical_url"] == "url:listing"


def test_a_canonical_url_of_another_text_is_not_believed(db):
    ArticleStore("").store(db, article("/a", text="Quite another story, of a storm at sea. " * 9))
    made = article("/b", canonical="/a")
    assert Naming().read(db, made).known_id is None
    assert made.provenance["canonical_url"] == "url:other-text"

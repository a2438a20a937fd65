from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import Way
from newscrawl.store.schema import articles, pages
from tests.frontier.trying import OTHER, SITE, begin, discover, end, found, stored


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def run(db) -> int:
    return begin(db)


def found_via(db: Connection, path: str) -> str:
    query = select(articles.c.found_via).join(pages, pages.c.article_id == articles.c.id)
    told: str = db.execute(query.where(pages.c.identity == found(path).identity)).scalar_one()
    return told


def tell_ways(db: Connection, since: int) -> None:
    ArticleStore("").tell_strongest_ways(db, (SITE, OTHER), since)


def test_an_article_is_found_by_the_strongest_way_to_it_whichever_came_first(db, run):
    stored(db, run, "a", "One story.", Way.RELATED)
    assert found_via(db, "a") == "related"
    discover(db, run, "a", ways=Way.PAGINATION)
    tell_ways(db, run)
    assert found_via(db, "a") == "pagination"


def test_an_article_is_found_by_the_strongest_way_to_any_page_of_it(db, run):
    stored(db, run, "a", "One story.", Way.RELATED)
    stored(db, run, "a-amp", "One story.", canonical_url=found("a").url)
    tell_ways(db, run)
    assert found_via(db, "a") == "category"


def test_how_an_article_was_found_does_not_change_after_the_walk_that_found_it(db, run):
    stored(db, run, "a", "One story.", Way.RELATED)
    end(db, run)
    later = begin(db)
    discover(db, later, "a", ways=Way.CATEGORY)
    tell_ways(db, later)
    stored(db, later, "a", "One story, told anew.")
    assert found_via(db, "a") == "related"

"""``newscrawl search``: what a person reads, and what a program does."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import insert

from newscrawl.items import record
from newscrawl.search import index
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import articles, pages, runs
from tests.crawl.crawling import Crawl
from tests.search.indexing import WHEN, article


@pytest.fixture
def crawl(tmp_path):
    crawl = Crawl(tmp_path)
    engine = connect(crawl.database)
    migrate(engine)
    made = [
        article("a", "The north pier was rebuilt.", sections=["Health"], language="en"),
        article("b", "The pier of the north\u202e.\x1b[31m", published=None),
        article("c", "A copy of the north pier.", duplicate_of="a"),
    ]
    with engine.begin() as connection:
        connection.execute(insert(articles), [{**record(each), "changed_run": 1} for each in made])
        connection.execute(
            insert(runs).values(
                id=1, spider="site", sites=[], arguments={}, version="", started=WHEN, cycle=1
            )
        )
        connection.execute(
            insert(pages).values(
                site="daily.example",
                **dict.fromkeys(("identity", "url"), "https://daily.example/"),
                **dict.fromkeys(("ways", "found_run"), 1),
                **dict.fromkeys(("depth", "priority", "claims", "failures"), 0),
                kind="article",
                state="done",
            )
        )
    index.prepare(engine, wanted=True)
    engine.dispose()
    return crawl


def test_a_hit_has_headline_date_site_section_words_and_url(crawl):
    ended = crawl.do("search", '"north pier"')
    assert ended.returncode == 0
    assert ended.stdout.splitlines() == [
        "Story a",
        "2025-03-01, daily.example, Health",
        "The north pier was rebuilt.",
        "https://daily.example/a/",
        "",
        "1 article",
    ]


def test_what_turns_a_terminal_around_is_left_out(crawl):
    shown = crawl.do("search", "pier -rebuilt").stdout
    assert "no date" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_json_has_the_same_for_programs(crawl):
    hits = json.loads(crawl.do("search", "pier", "--with-copies", "--json").stdout)
    assert [hit["id"] for hit in hits] == ["c", "a", "b"]
    assert hits[1]["published"] == "2025-03-01T08:00:00+01:00"
    assert hits[1]["snippet"] == "The north pier was rebuilt."


def test_nothing_found_is_a_failure(crawl):
    ended = crawl.do("search", "ferry")
    assert ended.returncode == 1
    assert ended.stdout == "nothing found\n"


def test_filters_alone_list_what_they_let_through(crawl):
    assert "Story a" in crawl.do("search", "--section", "health", "--site", "daily.example").stdout
    assert "2 articles" in crawl.do("search", "--site", "https://www.daily.example/").stdout
    assert "1 article of 2" in crawl.do("search", "pier", "-n", "1").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a word, or a filter"),
        (["..."], "no letter and no digit"),
        (["pier", "--since", "soon"], "--since is not an ISO 8601 date"),
        (["pier", "--limit", "0"], "--limit is a number from 1"),
        (["pier", "--site", "nowhere.example"], "never crawled"),
        (["pier", "-ferry"], "unknown option -ferry"),
    ],
)
def test_what_cannot_be_asked_is_told(crawl, arguments, said):
    ended = crawl.do("search", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_without_an_index_it_says_how_to_get_one(crawl):
    engine = connect(crawl.database)
    index.remove(engine)
    engine.dispose()
    ended = crawl.do("search", "pier")
    assert ended.returncode == 2
    assert "newscrawl db index builds it" in ended.stderr
    assert "3 articles put in" in crawl.do("db", "index").stdout
    assert crawl.do("db", "index").stdout == "nothing to do\n"
    assert crawl.do("search", "pier").returncode == 0

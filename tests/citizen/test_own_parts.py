"""What users of Scrapy have of their own works beside newscrawl's: each part sees what is its."""

from __future__ import annotations

import csv
import json
import pickle
from types import SimpleNamespace

import pytest
from lxml import etree

from tests.citizen.own_parts import crawl
from tests.crawl.answering import Answer, answering, front, story
from tests.crawl.crawling import Crawl

STORIES = ("pier", "quay", "tram")
PLAIN = "from newscrawl.settings import *\nSPIDER_MODULES = ['parts']\n"
STORE = ("-s", "NEWSCRAWL_DATABASE_URL=sqlite:///news.db", "-s", "NEWSCRAWL_JSONL=articles.jsonl")


def pages() -> dict[str, Answer | str]:
    paths = [f"/{name}" for name in STORIES]
    return {
        "/": front(*paths, "/unwanted", "/moved", "/gone"),
        **{path: story(path.strip("/")) for path in paths},
        "/unwanted": story("unwanted"),
        "/moved": Answer(status=301, headers=(("Location", "/pier"),)),
        "/gone": Answer(status=404),
    }


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    with answering(pages()) as server:
        ended = crawl(
            folder,
            "site",
            "-a",
            f"url={server.url}/",
            "-s",
            "LOG_FILE=own.log",
            "-s",
            "LOG_LEVEL=DEBUG",
        )
    assert ended.returncode == 0, ended.stderr
    seen = json.loads((folder / "seen.json").read_text())
    stats = json.loads((folder / "stats.json").read_text())
    log = (folder / "own.log").read_text()
    return SimpleNamespace(
        folder=folder, ended=ended, seen=seen, stats=stats, log=log, server=server
    )


def test_pipelines_before_ours_get_articles_as_read_and_those_after_what_is_stored(done):
    assert done.seen["before"] == 4
    assert done.seen["after, with an id"] == 3
    assert "after" not in done.seen
    stored = [
        json.loads(line) for line in (done.folder / "articles.jsonl").read_text().splitlines()
    ]
    assert [each["tags"] for each in stored] == [["of the user"]] * 3


def test_what_an_own_pipeline_drops_is_rejected_with_its_reason(done):
    dropped = Crawl(done.folder, f"sqlite:///{done.folder}/news.db").pages()
    outcomes = {row["url"].rpartition("/")[2]: row["outcome"] for row in dropped.values()}
    reasons = {row["url"].rpartition("/")[2]: row["reason"] for row in dropped.values()}
    assert (outcomes["unwanted"], reasons["unwanted"]) == ("rejected", "DropItem")
    assert {outcomes[name] for name in STORIES} == {"article"}
    assert "LEFT OUT: nobody wants it" in done.log


def test_downloader_middlewares_see_each_request_and_each_answer(done):
    asked = done.server.asked
    assert all(each.headers["X-inner"] == each.headers["X-outer"] == "1" for each in asked)
    assert done.seen["inner request"] == done.seen["outer request"] == len(asked)
    assert done.seen["inner 301"] == 1
    assert done.seen["inner 404"] == done.seen["outer 404"]
    assert done.seen["inner 200"] == done.seen["outer 200"]


def test_spider_middlewares_see_answers_and_articles(done):
    assert done.seen["spider output Article"] == 4
    assert done.seen["spider input"] >= 5


def test_own_extensions_stats_and_log_are_theirs(done):
    assert done.seen["item_scraped"] == 3
    assert done.seen["item_dropped DropItem"] == 1
    assert done.seen["spider_closed finished"] == 1
    assert done.stats["newscrawl/outcome/article"] == done.stats["item_scraped_count"] == 3
    assert " DEBUG: Crawled (200)" in done.log
    assert "Traceback" not in done.log


def test_feeds_of_each_format_have_the_articles(done):
    folder = done.folder
    lines = [json.loads(line) for line in (folder / "feed.jsonlines").read_text().splitlines()]
    urls = sorted(each["url"] for each in lines)
    assert [url.rpartition("/")[2] for url in urls] == sorted(STORIES)
    assert json.loads((folder / "feed.json").read_text()) == lines
    assert json.loads((folder / "articles-only.json").read_text()) == lines
    with (folder / "feed.csv").open() as file:
        assert sorted(row["url"] for row in csv.DictReader(file)) == urls
    assert sorted(etree.parse(folder / "feed.xml").xpath("//item/url/text()")) == urls
    with (folder / "feed.pickle").open("rb") as file:
        assert sorted(pickle.load(file)["url"] for _ in urls) == urls
    with (folder / "fields.csv").open() as file:
        assert list(csv.DictReader(file)) == [
            {name: each[name] for name in ("headline", "url")} for each in lines
        ]


def test_feeds_in_batches_have_each_article_once(done):
    batches = [(done.folder / f"batch-{number}.jsonl").read_text() for number in (1, 2)]
    assert [len(each.splitlines()) for each in batches] == [2, 1]
    assert len(set("".join(batches).splitlines())) == 3


@pytest.mark.parametrize("spider", ["adds_pipeline", "adds_middleware"])
def test_custom_settings_add_to_the_components_of_the_project(spider, tmp_path):
    with answering(pages()) as server:
        ended = crawl(tmp_path, spider, "-a", f"url={server.url}/", *STORE, settings=PLAIN)
    assert ended.returncode == 0, ended.stderr
    assert len((tmp_path / "articles.jsonl").read_text().splitlines()) == 4
    if spider == "adds_middleware":
        assert {each.headers["X-inner"] for each in server.asked if each.path == "/pier"} == {"1"}
        assert json.loads((tmp_path / "seen.json").read_text())["item_scraped"] == 4


def test_custom_settings_take_a_component_away_by_none(tmp_path):
    most = ("-s", "NEWSCRAWL_MIN_WORDS=1000000")
    with answering(pages()) as server:
        ended = crawl(
            tmp_path, "takes_away", "-a", f"url={server.url}/", *STORE, *most, settings=PLAIN
        )
    assert ended.returncode == 0, ended.stderr
    assert len((tmp_path / "articles.jsonl").read_text().splitlines()) == 4

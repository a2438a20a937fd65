"""Own fields of items of every kind: stored, logged, exported, counted, shown, and kept."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select, update

from newscrawl.store.database import connect
from newscrawl.store.schema import articles, coverage
from tests.crawl.answering import Server, answering, front, outcomes, story
from tests.crawl.crawling import ALWAYS_DUE, Crawl

HERE = Path(__file__).parent
OWN = {"SPIDER_MODULES": "own_spiders", "SCRAPY_POET_DISCOVER": "newscrawl.pages,own_pages"}
KINDS = ("rated", "noted", "plain", "odd", "told", "untyped", "forecast")
RATED = {"rating": 4.5, "tested": ["Bread", "Butter"]}
WANTED = {
    "/rated/1": RATED,
    "/rated/2": {"rating": None, "tested": []},
    "/noted/1": {"desk": "local", "id": 4711, "on": "2025-03-01"},
    "/plain/1": {"mood": "calm"},
    "/told/1": {"score": {"for": 3, "against": 1}, "nothing": None},
}


def page(path: str) -> str:
    text = story(path)
    if path == "/rated/1":
        text = text.replace("<h1>", '<h1 data-stars="4.5">')
        tested = '<ul class="tested"><li>Bread</li><li>Butter</li></ul></article>'
        return text.replace("</article>", tested)
    return text


PAGES = {path: page(path) for path in (*(f"/{kind}/1" for kind in KINDS), "/rated/2")}


def a_folder(folder: Path, server: Server) -> Crawl:
    for name in ("own_spiders.py", "own_pages.py"):
        shutil.copy(HERE / name, folder)
    (folder / "site.txt").write_text(server.url.removeprefix("http://"))
    return Crawl(folder)


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def by_path(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {path_of(row["url"]): row for row in rows}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Iterator[tuple[Crawl, str]]:
    with answering({"/": front(*PAGES), **PAGES}) as server:
        crawl = a_folder(tmp_path_factory.mktemp("own"), server)
        process = crawl.run("strict", "-a", f"url={server.url}/", "-O", "feed.jsonl", **OWN)
        assert process.returncode == 0, crawl.log
        yield crawl, server.url


@pytest.mark.parametrize("path", WANTED)
def test_own_fields_are_stored_and_logged_as_plain_json(crawled, path):
    crawl, _ = crawled
    rows = {path_of(each.url): each.extra for each in crawl.articles().values()}
    assert rows[path] == WANTED[path]
    assert by_path(crawl.lines())[path]["extra"] == WANTED[path]


@pytest.mark.parametrize(
    ("path", "reason"), [("/odd/1", "BadField: rating"), ("/untyped/1", "BadField: tags")]
)
def test_a_value_that_a_field_cannot_hold_rejects_its_page_by_name(crawled, path, reason):
    crawl, url = crawled
    assert outcomes(crawl)[path] == ("rejected", reason)
    assert f"Rejected: {url}{path}: its field {reason.split()[1]!r}" in crawl.log


def test_an_item_that_is_no_article_goes_to_the_feed_as_it_is(crawled):
    crawl, _ = crawled
    feed = [json.loads(line) for line in (crawl.folder / "feed.jsonl").read_text().splitlines()]
    assert {"degrees": 7} in feed
    assert outcomes(crawl)["/forecast/1"] == ("page", None)


def test_the_feed_has_the_fields_of_a_subclass_at_the_top(crawled):
    crawl, _ = crawled
    feed = [json.loads(line) for line in (crawl.folder / "feed.jsonl").read_text().splitlines()]
    (rated,) = [row for row in feed if row.get("url", "").endswith("/rated/1")]
    assert (rated["rating"], rated["extra"]) == (4.5, RATED)


def test_every_export_has_own_fields(crawled):
    crawl, _ = crawled
    names = ("a.jsonl", "a.csv", "a.parquet")
    assert crawl.do("export", *names).returncode == 0
    lines = [json.loads(line) for line in (crawl.folder / "a.jsonl").read_text().splitlines()]
    with (crawl.folder / "a.csv").open(newline="") as file:
        cells = list(csv.DictReader(file))
    parquet = duckdb.execute(
        "SELECT url, extra FROM read_parquet(?)", [f"{crawl.folder}/a.parquet"]
    )
    columns = {path_of(url): json.loads(extra) for url, extra in parquet.fetchall()}
    for path, wanted in WANTED.items():
        assert by_path(lines)[path]["extra"] == wanted
        assert json.loads(by_path(cells)[path]["extra"]) == wanted
        assert columns[path] == wanted


def test_the_card_of_an_export_counts_own_fields(crawled):
    crawl, _ = crawled
    crawl.do("export", "a.jsonl")
    card = (crawl.folder / "README.md").read_text()
    assert "| rating in `extra` | any | 20.0% |" in card
    assert "nothing in" not in card


def test_coverage_counts_own_fields_where_they_have_a_value(crawled):
    crawl, _ = crawled
    (row,) = crawl.rows(select(coverage).subquery())
    rated = {rule: number for rule, (number, _) in row["fields"]["rating"].items()}
    assert rated["Rated"] == 1
    assert sum(rated.values()) == row["articles"]
    assert set(row["fields"]["nothing"]) == {""}


def test_explain_shows_own_fields_with_their_rules(crawled):
    crawl, url = crawled
    shown = " ".join(crawl.do("explain", f"{url}/noted/1").stdout.split())
    assert "│ id │ Noted │ 4711 │" in shown
    assert "│ desk │ Noted │ local │" in shown
    mood = " ".join(crawl.do("explain", f"{url}/plain/1").stdout.split())
    assert "│ mood │ data-mood │ calm │" in mood


def test_own_fields_are_read_again_and_what_a_pipeline_added_stays(tmp_path):
    with answering({"/": front("/rated/1"), **PAGES}) as server:
        crawl = a_folder(tmp_path, server)
        archive = {"NEWSCRAWL_ARCHIVE": str(tmp_path / "archive")}
        crawl.run("strict", "-a", f"url={server.url}/", **OWN, **archive)
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.execute(update(articles).values(extra={"rating": 1, "sentiment": "mild"}))
    engine.dispose()
    again = crawl.do("reextract", **OWN, **archive, NEWSCRAWL_JSONL=str(crawl.jsonl))
    assert again.returncode == 0, again.stderr
    (row,) = crawl.articles().values()
    assert row.extra == {**RATED, "sentiment": "mild"}
    assert row.provenance["rating"] == "Rated"
    assert crawl.lines()[-1]["extra"] == row.extra
    assert crawl.do("db", "check", NEWSCRAWL_JSONL=str(crawl.jsonl)).returncode == 0


def test_a_changed_own_field_is_no_revision_and_is_stored_anew(tmp_path):
    pages = {"/": front(*PAGES), **PAGES}
    with answering(pages) as server:
        crawl = a_folder(tmp_path, server)
        crawl.run("strict", "-a", f"url={server.url}/", **OWN, **ALWAYS_DUE)
        server.pages["/rated/1"] = PAGES["/rated/1"].replace("4.5", "2")
        crawl.run("strict", "-a", f"url={server.url}/", **OWN, **ALWAYS_DUE)
    (row,) = [each for each in crawl.articles().values() if each.url.endswith("/rated/1")]
    assert (row.extra["rating"], row.revision) == (2.0, 1)
    assert outcomes(crawl)["/rated/1"] == ("unchanged", None)
    assert by_path(crawl.lines())["/rated/1"]["extra"]["rating"] == 2.0

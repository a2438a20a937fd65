"""A user's own spiders: their arguments, logins, consents, zones, proxies and limits, really crawled."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.citizen.proxying import proxying
from tests.crawl.answering import (
    HTML,
    Answer,
    Answers,
    Asked,
    Server,
    answering,
    front,
    story,
)
from tests.crawl.crawling import Crawl

HERE = Path(__file__).parent
OWN = {"SPIDER_MODULES": "own_spiders"}


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    shutil.copy(HERE / "own_spiders.py", tmp_path)
    return Crawl(tmp_path)


def site(*names: str) -> dict[str, Answers]:
    """A front page that leads to articles of these names."""
    paths = [f"/{name}" for name in names]
    return {"/": front(*paths), **{path: story(path) for path in paths}}


def stored(crawl: Crawl) -> int:
    return sum(article.duplicate_of is None for article in crawl.articles().values())


# Arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["own", "-a", "region=west"], "'region' is 'west'; wanted: one of north, south"),
        (["own", "-a", "words=1,two"], "'words' is '1,two'; wanted: a whole number"),
        (["own", "-a", "edition=last"], "'edition' is 'last'; wanted: a whole number"),
        (["own", "-a", "regoin=north"], "unknown spider argument 'regoin'; did you mean 'region'?"),
        (["own", "-a", "max_artciles=5"], "did you mean 'max_articles'?"),
        (["strict", "-a", "colour=red"], "unknown spider argument 'colour'; there are: url"),
        (["member"], "spider argument 'password' is missing; add -a password=…"),
        (["strict", "-s", "DEPTH_PRIORITY=1"], "DEPTH_PRIORITY=1 does not count here"),
        (["strict", "-s", "CONCURRENT_REQUESTS_PER_IP=2"], "CONCURRENT_REQUESTS_PER_DOMAIN"),
        (["strict", "-s", "DEPTH_LIMIT=-1"], "DEPTH_LIMIT is not a whole number from 0: -1"),
    ],
)
def test_what_an_own_spider_does_not_take_is_refused_in_one_line(crawl, arguments, message):
    process = crawl.run(*arguments, **OWN)
    assert process.returncode == 2
    assert message in process.stderr
    assert "Traceback" not in process.stderr
    assert not (crawl.folder / "newscrawl.db").exists()


@pytest.fixture(scope="module")
def beside(tmp_path_factory) -> tuple[Crawl, list[dict[str, Any]], str]:
    """A crawl whose spider takes arguments and asks for pages of its own, and its feed."""
    folder = tmp_path_factory.mktemp("beside")
    shutil.copy(HERE / "own_spiders.py", folder)
    crawl = Crawl(folder)
    pages = site("a", "b")
    pages["/table.json"] = "{}"
    pages["/search"] = lambda asked: Answer(asked.body)
    with answering(pages) as server:
        process = crawl.run(
            *("own", "-a", f"url={server.url}/", "-a", "region=south", "-a", "words=3,5"),
            *("-a", "edition=2", "-a", "_job=4f", "-a", "note=any", "-O", "feed.jsonl"),
            **OWN,
        )
    assert process.returncode == 0, crawl.log
    feed = [json.loads(line) for line in (folder / "feed.jsonl").read_text().splitlines()]
    return crawl, feed, server.url


def test_arguments_reach_the_spider_as_their_annotations_say(beside):
    _, feed, _ = beside
    assert {"region": "south", "edition": 2, "words": [3, 5]} in feed


def test_a_run_keeps_arguments_as_they_were_given(beside):
    crawl, _, url = beside
    wanted = {"url": f"{url}/", "region": "south", "words": "3,5", "edition": "2", "note": "any"}
    assert crawl.runs()[0]["arguments"] == wanted


def test_requests_of_the_spiders_own_work_beside_the_ledger(beside):
    crawl, feed, _ = beside
    assert {"found": "q=quay", "depth": 1} in feed
    assert stored(crawl) == 2
    assert not [row for row in crawl.pages().values() if row["url"].endswith(("search", ".json"))]
    assert crawl.runs()[0]["account"]["ledger"]["balanced"]


# A login, a consent, a zone, a proxy


def members_only(asked: Asked) -> bool:
    return "session=open" in (asked.headers["Cookie"] or "")


FORM = """<!doctype html><title>Sign in</title><form action="/login" method="post">
<input name="name"><input type="password" name="password"></form>"""


def guarded(pages: Mapping[str, Answers], may: Callable[[Asked], bool]) -> dict[str, Answers]:
    """The same pages, for those who may; others see a form."""

    def answer(asked: Asked) -> Answer:
        return Answer(str(pages[asked.path])) if may(asked) else Answer(FORM)

    return dict.fromkeys(pages, answer)


def log_in(asked: Asked) -> Answer:
    sent = parse_qs(asked.body or "")
    if sent.get("password") != ["tide"]:
        return Answer("Wrong password")
    return Answer("Welcome", headers=(HTML, ("Set-Cookie", "session=open; Path=/")))


@pytest.fixture
def members() -> Iterator[Server]:
    pages = guarded(site("a", "b", "c"), members_only) | {"/login": log_in}
    with answering(pages) as server:
        yield server


def test_a_spider_logs_in_before_the_first_page_is_asked_for(crawl, members):
    process = crawl.run("member", "-a", f"url={members.url}/", "-a", "password=tide", **OWN)
    assert process.returncode == 0, crawl.log
    assert stored(crawl) == 3
    asked = [each.path for each in members.asked if each.path != "/robots.txt"]
    assert asked[0] == "/login"


def test_a_resumed_run_waits_for_the_login_too(crawl, members):
    arguments = ("member", "-a", f"url={members.url}/", "-a", "password=tide")
    crawl.run(*arguments, CLOSESPIDER_PAGECOUNT="4", **OWN)
    members.asked.clear()
    crawl.run(*arguments, **OWN)
    asked = [each for each in members.asked if each.path in {"/", "/a", "/b", "/c"}]
    assert asked
    assert all(map(members_only, asked))
    assert stored(crawl) == 3


def test_a_login_that_fails_ends_the_run_by_the_spiders_word(crawl, members):
    process = crawl.run("member", "-a", f"url={members.url}/", "-a", "password=ebb", **OWN)
    assert process.returncode == 1
    assert crawl.runs()[0]["reason"] == "login_failed"
    assert not members.times("/")


def test_a_consent_given_by_a_header_opens_the_site(crawl):
    def consents(asked: Asked) -> bool:
        return "consent=yes" in (asked.headers["Cookie"] or "")

    with answering(guarded(site("a", "b"), consents)) as server:
        process = crawl.run("consenting", "-a", f"url={server.url}/", **OWN)
    assert process.returncode == 0, crawl.log
    assert stored(crawl) == 2


def test_a_spiders_zone_counts_as_the_argument_does(crawl):
    pages = site("a")
    pages["/a"] = str(pages["/a"]).replace("10:00:00+01:00", "10:00:00")
    with answering(pages) as server:
        crawl.run("zoned", "-a", f"url={server.url}/", **OWN)
    (article,) = crawl.articles().values()
    assert article.published is not None
    assert article.published.isoformat() == "2025-03-01T10:00:00-05:00"
    assert crawl.runs()[0]["arguments"]["timezone"] == "America/New_York"


def test_a_proxy_of_the_environment_is_asked_in_place_of_the_site(crawl):
    with answering(site("a", "b")) as server, proxying() as proxy:
        crawl.environment = {"http_proxy": proxy.url, "no_proxy": ""}
        process = crawl.run("strict", "-a", f"url={server.url}/", **OWN)
    assert process.returncode == 0, crawl.log
    assert stored(crawl) == 2
    assert {f"{server.url}/", f"{server.url}/a", f"{server.url}/b"} <= set(proxy.asked)


# Limits


NAMES = [f"story-{number}" for number in range(24)]


@pytest.fixture(scope="module")
def many() -> Iterator[Server]:
    with answering(site(*NAMES)) as server:
        yield server


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("CLOSESPIDER_ITEMCOUNT", "3", "closespider_itemcount"),
        ("CLOSESPIDER_PAGECOUNT", "4", "closespider_pagecount"),
        ("CLOSESPIDER_PAGECOUNT_NO_ITEM", "2", "closespider_pagecount_no_item"),
        ("CLOSESPIDER_TIMEOUT", "0.05", "closespider_timeout"),
    ],
)
def test_a_limit_of_scrapys_ends_a_run_well_and_the_next_one_goes_on(
    crawl, many, setting, value, reason
):
    process = crawl.run("strict", "-a", f"url={many.url}/", **{setting: value}, **OWN)
    assert process.returncode == 0, crawl.log
    run = crawl.runs()[0]
    assert run["reason"] == reason
    assert run["account"]["ledger"]["balanced"]
    assert stored(crawl) < len(NAMES)
    crawl.run("strict", "-a", f"url={many.url}/", **OWN)
    assert stored(crawl) == len(NAMES)


@pytest.mark.parametrize(("limit", "reached"), [("1", 0), ("2", 2), ("0", 2)])
def test_a_depth_limit_is_a_greatest_depth(crawl, limit, reached):
    pages = site("a", "b")
    pages["/"] = front("/section")
    pages["/section"] = front("/a", "/b")
    with answering(pages) as server:
        crawl.run("strict", "-a", f"url={server.url}/", DEPTH_LIMIT=limit, **OWN)
    assert server.times("/section") == 1
    assert stored(crawl) == reached


def test_a_run_that_brings_nothing_for_too_long_ends_well(crawl):
    pages = {"/": front(*(f"/{name}" for name in NAMES))}
    pages |= {f"/{name}": story(name, words=20) for name in NAMES}
    with answering(pages) as server:
        process = crawl.run(
            *("strict", "-a", f"url={server.url}/"),
            CLOSESPIDER_TIMEOUT_NO_ITEM="1",
            DOWNLOAD_DELAY="0.5",
            **OWN,
        )
    assert process.returncode == 0, crawl.log
    assert crawl.runs()[0]["reason"] == "closespider_timeout_no_item"
    assert any(row["state"] == "queued" for row in crawl.pages().values())


def test_too_many_errors_end_a_run_and_it_has_failed(crawl, many):
    process = crawl.run("failing", "-a", f"url={many.url}/", CLOSESPIDER_ERRORCOUNT="1", **OWN)
    assert process.returncode == 1
    assert crawl.runs()[0]["reason"] == "closespider_errorcount"
    assert "errors in the code of the crawl" in process.stderr


@pytest.mark.parametrize("limit", [1, 5])
def test_max_articles_stores_just_so_many_run_after_run(crawl, many, limit):
    for run in (1, 2):
        process = crawl.run(
            "strict", "-a", f"url={many.url}/", "-a", f"max_articles={limit}", **OWN
        )
        assert process.returncode == 0, crawl.log
        assert crawl.runs()[-1]["reason"] == "max_articles"
        assert stored(crawl) == run * limit
    assert not [row for row in crawl.pages().values() if row["state"] == "claimed"]


def test_copies_and_rejected_pages_do_not_count_towards_max_articles(crawl):
    pages = site(*NAMES)
    for number in (1, 4, 7, 10):
        pages[f"/story-{number}"] = pages["/story-0"]
    for number in (2, 5, 8):
        pages[f"/story-{number}"] = story("short", words=20)
    with answering(pages) as server:
        crawl.run("strict", "-a", f"url={server.url}/", "-a", "max_articles=8", **OWN)
    assert stored(crawl) == 8


def test_a_cached_answer_is_not_asked_for_again(crawl, tmp_path):
    cached = {"HTTPCACHE_ENABLED": "True", "HTTPCACHE_DIR": str(tmp_path / "cache")}
    with answering(site("a", "b")) as server:
        crawl.run("strict", "-a", f"url={server.url}/", **cached, **OWN)
        server.asked.clear()
        database = f"sqlite:///{tmp_path}/other.db"
        again = Crawl(tmp_path, database)
        again.run("strict", "-a", f"url={server.url}/", **cached, NEWSCRAWL_JSONL="", **OWN)
        assert [each.path for each in server.asked] == ["/robots.txt"]
    assert stored(again) == 2


def test_a_job_directory_is_for_requests_of_the_spiders_own(crawl, tmp_path):
    with answering(site("a", "b")) as server:
        for _ in range(2):
            process = crawl.run(
                "strict", "-a", f"url={server.url}/", JOBDIR=str(tmp_path / "job"), **OWN
            )
            assert process.returncode == 0, crawl.log
    assert stored(crawl) == 2

"""Spiders and requests that are not newscrawl's own, under this project's settings."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from newscrawl.addresses.address import identity
from tests.crawl.crawling import Crawl
from tests.serving import BusyServer

PLAIN = """
import json
import scrapy

class Plain(scrapy.Spider):
    name = "plain"

    async def start(self):
        for term in ("tide", "tram"):
            yield scrapy.Request(
                self.server + "/search",
                method="POST",
                body=json.dumps({"term": term}),
                headers={"Content-Type": "application/json", "X-Key": "k1"},
                callback=self.found,
                cb_kwargs={"term": term},
            )

    def found(self, response, term):
        yield {"term": term, "echo": response.json()}
        for _ in range(2):
            yield response.follow("/again", self.again, dont_filter=True)
            yield response.follow("/once", self.once)
        yield response.follow("/missing", self.once, errback=self.missing)

    def again(self, response):
        yield {"again": response.json()["path"]}

    def once(self, response):
        yield {"once": response.json()["path"]}

    def missing(self, failure):
        yield {"missing": failure.value.response.status}
"""

BESIDE = """
from newscrawl.items import Article
from newscrawl.pages.news import NewsPage
from newscrawl.spiders.site import SiteSpider
from scrapy import Request
from web_poet import HttpClient

class Beside(SiteSpider):
    name = "beside"

    @property
    def own_urls(self):
        return [self.settings["COMMENTS_URL"]]

    async def parse(self, response, page: NewsPage, http: HttpClient):
        async for output in super().parse(response, page, http):
            yield output
            if isinstance(output, Article):
                url = self.settings["COMMENTS_URL"]
                yield Request(
                    url,
                    method="POST",
                    body=output.url,
                    callback=self.comments,
                    cb_kwargs={"url": output.url},
                )

    def comments(self, response, url):
        yield {"url": url, "comments_of": response.json()["body"]}
"""


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, body: str) -> None:
        told = {"path": self.path, "body": body, "key": self.headers.get("X-Key")}
        answer = json.dumps(told).encode()
        self.send_response(404 if self.path in {"/robots.txt", "/missing"} else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@pytest.fixture
def echo():
    with BusyServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def tracebacks(text: str) -> list[str]:
    """Return the tracebacks of a log, so that a failure shows them."""
    return [each[:3000] for each in text.split("Traceback")[1:]]


def feed(crawl: Crawl) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (crawl.folder / "feed.jsonl").read_text().splitlines()]


def test_a_plain_spider_with_posts_and_callbacks_works_without_the_ledger(crawl, echo):
    (crawl.folder / "plain.py").write_text(PLAIN)
    process = crawl.run("plain", "-a", f"server={echo}", "-O", "feed.jsonl", SPIDER_MODULES="plain")
    assert process.returncode == 0, process.stderr
    assert tracebacks(crawl.log + process.stderr) == []
    items = feed(crawl)
    posts = {item["term"]: item["echo"] for item in items if "term" in item}
    assert posts == {
        term: {"path": "/search", "body": json.dumps({"term": term}), "key": "k1"}
        for term in ("tide", "tram")
    }
    assert items.count({"again": "/again"}) == 4
    assert items.count({"once": "/once"}) == 1
    assert items.count({"missing": 404}) == 1
    assert not (crawl.folder / "newscrawl.db").exists()
    assert not crawl.jsonl.exists()


def test_a_news_spider_may_yield_requests_of_its_own_beside_its_articles(crawl, echo, small_site):
    (crawl.folder / "beside.py").write_text(BESIDE)
    process = crawl.run(
        *("beside", "-a", f"url={small_site.url}/", "-O", "feed.jsonl"),
        SPIDER_MODULES="beside",
        COMMENTS_URL=f"{echo}/comments",
    )
    assert process.returncode == 0, process.stderr
    assert tracebacks(crawl.log + process.stderr) == []
    stored = crawl.articles()
    assert set(stored) >= {identity(a.url) for a in small_site.site.truth()}
    comments = {item["url"]: item["comments_of"] for item in feed(crawl) if "comments_of" in item}
    assert all(url == body for url, body in comments.items())
    assert {identity(url) for url in comments} >= set(stored)
    run = crawl.runs()[0]
    assert run["claims"] == sum(run["outcomes"].values()) + run["released"]
    assert not [page for page in crawl.pages() if "/comments" in page]


BROKEN = """
from newscrawl.spiders.news import NewsSpider

class Broken(NewsSpider):
    name = "broken"
    start_urls = ["http://127.0.0.1:9/"]

    def __init__(self, *args, **kwargs):
        raise AttributeError("the reservoir is empty")
"""


def test_a_spider_that_cannot_be_made_fails_with_its_own_error(crawl):
    (crawl.folder / "broken.py").write_text(BROKEN)
    process = crawl.run("broken", SPIDER_MODULES="broken")
    assert process.returncode == 1
    assert "the reservoir is empty" in crawl.log
    assert "get_extension" not in process.stderr

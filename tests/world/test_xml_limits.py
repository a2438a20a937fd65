"""Nothing beyond a limit is dropped in silence."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.discovery import feeds, records, wordpress_api
from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.links import Way
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.discovery.wordpress_api import read_posts
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import Outcome
from newscrawl.spiders import sources
from newscrawl.spiders.news import NewsSpider

FRONT = "https://d.example/"


def urlset(number: int) -> bytes:
    body = "".join(f"<url><loc>{FRONT}{at}</loc></url>\n" for at in range(number))
    return f"<urlset>{body}</urlset>".encode()


def index(number: int) -> bytes:
    body = "".join(f"<sitemap><loc>{FRONT}{at}.xml</loc></sitemap>" for at in range(number))
    return f"<sitemapindex>{body}</sitemapindex>".encode()


def lines(number: int) -> bytes:
    return "".join(f"{FRONT}{at}\n" for at in range(number)).encode()


def rss(number: int) -> bytes:
    body = "".join(f"<item><link>{FRONT}{at}</link></item>" for at in range(number))
    return f"<rss><channel>{body}</channel></rss>".encode()


def atom(number: int) -> bytes:
    body = "".join(f"<a:entry><a:link href='{FRONT}{at}'/></a:entry>" for at in range(number))
    return f"<a:feed>{body}</a:feed>".encode()


def json_feed(number: int) -> bytes:
    items = [{"url": f"{FRONT}{at}"} for at in range(number)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


@pytest.mark.parametrize("write", [urlset, index, lines], ids=lambda write: write.__name__)
@pytest.mark.parametrize("beyond", [0, 3])
def test_entries_beyond_those_of_the_protocol_are_counted_in(write, beyond):
    found = read_sitemap(write(50_000 + beyond))
    assert found is not None
    assert (len(found.pages) + len(found.sitemaps), found.left_out, found.whole) == (
        *(50_000, beyond, True),
    )


@pytest.mark.parametrize("write", [rss, atom, json_feed], ids=lambda write: write.__name__)
@pytest.mark.parametrize("beyond", [0, 3])
def test_entries_beyond_the_limit_of_a_feed_are_counted_in(write, beyond):
    found = read_feed(write(feeds.MAX_ENTRIES + beyond), FRONT)
    assert found is not None
    assert (len(found.entries), found.left_out, found.whole) == (feeds.MAX_ENTRIES, beyond, True)


def test_posts_beyond_a_page_are_counted():
    body = json.dumps([{"link": f"{FRONT}{at}"} for at in range(103)]).encode()
    found = read_posts(body, FRONT, total=None, pages=None)
    assert found is not None
    assert (len(found.entries), found.left_out) == (100, 3)


@pytest.mark.parametrize(("pages", "left_out"), [("2000", 0), ("2001", 1), ("2003", 201)])
def test_posts_beyond_the_last_page_that_is_asked_for_are_counted(pages, left_out):
    url = f"{FRONT}wp-json/wp/v2/posts?page={wordpress_api.MAX_PAGES}"
    body = json.dumps([{"link": f"{FRONT}a"}]).encode()
    found = read_posts(body, url, total=None, pages=pages)
    assert found is not None
    assert (found.following, found.left_out) == (None, left_out)


def test_elements_beyond_the_limit_leave_out_the_rest(monkeypatch):
    monkeypatch.setattr(records, "MAX_ELEMENTS", 21)
    found = read_sitemap(urlset(30))
    assert found is not None
    assert (len(found.pages), found.left_out) == (10, 20)


@pytest.mark.parametrize("write", [urlset, lines, rss], ids=lambda write: write.__name__)
def test_bytes_beyond_the_limit_leave_out_something_of(write, monkeypatch):
    monkeypatch.setattr(records, "MAX_BYTES", 5000)
    body = gzip.compress(write(900))
    found = read_sitemap(body) or read_feed(body, FRONT)
    assert found is not None
    assert found.whole
    assert found.left_out >= 1


# What a run says of it


class Daily(NewsSpider):
    name = "daily"
    start_urls = [FRONT]


def spider(**given: str) -> NewsSpider:
    made = Daily(**given)
    made.crawler = Crawler(Daily)
    made.crawler.stats = MemoryStatsCollector(made.crawler)
    return made


def read(of: NewsSpider, kind: str, body: bytes, depth: int = 0) -> Report:
    row = Row(1, "d.example", f"{FRONT}list", f"{FRONT}list", kind, Way.SEED, depth, priority=0)
    response = Response(row.url, body=body, request=Request(row.url))
    return asyncio.run(of.sources.read(response, Visit(row)))


def counted(of: NewsSpider) -> int:
    assert of.crawler.stats is not None
    return int(of.crawler.stats.get_value("newscrawl/sources/left_out", 0))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("sitemap", urlset(13), id="a_sitemap"),
        pytest.param("sitemap", lines(13), id="a_list_of_addresses"),
        pytest.param("feed", rss(13), id="a_feed"),
        pytest.param("sitemap", atom(13), id="a_feed_that_is_named_as_a_sitemap"),
        pytest.param("feed", json_feed(13), id="a_json_feed"),
    ],
)
def test_stats_log_and_ledger_say_what_was_left_out_of(kind, body, monkeypatch, caplog):
    monkeypatch.setattr(records, "MAX_RECORDS", 10)
    monkeypatch.setattr(feeds, "MAX_ENTRIES", 10)
    daily = spider()
    report = read(daily, kind, body)
    assert (report.outcome, len(report.links)) == (Outcome.LISTING, 10)
    assert report.evidence == {"left_out": 3}
    assert counted(daily) == 3
    assert f"3 entries of {FRONT}list" in caplog.text


def test_sitemaps_beyond_those_of_a_run_are_counted_and_said(monkeypatch, caplog):
    monkeypatch.setattr(sources, "MAX_SITEMAPS", 4)
    daily = spider()
    first, second = (read(daily, "sitemap", index(number)) for number in (3, 7))
    assert (first.evidence, second.evidence) == (None, {"left_out": 6})
    assert counted(daily) == 6
    assert "6 entries of" in caplog.text


def test_sitemaps_beyond_those_of_a_robots_txt_are_counted_and_said(caplog):
    daily = spider()
    named = [f"{FRONT}{number}.xml" for number in range(sources.MAX_NAMED_SITEMAPS + 2)]
    assert len(daily.sources.named(named, f"{FRONT}robots.txt")) == sources.MAX_NAMED_SITEMAPS
    assert counted(daily) == 2
    assert "2 sitemaps of https://d.example/robots.txt" in caplog.text


def test_pages_of_a_feed_beyond_the_limit_are_said(caplog):
    daily = spider(discover="feed")
    body = rss(2).replace(b"<channel>", b"<channel><link rel='next' href='?paged=102'/>")
    report = read(daily, "feed", body, depth=sources.MAX_FEED_PAGES)
    assert report.next_pages == []
    assert report.evidence == {"left_out": 1}
    assert "pages of the feed" in caplog.text


def test_a_run_that_leaves_nothing_out_says_nothing(caplog):
    daily = spider()
    assert read(daily, "sitemap", urlset(12)).evidence is None
    assert counted(daily) == 0
    assert "Beyond" not in caplog.text

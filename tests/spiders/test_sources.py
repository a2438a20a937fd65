from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, XmlResponse
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.frontier.rows import Found, Row
from newscrawl.frontier.visits import Visit
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import Outcome
from newscrawl.spiders import sources
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.roles import LINK_RULES
from newscrawl.spiders.sources import Sources

FRONT = "https://daily.example/"
HEAD = """<html><head><link rel="https://api.w.org/" href="/wp-json/">
<link rel="alternate" type="application/rss+xml" href="/feed/">
<link rel="alternate" type="application/rss+xml" href="/story/feed/"></head></html>"""


class Daily(NewsSpider):
    name = "daily"
    start_urls = [FRONT]
    never = ("/shop",)


def spider(**given: str) -> NewsSpider:
    made = Daily(**given)
    made.crawler = Crawler(Daily)
    made.crawler.stats = MemoryStatsCollector(made.crawler)
    return made


def visit(path: str, kind: str, *, depth: int = 0, interval: float | None = None) -> Visit:
    url = FRONT + path
    return Visit(
        Row(1, "daily.example", url, url, kind, Way.SEED, depth, priority=0, interval=interval)
    )


def read(of: Sources, kind: str, body: str, path: str = "list", **values: Any) -> Report:
    here = visit(path, kind, **values)
    response = Response(here.row.url, body=body.encode(), request=Request(here.row.url))
    return asyncio.run(of.read(response, here))


def urlset(*paths: str, lastmod: str = "") -> str:
    date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return (
        "<urlset>" + "".join(f"<url><loc>{FRONT}{p}</loc>{date}</url>" for p in paths) + "</urlset>"
    )


def index(*children: tuple[str, str]) -> str:
    rows = "".join(
        f"<sitemap><loc>{FRONT}{path}</loc>{date and f'<lastmod>{date}</lastmod>'}</sitemap>"
        for path, date in children
    )
    return f"<sitemapindex>{rows}</sitemapindex>"


def rss(*paths: str) -> str:
    items = "".join(f"<item><link>{FRONT}{path}</link></item>" for path in paths)
    return f"<rss><channel><generator>wordpress</generator>{items}</channel></rss>"


def paths(found: list[Found]) -> list[str]:
    return [row.url.removeprefix(FRONT) for row in found]


def offered(
    of: Sources, path: str = "", *, depth: int = 0, is_article: bool = False
) -> list[Found]:
    response = HtmlResponse(FRONT + path, body=HEAD.encode())
    return of.offered(response, visit(path, "category", depth=depth), is_article=is_article)


# Which sources are read


def test_a_seed_offers_its_api_and_feeds():
    api, *feeds = offered(spider().sources)
    assert (api.kind, api.ways, api.depth) == ("api", Way.API, 0)
    assert api.url.startswith(f"{FRONT}wp-json/wp/v2/posts?")
    assert [(feed.kind, feed.url) for feed in feeds] == [
        ("feed", f"{FRONT}feed/"),
        ("feed", f"{FRONT}story/feed/"),
    ]


def test_the_feed_of_an_articles_comments_is_none_of_them():
    found = offered(spider(discover="feed").sources, "story/", is_article=True)
    assert paths(found) == ["feed/"]


def test_pages_beyond_the_seeds_offer_nothing():
    assert offered(spider().sources, depth=1) == []


def test_only_the_ways_asked_for_are_taken():
    assert {row.kind for row in offered(spider(discover="feed").sources)} == {"feed"}
    assert offered(spider(discover="links,sitemap").sources) == []


def test_robots_txt_may_name_sitemaps_of_the_own_site():
    named = ["/s.xml", f"{FRONT}t.xml", "https://weekly.example/s.xml", "https://[::1/s.xml"]
    named.append("/author-sitemap.xml")
    found = spider().sources.named(named, f"{FRONT}robots.txt")
    assert [(row.url, row.kind, row.depth) for row in found] == [
        (f"{FRONT}s.xml", "sitemap", 0),
        (f"{FRONT}t.xml", "sitemap", 0),
    ]


def test_usual_places_are_tried_on_the_host_of_a_seed():
    found = spider().sources.usual(f"{FRONT}robots.txt")
    assert paths(found)[0] == "sitemap.xml"
    assert spider().sources.usual("https://sport.daily.example/robots.txt") == []


def test_sources_come_after_all_links_that_do_not_wait():
    of = spider().sources
    found = offered(of) + of.usual(f"{FRONT}robots.txt")
    links = [rule.priority for rule in LINK_RULES.values() if rule.priority >= 0]
    assert all(0 <= row.priority < min(links) for row in found)


def test_a_run_of_the_seeds_alone_reads_no_source():
    assert spider(max_depth="0").left_out == SOURCES


def test_a_run_of_sections_reads_what_can_tell_them():
    made = spider(sections="health")
    assert made.left_out == {"sitemap"}
    assert "_embed" in offered(made.sources)[0].url


def test_a_run_leaves_out_what_it_was_not_asked_for():
    assert spider(discover="links").left_out == SOURCES
    assert spider().left_out == frozenset()


# What is taken of them


def test_the_pages_of_a_sitemap_are_found_with_their_dates():
    report = read(spider().sources, "sitemap", urlset("a", lastmod="2025-03-01"))
    assert (report.outcome, report.reason) == (Outcome.LISTING, "Sitemap")
    assert [(row.url, row.ways, row.depth) for row in report.links] == [
        (f"{FRONT}a", Way.SITEMAP, 1)
    ]
    assert report.lastmods == {f"{FRONT}a": "2025-03-01T00:00:00Z"}


def test_the_latest_pages_of_a_sitemap_come_first():
    rows = [
        f"<url><loc>{FRONT}in-{year}</loc><lastmod>{year}</lastmod></url>" for year in (2023, 2025)
    ]
    body = f"<urlset><url><loc>{FRONT}undated</loc></url>{''.join(rows)}</urlset>"
    assert paths(read(spider().sources, "sitemap", body).links) == [
        "in-2025",
        "in-2023",
        "undated",
    ]


def test_a_page_of_a_sitemap_is_not_announced_as_an_article():
    report = read(spider().sources, "sitemap", urlset("a"))
    assert [row.kind for row in report.links] == ["entry"]


def test_a_page_of_a_feed_is():
    report = read(spider().sources, "feed", rss("a"))
    assert [(row.kind, row.ways) for row in report.links] == [("article", Way.FEED)]


def test_listings_in_a_sitemap_are_followed_as_the_links_they_are():
    report = read(spider().sources, "sitemap", urlset("category/x/", "tag/y/"))
    assert [(row.kind, row.priority) for row in report.links] == [
        (kind, LINK_RULES[kind].priority) for kind in (LinkKind.CATEGORY, LinkKind.TAG)
    ]


def test_listings_in_a_sitemap_are_left_where_links_are_not_followed():
    of = spider(discover="sitemap").sources
    assert paths(read(of, "sitemap", urlset("category/x/", "a")).links) == ["a"]


def test_what_links_may_not_lead_to_a_source_may_not_either():
    body = urlset("cart/", "?s=x", "shop/mug/", "a.jpg", "b/feed/")
    others = ("https://weekly.example/a", "https://[::1/a", "javascript:alert(1)")
    rows = "".join(f"<url><loc>{url}</loc></url>" for url in others)
    body = body.replace("</urlset>", f"{rows}</urlset>")
    assert read(spider().sources, "sitemap", body).links == []


def test_dated_sitemaps_of_an_index_are_read_when_their_date_changes():
    report = read(spider().sources, "sitemap", index(("a.xml", "2025-03-01"), ("b.xml", "")))
    assert [(row.url, row.kind, row.depth) for row in report.links] == [
        (f"{FRONT}a.xml", "sitemap", 1),
        (f"{FRONT}b.xml", "sitemap", 0),
    ]
    assert report.lastmods == {f"{FRONT}a.xml": "2025-03-01T00:00:00Z"}


def test_sitemaps_of_listings_are_not_read():
    body = index(("category-sitemap.xml", ""), ("post-sitemap.xml", ""))
    assert paths(read(spider().sources, "sitemap", body).links) == ["post-sitemap.xml"]


def test_a_run_takes_so_many_sitemaps_and_no_more(monkeypatch):
    monkeypatch.setattr(sources, "MAX_SITEMAPS", 3)
    of = spider().sources
    for first in (0, 2):
        children = [(f"{first}-{number}.xml", "") for number in range(2)]
        report = read(of, "sitemap", index(*children))
    assert len(report.links) == 1


def test_posts_of_the_api_are_found_with_how_many_there_are():
    body = json.dumps([{"link": f"{FRONT}a/", "modified_gmt": "2025-03-01T00:00:00"}])
    here = visit("wp-json/wp/v2/posts?page=1", "api")
    headers = {"X-WP-Total": "101", "X-WP-TotalPages": "2"}
    response = Response(here.row.url, body=body.encode(), headers=headers)
    report = asyncio.run(spider().sources.read(response, here))
    assert (report.reason, report.evidence) == ("Api", {"total": 101})
    assert paths(report.links) == ["a/", "wp-json/wp/v2/posts?page=2"]
    assert report.next_pages == [f"{FRONT}wp-json/wp/v2/posts?page=2"]


@pytest.mark.parametrize("kind", ["sitemap", "feed", "api"])
@pytest.mark.parametrize("body", ["<html><p>Not here.</p></html>", "", "Welcome!", '{"code": 1}'])
def test_another_answer_is_refused(kind, body):
    report = read(spider().sources, kind, body)
    assert (report.outcome, report.reason, report.links) == (Outcome.REFUSED, "NotASource", [])


def test_a_source_is_read_whatever_type_it_says():
    response = XmlResponse(f"{FRONT}feed/", body=rss("a").encode())
    report = asyncio.run(spider().sources.read(response, visit("feed/", "feed")))
    assert paths(report.links)[0] == "a"


# Where a feed goes on


def test_a_feed_goes_on_as_long_as_it_names_more():
    of = spider().sources
    first = read(of, "feed", rss("a", "b"), "feed/")
    assert paths(first.links) == ["a", "b", "feed/?paged=2"]
    second = read(of, "feed", rss("c", "b"), "feed/?paged=2", depth=1)
    assert paths(second.links) == ["c", "b", "feed/?paged=3"]
    third = read(of, "feed", rss("c", "a"), "feed/?paged=3", depth=2)
    assert paths(third.links) == ["c", "a"]


def test_a_feed_goes_on_later_only_where_there_is_news():
    report = read(spider().sources, "feed", rss("a"), "feed/", interval=0.0)
    assert (paths(report.links), report.next_pages) == (["a"], [f"{FRONT}feed?paged=2"])


def test_a_feed_has_an_end(monkeypatch):
    monkeypatch.setattr(sources, "MAX_FEED_PAGES", 3)
    assert paths(read(spider().sources, "feed", rss("a"), "feed/", depth=3).links) == ["a"]


def test_a_feed_does_not_go_on_where_a_sitemap_has_it_all():
    of = spider().sources
    read(of, "sitemap", urlset("a", "b"))
    assert paths(read(of, "feed", rss("a"), "feed/").links) == ["a"]


# Dates and sections asked for


def feed_item(path: str, date: str, category: str = "") -> str:
    return (
        f"<rss><channel><item><link>{FRONT}{path}</link><pubDate>{date}</pubDate>"
        f"<category>{category}</category></item></channel></rss>"
    )


@pytest.mark.parametrize(
    ("date", "taken"), [("2025-02-28", 0), ("2025-03-01", 1), ("2025-04-01", 0), ("", 1)]
)
def test_what_was_published_at_another_time_is_not_fetched(date, taken):
    of = spider(since="2025-03-01", until="2025-04-01").sources
    assert len(read(of, "feed", feed_item("a", date)).links) == taken


def test_what_was_last_changed_before_is_not_fetched_either():
    of = spider(since="2025-03-01").sources
    assert read(of, "sitemap", urlset("a", lastmod="2025-02-01")).links == []
    assert len(read(of, "sitemap", urlset("a", lastmod="2025-03-02")).links) == 1


@pytest.mark.parametrize(("category", "taken"), [("Local News", 1), ("Sport", 0), ("", 0)])
def test_a_feed_tells_sections_by_its_categories(category, taken):
    of = spider(sections="local-news").sources
    assert len(read(of, "feed", feed_item("a", "", category)).links) == taken


def test_the_feed_of_a_section_tells_it_by_its_address():
    of = spider(sections="health").sources
    assert len(read(of, "feed", rss("a"), "category/health/rss.xml").links) == 1

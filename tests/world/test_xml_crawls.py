"""Whole crawls of sites whose lists are not quite as they should be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping

import pytest

from newscrawl.addresses.address import identity
from tests.crawl.answering import Answer, Server, answering, front, outcome, story
from tests.crawl.crawling import Crawl

XML = (("Content-Type", "application/xml"),)
STORIES = ("/harbour/", "/market/", "/read?id=12&x=1")
Pages = Mapping[str, Answer | str]


@pytest.fixture
def crawl(tmp_path) -> Crawl:
    return Crawl(tmp_path)


def site(pages: Pages, robots: str = "") -> dict[str, Answer | str]:
    stories = {path: story(f"Story {number}") for number, path in enumerate(STORIES)}
    plain = Answer(robots, headers=(("Content-Type", "text/plain"),))
    answers: dict[str, Answer | str] = {"/": front("/about/"), **stories, **pages}
    return answers | ({"/robots.txt": plain} if robots else {})


def crawled(crawl: Crawl, server: Server, discover: str = "sitemap") -> set[str]:
    process = crawl.run("site", "-a", f"url={server.url}/", "-a", f"discover={discover}")
    assert process.returncode == 0, process.stderr
    return set(crawl.articles())


def stories(server: Server) -> set[str]:
    return {identity(server.url + path) for path in STORIES}


def urlset(base: str = "", title: str = "") -> str:
    rows = "".join(
        f"<url><news:title>{title}</news:title><loc>{base}{path.replace('&', '&amp;')}</loc></url>"
        for path in STORIES
    )
    return f"<urlset>{rows}</urlset>"


def rss(title: str = "") -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{path.replace('&', '&amp;')}</link></item>"
        for path in STORIES
    )
    return f"<rss><channel>{items}</channel></rss>"


def atom() -> str:
    entries = "".join(
        f"<entry><link href='{path.replace('&', '&amp;')}'/></entry>" for path in STORIES
    )
    return f"<feed>{entries}</feed>"


def json_feed() -> str:
    items = [{"url": path} for path in STORIES]
    return json.dumps({"version": "https://jsonfeed.org/version/1", "items": items})


def twice(text: str) -> bytes:
    return gzip.compress(gzip.compress(text.encode()))


WARNING = "<br />\n<b>Warning</b>: x & y in <b>/a.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(urlset(title="Q&A <3 &nbsp;"), headers=XML), id="has_stray_ampersands"),
        pytest.param(Answer(f"{WARNING}<?xml version='1.0'?>{urlset()}"), id="begins_with_warnings"),
        pytest.param(Answer(f"<?xml version='1.0' encoding='utf-16'?>{urlset()}", headers=XML), id="declares_another_charset"),
        pytest.param(Answer(urlset().encode("utf-16"), headers=XML), id="is_utf_16"),
        pytest.param(Answer(twice(urlset()), headers=(("Content-Type", "application/gzip"),)), id="is_packed_twice"),
        pytest.param(Answer(twice(urlset()), headers=(*XML, ("Content-Encoding", "gzip"))), id="is_packed_in_a_content_encoding"),
        pytest.param(Answer(rss("Q&A"), headers=(("Content-Type", "application/rss+xml"),)), id="is_a_feed_of_rss"),
        pytest.param(Answer(atom(), headers=(("Content-Type", "application/atom+xml"),)), id="is_a_feed_of_atom"),
        pytest.param(Answer(json_feed(), headers=(("Content-Type", "application/feed+json"),)), id="is_a_json_feed"),
    ],
)  # fmt: skip
def test_all_is_found_where_the_sitemap(answer, crawl):
    # a relative address in robots.txt: scrapy#2390
    with answering(site({"/list": answer}, robots="Sitemap: /list\n")) as server:
        assert crawled(crawl, server) == stories(server)
        assert server.times("/read?id=12&x=1") == 1
        assert outcome(crawl, server, "/list")[0] == "listing"


def test_feeds_in_an_index_of_sitemaps_are_read(crawl):
    index = "".join(f"<sitemap><loc>{path}</loc></sitemap>" for path in ("/rss", "/atom"))
    lists = {
        "/index": Answer(f"<sitemapindex>{index}</sitemapindex>", headers=XML),
        "/rss": Answer(f"<rss><item><link>{STORIES[0]}</link></item></rss>", headers=XML),
        "/atom": Answer(atom().replace(STORIES[0], STORIES[1]), headers=XML),
    }
    with answering(site(lists, robots="Sitemap: /index\n")) as server:
        assert crawled(crawl, server) == stories(server)


@pytest.mark.parametrize(
    ("robots", "lists"),
    [
        pytest.param("Sitemap: /gone.xml\n", {}, id="is_gone"),
        pytest.param("Sitemap: /a.xml\nSitemap: /b.xml\n", {}, id="and_its_twin_are_gone"),
        pytest.param("Sitemap: https://elsewhere.example/sitemap.xml\n", {}, id="is_of_another_site"),
        pytest.param("Sitemap: https://elsewhere.example/s.xml\nSitemap: /gone.xml\n", {}, id="is_of_another_site_or_gone"),
        pytest.param("Sitemap: /author-sitemap.xml\n", {}, id="names_authors"),
        pytest.param("Sitemap: /page\n", {"/page": "<!doctype html><p>Not found"}, id="is_a_page"),
        pytest.param("Sitemap: /empty\n", {"/empty": Answer("<urlset/>", headers=XML)}, id="is_empty"),
        pytest.param("Sitemap: /dead\n", {"/dead": Answer("<sitemapindex><sitemap><loc>/gone.xml</loc></sitemap></sitemapindex>")}, id="is_an_index_of_what_is_gone"),
        pytest.param("Sitemap: /old\n", {"/old": Answer(status=301, headers=(("Location", "/gone.xml"),))}, id="leads_to_what_is_gone"),
        pytest.param("Sitemap: /old\n", {"/old": Answer(status=301, headers=(("Location", "https://x.example/"),))}, id="leads_to_another_site"),
        pytest.param("Sitemap: /no.xml\nUser-agent: *\nDisallow: /no.xml\n", {}, id="is_forbidden"),
        pytest.param("Sitemap:\nSitemap: http://[::1\n", {}, id="is_no_address"),
    ],
)  # fmt: skip
def test_the_usual_places_are_tried_where_the_only_sitemap(robots, lists, crawl):
    lists = {**lists, "/sitemap.xml": Answer(urlset(), headers=XML)}
    with answering(site(lists, robots)) as server:
        assert crawled(crawl, server) == stories(server)
        assert server.times("/sitemap.xml") == 1


def test_the_usual_places_are_not_tried_where_a_named_sitemap_names_pages(crawl):
    robots = "Sitemap: /gone.xml\nSitemap: /index\nSitemap: /old\n"
    lists = {
        "/old": Answer(status=302, headers=(("Location", "/index"),)),
        "/index": Answer("<sitemapindex><sitemap><loc>/s</loc></sitemap></sitemapindex>"),
        "/s": Answer(urlset(), headers=XML),
    }
    with answering(site(lists, robots)) as server:
        assert crawled(crawl, server) == stories(server)
        assert server.times("/sitemap.xml") == 0


def test_a_second_run_tries_no_usual_places_where_the_named_sitemap_is_unchanged(crawl):
    tagged = (*XML, ("ETag", '"1"'))

    def listed(asked) -> Answer:
        known = asked.headers.get("If-None-Match") == '"1"'
        return Answer(status=304, headers=tagged) if known else Answer(urlset(), headers=tagged)

    with answering(site({}, robots="Sitemap: /list\n") | {"/list": listed}) as server:
        crawled(crawl, server)
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=sitemap")
        assert set(crawl.articles()) == stories(server)
        assert (server.times("/list"), server.times("/sitemap.xml")) == (2, 0)


def test_a_feed_and_an_api_with_warnings_before_them_are_read(crawl):
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="https://api.w.org/" href="/wp-json/">'
    )
    api = (
        "/wp-json/wp/v2/posts?per_page=100&page=1&orderby=modified"
        "&_fields=link%2Cdate_gmt%2Cmodified_gmt"
    )
    lists: dict[str, Answer | str] = {
        "/": front("/about/").replace("<title>", f"{head}<title>"),
        "/rss": f"{WARNING}<rss><item><title>A&B</title><link>/read?id=12&amp;x=1</link></item></rss>",
        api: Answer("\ufeff" + WARNING + json.dumps([{"link": path} for path in STORIES[:2]])),
    }
    with answering(site(lists)) as server:
        assert crawled(crawl, server, "feed,api") == stories(server)


def test_the_ledger_says_how_many_entries_were_not_read(crawl):
    rest = "".join(f"<url><loc>/search/?s={at}</loc></url>" for at in range(50_000))
    body = urlset().replace("</urlset>", f"{rest}</urlset>")
    pages = {"/list": Answer(gzip.compress(body.encode()), headers=XML)}
    with answering(site(pages, robots="Sitemap: /list\n")) as server:
        assert crawled(crawl, server) == stories(server)
        row = crawl.pages()[identity(f"{server.url}/list")]
        (visit,) = (visit for visit in crawl.visits() if visit["page"] == row["id"])
    assert visit["evidence"] == {"left_out": 3}
    assert "Beyond the limit and not read: 3 entries" in crawl.log

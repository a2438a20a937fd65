"""Where a site's pages are found: by links, or by the lists it publishes itself."""

from __future__ import annotations

import gzip
import http.server
import json
import threading
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from newscrawl.addresses.address import identity
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import LISTED, Way
from tests.crash.killing import wait_for
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.demo.serving import run_demo
from tests.serving import BusyServer

POSTS = (
    "/wp-json/wp/v2/posts?per_page=100&page=1&orderby=modified"
    "&_fields=link%2Cdate_gmt%2Cmodified_gmt"
)


def originals(crawl: Crawl) -> set[str]:
    return {key for key, a in crawl.articles().items() if a.duplicate_of is None}


def truth(server) -> set[str]:
    return {identity(article.url) for article in server.site.truth()}


def kinds(crawl: Crawl) -> set[str]:
    return {page["kind"] for page in crawl.pages().values()}


def by_way(crawl: Crawl, way: Way) -> set[str]:
    return {key for key, page in crawl.pages().items() if page["ways"] & way}


def asked_of_sources(hits: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [hit for hit in hits if any(name in hit[1] for name in ("sitemap", "feed/", "wp-json"))]


def test_the_second_page_of_a_crawl_is_an_article(crawl, small_site):
    one_by_one = {"CONCURRENT_REQUESTS_PER_DOMAIN": "1", "DOWNLOAD_DELAY": "0.05"}
    before = len(small_site.hits)
    crawl.run("site", "-a", f"url={small_site.url}/", "-a", "max_articles=3", **one_by_one)
    asked = [f"{small_site.url}{path}" for _, path in small_site.hits[before:]]
    _, first, second, *_ = map(identity, asked)
    assert first == identity(f"{small_site.url}/")
    assert second in {identity(article.url) for article in small_site.site.truth()}


# The demo site


@pytest.fixture(scope="module")
def site():
    with run_demo(articles=60) as server:
        yield server


@pytest.mark.parametrize("source", ["links", "sitemap", "feed", "api"])
def test_each_way_alone_finds_every_article(source, crawl, site):
    before = len(site.hits)
    process = crawl.run("site", "-a", f"url={site.url}/", "-a", f"discover={source}")
    assert process.returncode == 0, process.stderr
    assert originals(crawl) == truth(site)
    assert kinds(crawl) & SOURCES == {source} - {"links"}
    trapped = [path for _, path in site.hits[before:] if site.site.trap(path)]
    assert trapped == []


@pytest.mark.parametrize("source", ["sitemap", "feed", "api"])
def test_an_article_that_one_source_names_says_so(source, crawl, site):
    crawl.run("site", "-a", f"url={site.url}/", "-a", f"discover={source}", "-a", "max_articles=5")
    assert {article.found_via for article in crawl.articles().values()} == {source}


def test_a_site_with_links_and_sources_is_found_by_each_of_them(crawl, site):
    before = len(site.hits)
    crawl.run("site", "-a", f"url={site.url}/")
    assert originals(crawl) == truth(site)
    for way in (LISTED, Way.SITEMAP, Way.API):
        assert truth(site) - by_way(crawl, way) == set(), way
    assert len(by_way(crawl, Way.FEED) & set(crawl.articles())) == 10
    assert len(asked_of_sources(site.hits[before:])) == 5


def test_a_feed_is_not_paged_where_a_killed_run_had_read_the_api(crawl, small_site):
    arguments = ("site", "-a", f"url={small_site.url}/", "-a", "discover=api,feed")
    before = len(small_site.hits)
    process = crawl.start(*arguments, DOWNLOAD_DELAY="0.1", RANDOMIZE_DOWNLOAD_DELAY="False")
    wait_for(before + 20, small_site)
    process.kill()
    process.wait()
    states = {page["kind"]: page["state"] for page in crawl.pages().values()}
    assert (states["api"], states["feed"]) == ("done", "queued")
    assert crawl.run(*arguments).returncode == 0
    asked = [path for _, path in small_site.hits[before:] if path.startswith(("/feed", "/wp-json"))]
    assert asked == [POSTS, "/feed/"]
    assert originals(crawl) == truth(small_site)


def test_a_run_by_links_leaves_the_sources_of_earlier_runs_alone(crawl, site):
    crawl.run("site", "-a", f"url={site.url}/")
    before = len(site.hits)
    process = crawl.run("site", "-a", f"url={site.url}/", "-a", "discover=links", **ALWAYS_DUE)
    assert process.returncode == 0
    assert asked_of_sources(site.hits[before:]) == []


def test_sources_that_are_unchanged_are_asked_conditionally(crawl, site):
    crawl.run("site", "-a", f"url={site.url}/")
    before = len(site.hits)
    crawl.run("site", "-a", f"url={site.url}/")
    asked = asked_of_sources(site.hits[before:])
    assert {status for status, _ in asked} == {304}
    assert {urlsplit(path).path for _, path in asked} == {
        "/sitemap_index.xml",
        "/feed/",
        "/wp-json/wp/v2/posts",
    }


@pytest.mark.parametrize("source", ["sitemap", "feed", "api"])
def test_a_source_brings_what_is_new(source, crawl):
    arguments = ("-a", f"discover={source}")
    with run_demo(articles=60) as server:
        port = urlsplit(server.url).port or 0
        crawl.run("site", "-a", f"url={server.url}/", *arguments)
    with run_demo(articles=60, port=port, generation=1) as server:
        crawl.run("site", "-a", f"url={server.url}/", *arguments)
        new = {identity(url) for url in server.site.changes()["new"]}
        edited = {identity(url) for url in server.site.changes()["edited"]}
        paths = {urlsplit(a.url).path for a in server.site.truth()}
        bodies = [path for status, path in server.hits if status == 200 and path in paths]
    assert new <= originals(crawl)
    if source != "feed":
        revised = {key for key, article in crawl.articles().items() if article.revision == 2}
        assert revised == edited
    assert len(bodies) <= len(new | edited) + 3


def test_a_section_is_told_by_the_api(crawl, site):
    crawl.run("site", "-a", f"url={site.url}/", "-a", "discover=api", "-a", "sections=Health")
    expected = {identity(a.url) for a in site.site.truth() if "Health" in a.sections}
    assert originals(crawl) == expected


def test_pages_of_other_dates_are_not_fetched(crawl, site):
    dates = sorted(article.published for article in site.site.truth() if article.published)
    since, until = dates[20].isoformat(), dates[40].isoformat()
    before = len(site.hits)
    crawl.run(
        *("site", "-a", f"url={site.url}/", "-a", "discover=api"),
        *("-a", f"since={since}", "-a", f"until={until}"),
    )
    paths = {urlsplit(a.url).path: a for a in site.site.truth() if a.published}
    fetched = [paths[path].published for _, path in site.hits[before:] if path in paths]
    assert (min(fetched).isoformat(), max(fetched)) == (since, dates[39])


# A site of our own


def article(name: str) -> str:
    words = " ".join(f"{name.replace(' ', '')}{number}" for number in range(80))
    return f"""<html><head><meta property="og:type" content="article"><title>{name}</title>
<meta property="article:published_time" content="2025-03-01T10:00:00+01:00"></head><body>
<article><h1>Story of {name}</h1><div class="entry-content"><p>{name} {words}</p>
<p>{words} {name}.</p></div></article></body></html>"""


def listing(*paths: str, more: str = "") -> str:
    teasers = "".join(
        f'<article><h2><a href="{path}">A headline of some length: {path}</a></h2></article>'
        for path in paths
    )
    return f"<html><head></head><body><main>{teasers}{more}</main></body></html>"


class Answer(NamedTuple):
    body: bytes
    type: str = "text/html; charset=utf-8"
    status: int = 200


class Server(BusyServer):
    def __init__(self, pages: dict[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = pages
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answer = self.server.pages.get(self.path, Answer(b"", status=404))
        body = answer.body.replace(b"HOST", self.server.url.encode())
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        if answer.status in {301, 302}:
            self.send_header("Location", body.decode())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        pass


@contextmanager
def serving(pages: dict[str, Answer | str]):
    answers = {
        path: Answer(page.encode()) if isinstance(page, str) else page
        for path, page in pages.items()
    }
    with Server(answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def outcomes(crawl: Crawl) -> dict[str, tuple[str, str | None]]:
    return {
        urlsplit(page["url"]).path: (page["outcome"], page["reason"])
        for page in crawl.pages().values()
    }


def test_a_usual_place_is_tried_where_robots_txt_names_no_sitemap(crawl):
    lines = gzip.compress(b"HOST/quiet-pier/\nhttps://elsewhere.example/x/\nHOST/cart/\n")
    pages: dict[str, Answer | str] = {
        "/": listing("/a/", "/b/", "/c/"),
        "/a/": article("a"),
        "/b/": article("b"),
        "/c/": article("c"),
        "/quiet-pier/": article("quiet pier"),
        "/sitemap.xml": Answer(b"HOST/sitemap.xml.gz", status=301),
        "/sitemap_index.xml": article("no sitemap at all"),
        "/wp-sitemap.xml": Answer(b"<urlset/>", "text/xml", status=403),
    }
    with serving(pages) as server:
        server.pages["/sitemap.xml.gz"] = Answer(
            gzip.compress(gzip.decompress(lines).replace(b"HOST", server.url.encode())),
            "application/octet-stream",
        )
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
        found = outcomes(crawl)
        server.asked.clear()
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
        asked = list(server.asked)
    assert found["/quiet-pier/"] == ("article", None)
    assert found["/sitemap.xml.gz"] == ("listing", "Sitemap")
    assert found["/sitemap_index.xml"] == ("refused", "NotASource")
    assert found["/wp-sitemap.xml"] == ("failed", "Http403")
    assert found["/news-sitemap.xml"] == ("gone", "Http404")
    assert "/cart/" not in found
    assert [path for path in asked if "sitemap" in path] == ["/sitemap.xml.gz"]


def test_an_api_that_is_not_public_is_asked_once(crawl):
    head = '<head><link rel="https://api.w.org/" href="/wp-json/"></head>'
    refusal = json.dumps({"code": "rest_forbidden"}).encode()
    pages: dict[str, Answer | str] = {
        "/": listing("/a/", "/b/", "/c/").replace("<head></head>", head),
        "/a/": article("a"),
        "/b/": article("b"),
        "/c/": article("c"),
        "/robots.txt": Answer(b"Sitemap: HOST/none.xml", "text/plain"),
    }
    with serving(pages) as server:
        server.pages[POSTS] = Answer(refusal, "application/json", 401)
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
        found = outcomes(crawl)
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
        assert len([path for path in server.asked if "wp-json" in path]) == 1
    assert found["/wp-json/wp/v2/posts"] == ("failed", "Http401")
    assert found["/none.xml"] == ("gone", "Http404")


def test_robots_txt_counts_for_sources_too(crawl):
    pages: dict[str, Answer | str] = {
        "/": listing("/a/", "/b/", "/c/"),
        "/robots.txt": Answer(
            b"User-agent: *\nDisallow: /lists/\nSitemap: HOST/lists/all.xml", "text/plain"
        ),
    }
    with serving(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/")
        assert "/lists/all.xml" not in server.asked
    assert outcomes(crawl)["/lists/all.xml"] == ("refused", "RobotsForbidden")


def test_a_listing_that_a_button_goes_on_with_is_walked_to_its_end(crawl):
    button = '<a class="btn load-more-btn" href="#">More</a>'
    pages: dict[str, Answer | str] = {
        "/news/": listing("/a/", "/b/", "/c/", more=button),
        "/news/page/2/": listing("/d/", "/e/", "/f/", more=button),
        "/news/page/3/": listing("/d/", "/e/", "/f/", more=button),
    }
    pages |= {f"/{name}/": article(name * 3) for name in "abcdef"}
    with serving(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/news/", "-a", "discover=links")
        asked = [path for path in server.asked if path.startswith("/news/")]
    assert asked == ["/news/", "/news/page/2/", "/news/page/3/"]
    assert len(crawl.articles()) == 6


def test_a_feed_that_does_not_heed_its_page_number_is_left(crawl):
    items = "".join(f"<item><link>HOST/{name}/</link></item>" for name in "abc")
    feed = f"<rss><channel><generator>https://wordpress.org/</generator>{items}</channel></rss>"
    link = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    rss = Answer(feed.encode(), "application/rss+xml")
    pages: dict[str, Answer | str] = {
        "/": listing().replace("<head></head>", f"<head>{link}</head>"),
        "/feed/": rss,
        "/feed/?paged=2": rss,
        "/feed/?paged=3": rss,
    }
    pages |= {f"/{name}/": article(name * 3) for name in "abc"}
    with serving(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=feed")
        asked = [path for path in server.asked if path.startswith("/feed/")]
    assert asked == ["/feed/", "/feed/?paged=2"]
    assert len(crawl.articles()) == 3

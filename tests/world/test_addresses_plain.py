"""Sites without speaking addresses (``/?p=12``), and sites whose pages also name a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from web_poet import HttpResponse

from newscrawl.addresses.address import Address, identity
from newscrawl.addresses.admission import Gate
from newscrawl.addresses.permalinks import named_page
from newscrawl.pages.fields.parts import numbered_links
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage
from newscrawl.pipelines.clean import doubt_of
from tests.crawl.answering import Answer, Answers, Server, answering, front, story
from tests.crawl.crawling import Crawl

XML = (("Content-Type", "application/xml"),)


class Crawled(NamedTuple):
    crawl: Crawl
    server: Server

    def outcome(self, path: str) -> str | None:
        row = self.crawl.pages().get(identity(self.server.url + path))
        return None if row is None else row["outcome"]

    def stored(self) -> set[str]:
        return {each.url.removeprefix(self.server.url) for each in self.crawl.articles().values()}


def crawled(folder, pages: Mapping[str, Answers], *arguments: str) -> Crawled:
    crawl = Crawl(folder)
    with answering(pages) as server:
        for path, page in pages.items():
            if isinstance(page, str):
                server.pages[path] = page.replace("SITE", server.url)
        server.pages |= {"/robots.txt": Answer(f"Sitemap: {server.url}/?sitemap=index")}
        crawl.run("site", "-a", f"url={server.url}/", *arguments)
    return Crawled(crawl, server)


def pager(*numbers: int, parameter: str = "p") -> str:
    links = "".join(f'<a href="/?{parameter}={each}">{each}</a>' for each in numbers)
    return f'<nav class="pagination">{links}</nav></main>'


NUMBERS = range(11, 17)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Six posts, a page, a post type, a category, an author, and a front page in two parts."""
    first = front("/?p=11", "/?p=12", "/?page_id=3", "/?cat=4", "/?author=1")
    pages = {
        "/": first.replace("</main>", pager(2, parameter="paged")),
        "/?paged=2": front("/?p=13", "/?p=14").replace("</main>", pager(1, parameter="paged")),
        "/?page_id=3": story("page"),
        "/?cat=4": front("/?p=15"),
        "/?author=1": front("/?p=16", "/?post_type=review&p=17"),
        "/?post_type=review&p=17": story("review"),
        **{f"/?p={number}": story(f"post {number}") for number in NUMBERS},
    }
    folder = tmp_path_factory.mktemp("plain")
    return crawled(folder, pages, "-a", "discover=links")


@pytest.mark.parametrize(
    "path", [*(f"/?p={number}" for number in NUMBERS), "/?page_id=3", "/?post_type=review&p=17"]
)
def test_an_article_told_by_its_number_is_stored(plain, path):
    assert plain.outcome(path) == "article"


@pytest.mark.parametrize("path", ["/", "/?paged=2", "/?cat=4", "/?author=1"])
def test_a_listing_told_by_a_query_is_a_listing(plain, path):
    assert plain.outcome(path) == "listing"


def test_a_site_of_numbers_ends_as_finished(plain):
    assert plain.crawl.runs()[0]["reason"] == "finished"


def test_a_sitemap_that_names_numbers_is_followed(tmp_path):
    locs = "".join(f"<url><loc>SITE/?p={number}</loc></url>" for number in NUMBERS)
    index = "<sitemap><loc>SITE/?sitemap=posts&amp;paged=1</loc></sitemap>"
    pages = {
        "/": front("/?p=11"),
        "/?sitemap=index": f"<sitemapindex>{index}</sitemapindex>",
        "/?sitemap=posts&paged=1": f"<urlset>{locs}</urlset>",
        **{f"/?p={number}": story(f"post {number}") for number in NUMBERS},
    }
    site = crawled(tmp_path, pages, "-a", "discover=sitemap")
    assert site.stored() == {f"/?p={number}" for number in NUMBERS}


def test_a_front_page_paged_by_p_goes_on(tmp_path):
    pages = {
        f"/?p={page}": front(f"/story-{page}a", f"/story-{page}b").replace(
            "</main>", pager(1, page + 1)
        )
        for page in range(2, 5)
    }
    pages["/?p=5"] = front("/story-5a", "/story-5b").replace("</main>", pager(1, 4))
    pages["/"] = front("/story-1a", "/story-1b").replace("</main>", pager(2))
    stories = {f"/story-{page}{half}" for page in range(1, 6) for half in "ab"}
    site = crawled(
        tmp_path, pages | {path: story(path) for path in stories}, "-a", "discover=links"
    )
    assert site.stored() == stories
    assert [site.outcome(f"/?p={page}") for page in range(2, 6)] == ["listing"] * 4


@pytest.fixture(scope="module")
def pretty(tmp_path_factory):
    """Posts with names, whose pages also give their number: in the head, a header, a link."""
    head = story("head").replace("<head>", '<head><link rel="shortlink" href="/?p=1">')
    told = (*Answer().headers, ("Link", '</?p=2>; rel="shortlink"'))
    share = '<p class="share"><a rel="shortlink" href="/?p=3">Short address of this story</a></p>'
    related = '<aside class="related"><h3><a href="/?p=9">A story from the year before</a></h3>'
    pages: dict[str, Answers] = {
        "/": front("/head", "/header", "/anchor"),
        "/head": head.replace("</article>", '</article><a href="/?p=1">Link to share this by</a>'),
        "/header": Answer(story("header"), headers=told),
        "/anchor": story("anchor").replace("</article>", f"{share}</article>{related}</aside>"),
        "/?p=9": Answer(status=301, headers=(("Location", "/old"),)),
        "/old": story("old"),
    }
    return crawled(tmp_path_factory.mktemp("pretty"), pages, "-a", "discover=links")


def test_each_story_of_a_site_with_shortlinks_is_stored_once(pretty):
    assert pretty.stored() == {"/head", "/header", "/anchor", "/old"}


@pytest.mark.parametrize("path", ["/?p=1", "/?p=2", "/?p=3"])
def test_a_number_that_a_page_calls_its_shortlink_is_not_fetched(pretty, path):
    assert pretty.server.times(path) == 0


def test_a_number_that_nobody_calls_a_shortlink_leads_where_it_redirects(pretty):
    assert pretty.outcome("/?p=9") == "redirected"


def test_a_number_that_a_page_of_another_path_calls_canonical_is_one_story(tmp_path):
    named = '<head><link rel="canonical" href="/the-bridge">'
    pages = {
        "/": front("/?p=1", "/the-bridge"),
        "/?p=1": story("bridge").replace("<head>", named),
        "/the-bridge": story("bridge").replace("<head>", named),
    }
    site = crawled(tmp_path, pages, "-a", "discover=links")
    assert len(site.crawl.articles()) == 1
    (article,) = site.crawl.articles().values()
    assert article.canonical_url == f"{site.server.url}/the-bridge"


@pytest.mark.parametrize(
    ("page", "shortlink"),
    [
        pytest.param("/?p=12", "/?p=12", id="the page itself"),
        pytest.param("/?p=12&cpage=2", "/?p=12", id="its comments"),
        pytest.param("/story/", "/another-story/", id="a name, by a plugin that errs"),
        pytest.param("/story/", "/", id="the front page"),
        pytest.param("/story/", "https://sho.rt/?p=12", id="another site"),
    ],
)
def test_a_shortlink_is_not_believed_that_hides_a_page(page, shortlink):
    site = "https://news.example"
    gate = Gate({"news.example"}, count=lambda _: None)
    url = shortlink if "//" in shortlink else site + shortlink
    gate.learn_shortlinks([url], site + page)
    assert gate.admit(site + "/?p=12")
    assert gate.admit(site + "/another-story/")


@pytest.mark.parametrize("number", ["/?p=12", "/?page_id=12", "/node/12", "/index.php?p=12"])
def test_a_believed_shortlink_is_refused_as_one(number):
    counted: list[str] = []
    gate = Gate({"news.example"}, count=counted.append)
    gate.learn_shortlinks([f"https://news.example{number}"], "https://news.example/2025/story/")
    assert gate.admit(f"https://news.example{number}") is None
    assert counted == ["trap/shortlink"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("p=12", "?p=12"),
        ("page_id=3&utm_source=x", "?page_id=3"),
        ("id=77&lang=en", "?id=77"),
        ("q=node/12", "?q=node/12"),
        ("p=12&page=2", "?p=12"),
        ("article=the-bridge-is-closed", "?article=the-bridge-is-closed"),
        ("paged=2", ""),
        ("page=3", ""),
        ("lang=en-gb", ""),
        ("cat=4", ""),
        ("author=1&paged=2", ""),
        ("gclid=1234", ""),
        ("", ""),
    ],
)
def test_a_query_names_a_page_or_chooses_a_view(query, named):
    assert named_page(query) == named


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/?p=12", PageKind.ARTICLE),
        ("/index.php?id=12", PageKind.ARTICLE),
        ("/?q=node/12", PageKind.ARTICLE),
        ("/", PageKind.LISTING),
        ("/?lang=en", PageKind.LISTING),
        ("/?paged=2", PageKind.LISTING),
    ],
)
def test_only_a_page_that_its_query_names_may_be_an_article_at_the_path_of_the_front_page(
    path, kind
):
    page = NewsPage(HttpResponse(f"https://news.example{path}", story("one").encode(), status=200))
    assert page.kind is kind


def test_parts_of_a_story_told_by_number_are_told_from_other_stories():
    site = "https://news.example"
    links = [f"{site}/?p=12&page=2", f"{site}/?p=13&page=2", f"{site}/?p=14"]
    assert numbered_links(links, f"{site}/?p=12") == {2: links[0]}


@pytest.mark.parametrize(
    ("declared", "doubt"),
    [
        ("/?p=12", None),
        ("/", "front-page"),
        ("/?lang=en", "front-page"),
        ("/?paged=2", "front-page"),
    ],
)
def test_a_number_is_believed_as_canonical_and_the_front_page_is_not(declared, doubt):
    assert doubt_of("https://news.example/story/", f"https://news.example{declared}") == doubt


@pytest.mark.parametrize("path", ["/?p=12&preview=true", "/?attachment_id=12", "/?feed=rss2&p=12"])
def test_a_number_of_no_page_stays_a_trap(path):
    assert Address.parse(f"https://news.example{path}").trap

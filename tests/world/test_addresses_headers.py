"""Addresses in headers: ``Location`` byte by byte, and ``Link``."""

from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.addresses.address import identity
from newscrawl.addresses.joining import as_sent
from newscrawl.discovery.header_links import header_links
from newscrawl.pages.article import ArticlePage
from tests.crawl.answering import HTML, Answer, Answers, answering, front, outcome, story
from tests.crawl.crawling import Crawl

URL = "https://news.example/2025/story?page=1"


def raw(text: str, encoding: str) -> str:
    """Text that the server, which encodes headers as Latin-1, sends in another encoding."""
    return text.encode(encoding).decode("latin-1")


LOCATIONS = {
    "/utf-8": (raw("/café", "utf-8"), "/caf%C3%A9"),
    "/latin-1": (raw("/crème", "latin-1"), "/cr%E8me"),
    # scrapy#2321, curl_cffi#574
    "/gbk": (raw("/新闻/桥", "gbk"), "/%D0%C2%CE%C5/%C7%C5"),
    "/shift-jis": (raw("/橋", "shift_jis"), "/%8B%B4"),
    "/escaped": ("/gr%C3%BCn", "/gr%C3%BCn"),
    "/escaped-latin-1": ("/gr%FCn", "/gr%FCn"),
    "/mixed": (raw("/ä%20é", "latin-1"), "/%E4%20%E9"),
    "/query": (raw("/find?q=ö&x=1", "latin-1"), "/find?q=%F6&x=1"),
    "/spaces": ("/with some space ", "/with%20some%20space"),
    "/relative": ("sub/there", "/sub/there"),
    "/up/and/down": ("../beside", "/up/beside"),
    "/only-query": ("?p=12", "/only-query?p=12"),
    "/fragment": ("/anchored#top", "/anchored"),
    "/backslash": ("\\bent", "/bent"),
    "/same-twice": ("/twice", "/twice"),
    "/whole": ("SITE/whole-address", "/whole-address"),
    "/no-scheme": ("//HOST/no-scheme-there", "/no-scheme-there"),
}
WITHOUT = {
    "/empty": (("Location", ""),),
    "/none": (),
    "/two": (("Location", "/there-a"), ("Location", "/there-b")),
}


@pytest.fixture(scope="module")
def redirected(tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("location"))
    with answering({"/": front(*LOCATIONS, *WITHOUT)}) as server:
        for path, (location, target) in LOCATIONS.items():
            sent = location.replace("SITE", server.url).replace("HOST", server.url[7:])
            headers = [("Location", sent)] * (2 if path == "/same-twice" else 1)
            server.pages[path] = Answer(status=301, headers=tuple(headers))
            server.pages[target] = story(target)
        for path, none in WITHOUT.items():
            server.pages[path] = Answer(status=302, headers=none)
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    return crawl, server


@pytest.mark.parametrize("path", LOCATIONS)
def test_the_bytes_of_a_location_are_asked_for_as_they_stand(redirected, path):
    crawl, server = redirected
    target = LOCATIONS[path][1]
    assert outcome(crawl, server, path) == ("redirected", server.url + target)
    assert server.times(target) == 1
    assert identity(server.url + target) in crawl.articles()


@pytest.mark.parametrize("path", WITHOUT)
def test_a_redirect_to_no_one_address_is_a_failure(redirected, path):
    assert outcome(redirected[0], redirected[1], path) == ("failed", "Http302")


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        (b"/plain", "/plain"),
        (b"/\xe9", "/%E9"),
        (b"/\xc3\xa9", "/%C3%A9"),
        (b"/%E9\xe9", "/%E9%E9"),
        (b"", ""),
    ],
)
def test_a_reference_of_a_header_keeps_its_bytes(value, reference):
    assert as_sent(value) == reference


def test_a_header_that_is_no_utf_8_costs_no_page(tmp_path):
    crawl = Crawl(tmp_path)
    link = (raw("</wörter>; rel=canonical", "latin-1"),)
    headers = (HTML, ("X-Powered-By", "caf\xe9"), ("Link", *link), ("ETag", '"\xe9"'))
    pages: dict[str, Answers] = {"/": front("/a"), "/a": Answer(story("a"), headers=headers)}
    with answering(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    (article,) = crawl.articles().values()
    assert article.canonical_url == f"{server.url}/w%F6rter"
    assert article.provenance["canonical_url"] == "header"


CANONICAL = "https://news.example/story"


def page(*headers: str, head: str = "") -> ArticlePage:
    body = f"<html><head>{head}</head><body><h1>A bridge</h1></body></html>".encode()
    said = [("Link", header) for header in headers]
    return ArticlePage(HttpResponse(URL, body, status=200, headers=said))


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([f'<{CANONICAL}>; rel="canonical"'], id="quoted"),
        pytest.param([f"<{CANONICAL}>; rel=canonical"], id="unquoted"),
        pytest.param([f"<{CANONICAL}>; rel='canonical'"], id="single quotes"),
        pytest.param([f"<{CANONICAL}>;rel=CANONICAL"], id="capitals"),
        pytest.param([f'<{CANONICAL}> ; REL = "canonical"'], id="spaces"),
        pytest.param([f'< {CANONICAL} >; rel="canonical"'], id="spaces within"),
        pytest.param([f'<{CANONICAL}>; rel="alternate canonical"'], id="several words"),
        pytest.param([f'<{CANONICAL}>; title="a, <b>; c"; rel="canonical"'], id="a title"),
        pytest.param([f'<{CANONICAL}>; title="\\""; rel="canonical"'], id="an escaped quote"),
        pytest.param([f'<{CANONICAL}>; hreflang=en; rel="canonical"; type="text/html"'], id="more"),
        pytest.param(['</story>; rel="canonical"'], id="relative to the host"),
        pytest.param(['<../story>; rel="canonical"'], id="relative"),
        pytest.param(['<//news.example/story>; rel="canonical"'], id="without a scheme"),
        pytest.param([f'</a.css>; rel=preload, <{CANONICAL}>; rel="canonical"'], id="the second"),
        pytest.param(["</?p=1>; rel=shortlink", f"<{CANONICAL}>; rel=canonical"], id="two headers"),
        pytest.param([f'<{CANONICAL}>; rel="canonical", <{URL}/x>; rel=canonical'], id="the first"),
        pytest.param([f'<{CANONICAL}>; rel="canonical"; anchor="{URL}"'], id="of this page"),
        pytest.param([f"<{CANONICAL}>; ; rel=canonical"], id="an empty parameter"),
    ],
)
def test_a_link_header_names_the_canonical_address(headers):
    assert page(*headers).canonical_url == CANONICAL


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(f"<{CANONICAL}>", id="no relation"),
        pytest.param(f"<{CANONICAL}>; rel=next", id="another relation"),
        pytest.param(f"<{CANONICAL}>; rel=next; rel=canonical", id="only the first counts"),
        pytest.param(f'<{CANONICAL}>; title="rel=canonical"', id="in a title"),
        pytest.param(f"<{CANONICAL}>; rel=canonical; anchor=/other", id="of another page"),
        pytest.param(f"{CANONICAL}; rel=canonical", id="no brackets"),
        pytest.param("<javascript:void(0)>; rel=canonical", id="no web address"),
        pytest.param("<>; rel=canonical", id="empty"),
        pytest.param('<http://[::1>; rel="canonical"', id="malformed"),
        pytest.param("<" * 5000, id="brackets only"),
    ],
)
def test_a_link_header_that_names_no_canonical_address_names_none(header):
    assert page(header).canonical_url == ""


def test_what_the_page_says_itself_is_believed_before_its_header():
    said = page(f"<{CANONICAL}>; rel=canonical", head='<link rel="canonical" href="/mine">')
    assert said.canonical_url == "https://news.example/mine"


def test_the_base_of_a_page_is_not_that_of_its_headers():
    said = page("<story>; rel=canonical", head='<base href="https://cdn.example/x/">')
    assert said.canonical_url == "https://news.example/2025/story"


def test_stories_that_differ_by_parameters_are_one_by_their_header(tmp_path):
    crawl = Crawl(tmp_path)
    told = Answer(story("one"), headers=(HTML, ("Link", '</one>; rel="canonical"')))
    pages: dict[str, Answers] = {
        "/": front("/one", "/one?from=list"),
        "/one": told,
        "/one?from=list": told,
    }
    with answering(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    (article,) = crawl.articles().values()
    assert article.canonical_url == f"{server.url}/one"


def test_a_header_of_many_links_gives_all_of_them_in_order():
    value = "</1>; rel=prev, </2>; rel=next,</3>;rel=canonical"
    assert [(each.target, each.rels) for each in header_links([value, "</4>"])] == [
        ("/1", ["prev"]),
        ("/2", ["next"]),
        ("/3", ["canonical"]),
        ("/4", []),
    ]

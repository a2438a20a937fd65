"""Pages that send their readers on: ``<meta http-equiv=refresh>`` and the header ``Refresh``."""

from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.addresses.address import identity
from newscrawl.pages.documents.document import Document
from newscrawl.pages.judging.refresh import read_refresh, sends_on
from tests.crawl.answering import HTML, Answer, Answers, answering, front, outcome, story
from tests.crawl.crawling import Crawl

SITE = "https://news.example"


@pytest.mark.parametrize(
    ("text", "delay", "reference"),
    [
        ("0;url=/a", 0, "/a"),
        ("0; URL=/a", 0, "/a"),
        ("0; Url = '/a'", 0, "/a"),
        ('5; url="/a"', 5, "/a"),
        ("5, url=/a", 5, "/a"),
        ("5,url=/a", 5, "/a"),
        ("5 url=/a", 5, "/a"),
        ("0.5; url=/a", 0, "/a"),
        (".5; url=/a", 0, "/a"),
        ("3.9.1; url=/a", 3, "/a"),
        ("  1 ;\n url=/a ", 1, "/a"),
        ("0; /a", 0, "/a"),
        ("0; '/a'", 0, "/a"),
        ("0; url='/a", 0, "/a"),
        ("0; url='/a' x", 0, "/a"),
        ("0; url", 0, "url"),
        ("0; url=", 0, ""),
        ("300", 300, ""),
        ("0;", 0, ""),
        ("0; /find?url=/b", 0, "/find?url=/b"),
    ],
)
def test_a_refresh_is_read_as_browsers_do(text, delay, reference):
    assert read_refresh(text) == (delay, reference)


@pytest.mark.parametrize("text", ["", "url=/a", "; url=/a", "-1; url=/a", "0x; url=/a", "soon"])
def test_what_begins_with_no_time_is_no_refresh(text):
    assert read_refresh(text) is None


def led(markup: str, header: str = "", path: str = "/old") -> str | None:
    return sends_on(Document(HttpResponse(SITE + path, markup.encode(), status=200)), header)


def stub(content: str, *, name: str = 'http-equiv="refresh"') -> str:
    meta = f'<meta {name} content="{content}">'
    return f"<!doctype html><html><head><title>Moved</title>{meta}</head><body>Wait.</body></html>"


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        pytest.param(stub("0; url=/new"), "/new", id="at once"),
        pytest.param(stub("5; url=/new"), "/new", id="after a moment"),
        pytest.param(stub("10;url=/new"), "/new", id="after ten seconds"),
        pytest.param(stub("0; url=/new", name="http-equiv=REFRESH"), "/new", id="capitals"),
        pytest.param(stub("0; url=/new", name="HTTP-EQUIV='Refresh'"), "/new", id="single quotes"),
        pytest.param(stub("0; url=/new?a=1&amp;b=2"), "/new?a=1&b=2", id="entities"),
        pytest.param(stub("0; url=&#x2F;new"), "/new", id="escaped characters"),
        pytest.param(stub("0; url=&quot;/new&quot;"), "/new", id="escaped quotes"),
        pytest.param(stub("0; url=//news.example/new"), "/new", id="without a scheme"),
        pytest.param(stub("0; url=?p=2"), "/old?p=2", id="only a query"),
        pytest.param("<body><p>x</p>" + stub("0; url=/new"), "/new", id="in the body"),
        pytest.param(stub("soon") + stub("0; url=/new"), "/new", id="after one that is none"),
        pytest.param(stub("0; url=/new") + stub("0; url=/b"), "/new", id="the first"),
        pytest.param(
            stub("0; url=new").replace("<title>", '<base href="/deep/"><title>'),
            "/deep/new",
            id="from the base",
        ),
    ],
)
def test_a_page_that_sends_on_leads_elsewhere(markup, target):
    assert led(markup) == SITE + target


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(stub("300"), id="loads again after minutes"),
        pytest.param(stub("5"), id="loads again after seconds"),
        pytest.param(stub("5; url=/old"), id="loads itself again by name"),
        pytest.param(stub("300; url=/new"), id="leads on after minutes"),
        pytest.param(stub("0; url=#top"), id="a place on the page"),
        pytest.param(stub("0; url=javascript:go()"), id="a script"),
        pytest.param(stub("0; url=about:blank"), id="nothing"),
        pytest.param(stub("0; url=http://[::1"), id="malformed"),
        pytest.param(f"<noscript>{stub('0; url=/new')}</noscript>", id="without scripts"),
        pytest.param(f"<head><noscript>{stub('0; url=/new')[36:]}", id="without scripts, in head"),
        pytest.param(f"<template>{stub('0; url=/new')}</template>", id="in a template"),
        pytest.param(f"<!-- {stub('0; url=/new')} -->", id="in a comment"),
        pytest.param(f"<script>'{stub('0; url=/new')}'</script>", id="in a script"),
        pytest.param(stub("0; url=/new", name='name="refresh"'), id="by another name"),
        pytest.param(
            story("long", 400).replace("<head>", f"<head>{stub('8; url=/next')[37:90]}"),
            id="a page to be read first",
        ),
        pytest.param(stub("3; url=/").replace("Moved", "404 Page not found"), id="not found"),
        pytest.param(stub("0; url=/x").replace("Moved", "Are you a robot?"), id="a test"),
    ],
)
def test_a_page_that_is_to_be_read_leads_nowhere(markup):
    assert led(markup) is None


def test_a_header_comes_before_what_the_page_says():
    assert led(stub("0; url=/b"), "0; url=/a") == f"{SITE}/a"
    assert led(stub("0; url=/b"), "300; url=/a") is None


def sent(value: str, body: str = "<p>One moment.</p>") -> Answer:
    return Answer(body, headers=(HTML, ("Refresh", value)))


LED: dict[str, tuple[Answers, str]] = {
    "/meta": (stub("0; url=/to-meta"), "/to-meta"),
    "/delayed": (stub("5;URL='/to-delayed'"), "/to-delayed"),
    "/header": (sent("0; url=/to-header"), "/to-header"),
    "/header-bytes": (sent("0; url=/to-\xe9"), "/to-%E9"),
    "/header-quoted": (sent("0.5, URL='to-quoted'"), "/to-quoted"),
    "/query": (stub("0; url=?p=12"), "/query?p=12"),
    "/utf-16": (
        Answer(
            stub("0; url=/to-wide").encode("utf-16"),
            headers=(("Content-Type", "text/html; charset=utf-16"),),
        ),
        "/to-wide",
    ),
}
OTHERS: dict[str, tuple[Answers, str]] = {
    "/away": (stub("0; url=http://elsewhere.example/"), "refused"),
    "/inside": (stub("0; url=http://127.0.0.1:9/"), "refused"),
    "/trap": (stub("0; url=/wp-login.php"), "refused"),
    "/itself": (stub("0"), "failed"),
    "/missing": (Answer(stub("0; url=/to-meta"), status=404), "gone"),
    "/live": (
        story("live").replace("<head>", '<head><meta http-equiv=refresh content="300">'),
        "article",
    ),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """A front page that only leads to the real one, whose links lead on."""
    crawl = Crawl(tmp_path_factory.mktemp("refresh"))
    pages: dict[str, Answers] = {path: page for path, (page, _) in (LED | OTHERS).items()}
    pages |= {target: story(target) for _, target in LED.values()}
    pages |= {"/": stub("3; url=home.html"), "/home.html": front(*LED, *OTHERS)}
    with answering(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    return crawl, server


@pytest.mark.parametrize("path", LED)
def test_a_refresh_is_a_redirect_with_a_row_of_its_own(crawled, path):
    crawl, server = crawled
    target = server.url + LED[path][1]
    assert outcome(crawl, server, path) == ("redirected", target)
    assert identity(target) in crawl.articles()


@pytest.mark.parametrize("path", OTHERS)
def test_a_refresh_that_leads_to_no_page_of_the_site_has_its_outcome(crawled, path):
    assert outcome(crawled[0], crawled[1], path)[0] == OTHERS[path][1]


def test_a_page_that_loads_itself_at_once_is_a_circle(crawled):
    assert outcome(crawled[0], crawled[1], "/itself") == ("failed", "TooManyRedirects")


def test_a_front_page_that_only_sends_on_is_followed(crawled):
    assert outcome(crawled[0], crawled[1], "/")[0] == "redirected"
    assert outcome(crawled[0], crawled[1], "/home.html")[0] == "listing"


def test_the_visit_keeps_the_status_that_was_answered(crawled):
    crawl, server = crawled
    page = crawl.pages()[identity(f"{server.url}/meta")]
    assert [each["status"] for each in crawl.visits() if each["page"] == page["id"]] == [200]


def test_a_front_page_that_sends_on_to_another_spelling_of_itself_is_read(tmp_path):
    crawl = Crawl(tmp_path)
    pages = {"/": stub("0; url=index.php"), "/index.php": front("/a"), "/a": story("a")}
    with answering(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    assert outcome(crawl, server, "/")[0] == "listing"
    assert identity(f"{server.url}/a") in crawl.articles()


def test_two_spellings_that_send_on_to_each_other_are_a_circle(tmp_path):
    crawl = Crawl(tmp_path)
    pages = {"/": stub("0; url=index.php"), "/index.php": stub("0; url=/")}
    with answering(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    assert outcome(crawl, server, "/") == ("failed", "TooManyRedirects")

"""Bad input from the web: an outcome and a count for each page, never a traceback."""

from __future__ import annotations

import collections
import gzip
import http.server
import json
import re
import threading
from datetime import timedelta
from typing import NamedTuple

import pytest

from newscrawl.addresses.address import identity
from tests.crawl.crawling import Crawl
from tests.serving import BusyServer
from tests.store.serving import EMPTY, KINDS, a_database

HTML = "text/html; charset=utf-8"


def words(story: str) -> str:
    return " ".join(f"{story.replace(' ', '')}{number}" for number in range(80))


def article(story: str) -> str:
    return f"""<html><head><meta property="og:type" content="article"><title>Bridge closed</title>
<meta property="article:published_time" content="2025-03-01T10:00:00+01:00"></head>
<body class="single single-post"><article><h1>Bridge closed</h1><div class="entry-content">
<p>Grüße aus Ærø: {story}. {words(story)}</p><p>{words(story)} again.</p></div></article></body></html>"""


def unstorable(story: str) -> str:
    """An article with what no database, or only one of both, can hold."""
    torn = "&#0;&#xD83D;\0"
    markup = article(story).replace("Bridge", f"Bridge{torn}").replace("Grüße", f"Grüße{torn}")
    told = {
        "@type": "NewsArticle",
        "headline": "Bridge\ud83d\0 closed",
        "commentCount": 10**10,
        "timeRequired": "PT999H9999M",
        "author": {"@type": "Person", "name": "Ana\ud83d\0 Reyes"},
        "datePublished": "2025-03-01T10:00:00.123456+01:00:30.123456",
    }
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    extra = f'<p><img src="/a{torn}.jpg" alt="A{torn}b"></p>'
    return markup.replace(
        "</head>", f'{script}<meta property="article:tag" content="t{torn}"></head>'
    ).replace("</p>", f"</p>{extra}", 1)


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


class Answer(NamedTuple):
    outcome: str
    body: bytes = b""
    type: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


PAGES = {
    "/whole": Answer("article", article("whole").encode()),
    "/unclosed": Answer(
        "article", article("unclosed").replace("</p>", "").replace("</div>", "").encode()
    ),
    "/cut": Answer("article", article("cut").encode()[:-60]),
    "/no-type": Answer("article", article("no type").encode(), type=""),
    "/latin-said-utf8-sent": Answer(
        "article", ("\ufeff" + article("latin")).encode(), "text/html; charset=latin-1"
    ),
    "/unknown-charset": Answer(
        "article", article("unknown").encode(), "text/html; charset=x-nonsense"
    ),
    "/empty": Answer("page"),
    "/no-body-text": Answer("rejected", article("short").replace(words("short"), "").encode()),
    "/no-headline": Answer(
        "rejected", re.sub("<(h1|title)>.*?</(h1|title)>", "", article("headless")).encode()
    ),
    "/nothing-but-brackets": Answer("page", b"<" * 5000),
    "/nul-bytes": Answer("page", b"\x00" * 500 + b"<p>x</p>"),
    "/deep": Answer("page", b"<div>" * 9000),
    "/picture": Answer("refused", PICTURE, "image/png"),
    "/picture-said-to-be-html": Answer("refused", PICTURE),
    "/pdf": Answer("refused", b"%PDF-1.4 text", "application/pdf"),
    "/too-large": Answer("refused", article("large").encode() + b" " * 400_000),
    "/bomb": Answer(
        "refused", gzip.compress(b" " * 50_000_000), headers=(("Content-Encoding", "gzip"),)
    ),
    "/broken-gzip": Answer("failed", b"\x1f\x8b nonsense", headers=(("Content-Encoding", "gzip"),)),
    "/xml": Answer("listing", b'<?xml version="1.0"?><rss><channel/></rss>', "application/rss+xml"),
    "/xml-bomb": Answer(
        "listing",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "text/xml",
    ),
    "/unstorable-characters": Answer("article", unstorable("torn").encode()),
    "/unstorable-validators": Answer(
        "article",
        article("validators").encode(),
        headers=(("ETag", '"a\0b"'), ("Last-Modified", "\1")),
    ),
    "/status-beyond-numbers": Answer("failed", status=10**20),
    "/teapot": Answer("failed", b"no", status=418),
    "/nowhere": Answer("refused", status=302, headers=(("Location", "javascript:alert(1)"),)),
    "/bad-location": Answer("refused", status=301, headers=(("Location", "http://[::1"),)),
    "/no-location": Answer("failed", status=302),
    "/not-found-said-politely": Answer("gone", b"<h1>Sorry, this page is not found</h1>"),
    "/asks-for-consent": Answer(
        "refused",
        b'<div class="consent-wall"><p>We and our partners.</p><button>Agree</button></div>',
    ),
    "/asks-for-a-person": Answer(
        "refused", b'<h1>One moment</h1><script src="/challenge-run/1.js"></script>'
    ),
    "/asks-for-a-password": Answer(
        "rejected",
        b'<h1>Members</h1><form method="post"><input type="password" name="key"></form>',
    ),
    "/asks-who-is-there": Answer(
        "rejected", status=401, headers=(("WWW-Authenticate", 'Basic realm="members"'),)
    ),
    "/refuses": Answer("failed", b"Not you.", status=401),
    "/empty-without-scripts": Answer(
        "rejected", b'<div id="root"></div><script src="/main.js"></script>'
    ),
}
FRONT = "".join(
    f'<article><h2 class="entry-title"><a href="{path}">A headline of some length: {path}</a></h2></article>'
    for path in PAGES
)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        front = Answer("", f'<body class="home blog"><main>{FRONT}</main></body>'.encode())
        answer = {**PAGES, "/": front}.get(self.path, Answer("", status=404))
        self.send_response(answer.status)
        if answer.type:
            self.send_header("Content-Type", answer.type)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        pass


class Server(BusyServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up on a page too large is no error here."""


class Crawled(NamedTuple):
    url: str
    crawl: Crawl
    status: int


@pytest.fixture(scope="module", params=KINDS)
def database(request, tmp_path_factory):
    with a_database(request, tmp_path_factory.mktemp("database"), EMPTY) as url:
        yield url


@pytest.fixture(scope="module")
def crawled(database, tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("bad"), database)
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        process = crawl.run(
            "site", "-a", f"url={url}/", "-a", "discover=links", DOWNLOAD_MAXSIZE="300000"
        )
        server.shutdown()
    return Crawled(url, crawl, process.returncode)


@pytest.mark.parametrize("path", PAGES)
def test_each_bad_page_has_its_outcome(path, crawled):
    assert crawled.crawl.pages()[identity(crawled.url + path)]["outcome"] == PAGES[path].outcome


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/not-found-said-politely", "SoftNotFound"),
        ("/asks-for-consent", "ConsentWall"),
        ("/asks-for-a-person", "BotWall"),
        ("/asks-for-a-password", "PasswordProtected"),
        ("/asks-who-is-there", "PasswordProtected"),
        ("/refuses", "Http401"),
        ("/broken-gzip", "Undecodable"),
        ("/bomb", "TooLarge"),
        ("/empty-without-scripts", "NeedsBrowser"),
        ("/status-beyond-numbers", "BadStatus"),
    ],
)
def test_what_stands_in_for_a_page_has_its_reason(path, reason, crawled):
    assert crawled.crawl.pages()[identity(crawled.url + path)]["reason"] == reason


def test_the_crawl_ends_well(crawled):
    assert crawled.status == 0


def test_there_is_no_traceback(crawled):
    assert "Traceback" not in crawled.crawl.log
    assert " ERROR: " not in crawled.crawl.log


def test_the_outcomes_are_counted(crawled):
    expected = collections.Counter(answer.outcome for answer in PAGES.values())
    expected["listing"] += 1
    assert crawled.crawl.runs()[0]["outcomes"] == expected


def test_a_wrong_charset_does_not_spoil_the_text(crawled):
    for path in ("/whole", "/no-type", "/latin-said-utf8-sent", "/unknown-charset"):
        assert crawled.crawl.articles()[identity(crawled.url + path)].text.startswith(
            "Grüße aus Ærø:"
        )


def test_what_a_database_cannot_hold_is_cleaned_away(crawled):
    stored = crawled.crawl.articles()[identity(f"{crawled.url}/unstorable-characters")]
    assert stored.headline.startswith("Bridge")
    assert stored.text.startswith("Grüße")
    assert stored.comment_count == 10**10
    assert not re.search("[\0\ud800-\udfff]", repr(stored))
    assert stored.published is not None
    assert stored.published.utcoffset() == timedelta(hours=1)


def test_a_malformed_validator_is_not_kept(crawled):
    page = crawled.crawl.pages()[identity(f"{crawled.url}/unstorable-validators")]
    assert (page["etag"], page["last_modified"]) == (None, None)

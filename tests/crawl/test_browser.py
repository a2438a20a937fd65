"""A real Chromium renders what a small server answers; the ledger tells what became of it."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from scrapy.settings import Settings

from newscrawl.addresses.address import identity
from newscrawl.arguments.arguments import Arguments
from newscrawl.middlewares.browser import chromium
from newscrawl.pages.doubts import DOUBTFUL
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.serving import BusyServer


def missing() -> str:
    try:
        chromium(Settings({"NEWSCRAWL_CHROMIUM": ""}))
    except ValueError as error:
        return str(error)
    return ""


needs_chromium = pytest.mark.skipif(bool(missing()), reason=missing() or "there is one")

LINKS = ("-a", "discover=links")
WORDS = " ".join(f"word{number}" for number in range(80))
SHELL = '<html><head><title>News</title></head><body><div id="root"></div><script>{}</script>'
SHOW = (
    "document.title = 'Lamps return to the pier';"
    "document.getElementById('root').innerHTML = '<article><h1>Lamps return to the pier</h1><p>'"
    " + text + '</p><p>' + text + '</p></article>';"
)
STORY = "const text = " + json.dumps(WORDS) + ";" + SHOW
FETCHED = f"fetch('/story.json').then(answer => answer.json()).then(text => {{ {SHOW} }});"
SENTENCES = [f"Sentence {number} of a long story tells of {WORDS[:180]}." for number in range(24)]
DOUBTFUL_PAGE = (
    '<html><head><title>The lamp of the pier</title><meta property="og:type" content="article"></head>'
    "<body><h1>The lamp of the pier</h1>"
    + "<div>A label</div>" * 30
    + f"<article><p>{' '.join(SENTENCES[:3])}</p></article>"
    + "<div><aside>"
    + "".join(f"<p>{each}</p>" for each in SENTENCES[12:])
    + "</aside></div>"
    "<script>{}</script></body></html>"
)
LENGTHEN = (
    "document.querySelectorAll('div').forEach(each => each.remove());"
    "document.querySelector('article').innerHTML = "
    + json.dumps("".join(f"<p>{each}</p>" for each in SENTENCES))
    + ";"
)
PAGES = {
    "/": "<main>"
    + "".join(
        f'<article><h2><a href="{path}">A headline of some length: {path}</a></h2></article>'
        for path in (
            *("/app", "/fetched", "/plain", "/blank", "/away", "/nosy", "/huge"),
            *("/sly", "/astray", "/restless", "/longer", "/shorter", "/led"),
        )
    )
    + "</main>",
    "/app": SHELL.format(STORY),
    "/fetched": SHELL.format(FETCHED),
    "/plain": f"<body><article><h1>The quay is dry</h1><p>{WORDS} {WORDS}</p></article>",
    "/longer": DOUBTFUL_PAGE.format(LENGTHEN),
    "/shorter": DOUBTFUL_PAGE.format("document.body.replaceChildren();"),
    "/led": DOUBTFUL_PAGE.format("location.replace('/plain');"),
    "/blank": SHELL.format("window.nothing = true;"),
    "/busy": SHELL.format("while (true) {}"),
    "/away": SHELL.format("location.replace('/plain');"),
    "/nosy": SHELL.format(
        "for (const path of ['/spy.png', '/forbidden/data']) fetch(path);"
        "fetch(location.origin.replace('127.0.0.1', 'localhost') + '/elsewhere');"
        "document.body.appendChild(new Image()).src = '/picture.png';"
        "navigator.sendBeacon('/beacon'); window.open('/window');"
        "new WebSocket(location.origin.replace('http', 'ws') + '/socket');" + STORY
    ),
    "/sly": SHELL.format(
        "const add = (kind, given) => document.head.append("
        "Object.assign(document.createElement(kind), given));"
        "add('link', {rel: 'prefetch', href: '/forbidden/prefetch'});"
        "add('script', {type: 'speculationrules', textContent: JSON.stringify("
        "{prefetch: [{urls: ['/forbidden/speculation'], eagerness: 'immediate'}]})});"
        "const code = `fetch('${location.origin}/forbidden/worker')`;"
        "const url = URL.createObjectURL(new Blob([code])); new Worker(url);"
        "const says = URL.createObjectURL(new Blob(['postMessage(typeof WebSocket)']));"
        "new Worker(says).onmessage = said => fetch('/worker-has-' + said.data);"
        "if (window.SharedWorker) new SharedWorker(url);"
        "if (window.fetchLater) fetchLater('/forbidden/later', {activateAfter: 0});"
        "fetch('/forbidden/alive', {keepalive: true}); fetch('/hop');"
        "add('script', {src: '/hop'});" + STORY
    ),
    "/astray": SHELL.format("location.replace('/hop');"),
    "/restless": SHELL.format("setInterval(() => fetch('/forbidden/again'), 20);" + STORY),
    "/huge": SHELL.format(STORY + "document.body.append('x'.repeat(2000000));"),
    "/story.json": json.dumps(WORDS),
    "/robots.txt": "User-agent: *\nDisallow: /forbidden/\n",
}
MOVED = {"/hop": "/forbidden/behind"}
TYPES = {"/story.json": "application/json", "/robots.txt": "text/plain"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, "Sec-Fetch-Mode" in self.headers))
        if self.path in MOVED:
            self.send_response(302)
            self.send_header("Location", MOVED[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", TYPES.get(self.path, "text/html; charset=utf-8"))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"same"')
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name is the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        pass


class Server(BusyServer):
    """Remembers the paths it was asked for, and whether a browser asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, bool]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that is closed hangs up."""


class Crawled(NamedTuple):
    url: str
    crawl: Crawl
    status: int
    asked: list[tuple[str, bool]]

    def outcome(self, path: str) -> tuple[str, str | None]:
        row = self.crawl.pages()[identity(self.url + path)]
        return row["outcome"], row["reason"]


@contextmanager
def serving():
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def crawled(folder, *arguments, at="/", **settings):
    crawl = Crawl(folder)
    with serving() as (server, url):
        process = crawl.run("site", "-a", f"url={url}{at}", *LINKS, *arguments, **settings)
    return Crawled(url, crawl, process.returncode, server.asked)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    polite = {"CONCURRENT_REQUESTS_PER_DOMAIN": "2"}
    return crawled(folder, "-a", "browser=auto", DOWNLOAD_MAXSIZE="1000000", **polite)


@needs_chromium
@pytest.mark.parametrize("path", ["/app", "/fetched", "/nosy"])
def test_an_article_that_a_script_writes_is_read(path, rendered):
    assert rendered.outcome(path) in {("article", None), ("duplicate", "exact")}
    row = rendered.crawl.pages()[identity(rendered.url + path)]
    (visit,) = (each for each in rendered.crawl.visits() if each["page"] == row["id"])
    assert visit["evidence"]["rendered"] is True
    assert row["etag"] is None


@needs_chromium
def test_a_doubtful_text_that_is_surer_in_a_browser_is_taken_from_there(rendered):
    article = rendered.crawl.articles()[identity(rendered.url + "/longer")]
    assert SENTENCES[-1] in article.text
    assert article.confidence is not None
    assert article.confidence >= DOUBTFUL


@needs_chromium
@pytest.mark.parametrize("path", ["/shorter", "/led"])
def test_a_doubtful_text_stays_where_a_browser_brings_nothing_surer(path, rendered):
    assert (path, True) in rendered.asked
    article = rendered.crawl.articles()[identity(rendered.url + path)]
    assert SENTENCES[0] in article.text
    assert article.confidence is not None
    assert article.confidence < DOUBTFUL


@needs_chromium
def test_what_can_be_read_without_it_is_not_opened_in_a_browser(rendered):
    opened = [path for path, browser in rendered.asked if browser]
    assert "/" not in opened
    assert "/app" in opened


@needs_chromium
def test_a_page_that_stays_empty_is_rejected(rendered):
    assert rendered.outcome("/blank") == ("rejected", "NeedsBrowser")


@needs_chromium
def test_a_page_that_keeps_the_browser_busy_is_given_up(tmp_path):
    found = crawled(tmp_path, "-a", "browser=auto", at="/busy", DOWNLOAD_TIMEOUT="3")
    assert found.outcome("/busy") == ("failed", "DownloadTimeoutError")
    assert found.status == 1  # it was the only start URL


@needs_chromium
def test_a_script_that_leads_elsewhere_is_a_redirect(rendered):
    assert rendered.outcome("/away") == ("redirected", f"{rendered.url}/plain")


@needs_chromium
def test_a_page_that_a_script_makes_too_large_is_refused(rendered):
    assert rendered.outcome("/huge") == ("refused", "TooLarge")


@needs_chromium
def test_the_browser_loads_only_what_a_crawler_may(rendered):
    opened = {path for path, browser in rendered.asked if browser}
    assert "/story.json" in opened
    forbidden = {"/picture.png", "/elsewhere", "/beacon", "/window", "/socket"}
    assert sorted(forbidden & {path for path, _ in rendered.asked}) == []


@needs_chromium
def test_the_browser_asks_for_nothing_that_robots_txt_forbids(rendered):
    assert ("/hop", True) in rendered.asked
    assert [path for path, _ in rendered.asked if path.startswith("/forbidden/")] == []


@needs_chromium
def test_a_worker_has_no_sockets_but_works(rendered):
    said = [path for path, _ in rendered.asked if path.startswith("/worker-has-")]
    assert said == ["/worker-has-undefined"]


@needs_chromium
def test_a_page_that_a_script_leads_to_what_is_forbidden_is_given_up(rendered):
    assert rendered.outcome("/astray")[0] == "failed"


@needs_chromium
def test_nothing_gets_out_while_a_page_is_closed(rendered):
    assert rendered.outcome("/restless")[0] in {"article", "duplicate"}
    assert [path for path, _ in rendered.asked if path.startswith("/forbidden/again")] == []


@needs_chromium
def test_the_accounts_balance(rendered):
    assert rendered.status == 0
    assert "Traceback" not in rendered.crawl.log


def test_without_it_such_pages_are_rejected(tmp_path):
    found = crawled(tmp_path, "-a", "browser=never", at="/app")
    assert found.outcome("/app") == ("rejected", "NeedsBrowser")
    assert not [path for path, browser in found.asked if browser]


@needs_chromium
def test_a_page_rejected_without_it_is_read_with_it(tmp_path):
    with serving() as (_, url):
        crawl = Crawl(tmp_path)
        crawl.run("site", "-a", f"url={url}/app", *LINKS)
        crawl.run("site", "-a", f"url={url}/app", *LINKS, "-a", "browser=auto", **ALWAYS_DUE)
    outcomes = [visit["outcome"] for visit in crawl.visits()]
    assert outcomes == ["rejected", "article"]


def test_the_argument_is_never_or_auto():
    assert not Arguments.parse({}).browser
    assert not Arguments.parse({"browser": "never"}).browser
    assert Arguments.parse({"browser": "auto"}).browser
    with pytest.raises(ValueError, match=r"none of never, auto: 'yes'"):
        Arguments.parse({"browser": "yes"})


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setattr("newscrawl.middlewares.browser.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"newscrawl\[browser\]"):
        chromium(Settings({"NEWSCRAWL_CHROMIUM": ""}))


def test_without_a_chromium_the_command_says_so(tmp_path):
    process = Crawl(tmp_path).run(
        "site", "-a", "url=http://127.0.0.1:9/", "-a", "browser=auto", NEWSCRAWL_CHROMIUM="/nowhere"
    )
    assert process.returncode == 2
    assert "browser=auto needs" in process.stderr.splitlines()[-1]


@needs_chromium
def test_a_chromium_that_does_not_start_is_an_outcome(tmp_path):
    found = crawled(tmp_path, "-a", "browser=auto", at="/app", NEWSCRAWL_CHROMIUM="/bin/false")
    outcome, reason = found.outcome("/app")
    assert (outcome, reason) == ("failed", "BrowserFailed")
    assert "Traceback" not in found.crawl.log


@needs_chromium
def test_a_doubtful_text_is_stored_where_the_browser_fails(tmp_path):
    found = crawled(tmp_path, "-a", "browser=auto", at="/longer", NEWSCRAWL_CHROMIUM="/bin/false")
    assert found.outcome("/longer") == ("article", None)

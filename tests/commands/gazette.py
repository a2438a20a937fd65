"""A small newspaper on the loopback address, whose pages each test changes as it needs."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from tests.serving import BusyServer

PER_PAGE = 6


class Answer(NamedTuple):
    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    type: str = "text/html; charset=utf-8"


def words(seed: str, number: int = 120) -> str:
    """Return a text of its own for each seed."""
    return " ".join(f"{seed}{place}" for place in range(number))


def story(path: str, text: str = "", canonical: str = "", head: str = "") -> Answer:
    """Return an article; ``canonical`` is the path of the one that it names."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    name = path.rpartition("/")[2].removesuffix(".html").replace("-", " ")
    said = '<meta property="og:type" content="article">'
    return Answer(
        body=f"<html><head><title>{name}</title>{said}{link}{head}</head><body><article>"
        f"<h1>The {name} of the town</h1><p>{text or words(name.replace(' ', ''))}</p>"
        "</article></body></html>"
    )


def listing(paths: Sequence[str], *also: str) -> Answer:
    teasers = (f'<article><h2><a href="{path}">All of {path}</a></h2></article>' for path in paths)
    links = (f'<a href="{path}">More</a>' for path in also)
    return Answer(body=f"<main>{''.join(teasers)}</main><nav>{''.join(links)}</nav>")


def sitemap(urls: Sequence[str]) -> Answer:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return Answer(
        body=f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>',
        type="application/xml",
    )


def sitemap_index(urls: Sequence[str]) -> Answer:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return Answer(
        body='<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{entries}</sitemapindex>",
        type="application/xml",
    )


class Gazette(BusyServer):
    """Has as many stories as it is told, in three sections, and the pages put into ``pages``."""

    def __init__(self, stories: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        sections = ("town", "harbour", "letters")
        self.stories = [f"/{sections[n % 3]}/report-{n:03}.html" for n in range(stories)]
        self.pages: dict[str, Answer] = {path: story(path) for path in self.stories}
        self.pages["/"] = listing(self.stories[:PER_PAGE], "/older/")
        self.pages["/older/"] = listing(self.stories[PER_PAGE:])

    @property
    def site(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.site}{path}"

    def urls(self, paths: Sequence[str]) -> list[str]:
        return [self.url(path) for path in paths]

    def answer(self, path: str) -> Answer:
        return self.pages.get(path, Answer(404))

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed crawl hangs up."""


class Answering(Protocol):
    """A server that has an answer for every path."""

    def answer(self, path: str) -> Answer: ...


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Answering  # type: ignore[assignment] # it is that too

    def do_GET(self) -> None:
        found = self.server.answer(self.path)
        self.send_response(found.status)
        self.send_header("Content-Type", found.type)
        for name, value in found.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body.encode())))
        self.end_headers()
        self.wfile.write(found.body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def gazette(pages: Mapping[str, Answer] | None = None, *, stories: int = 12) -> Iterator[Gazette]:
    with Gazette(stories) as site:
        site.pages.update(pages or {})
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()

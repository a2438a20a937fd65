"""``python -m tests.siege.site``: a newspaper of many articles, that the attacks have for themselves.

It prints its address as its first line, serves until it is ended, and counts what it was asked.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler
from random import Random
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.serving import BusyServer

SECTIONS = ("harbour", "council", "farming", "rivers", "markets")
A_PAGE = 20
"""Articles that a page of a section lists."""
FIRST = datetime(2024, 3, 1, 6, 30, tzinfo=UTC)
WORDS = [
    "ferry",
    "quay",
    "timber",
    "council",
    "vote",
    "budget",
    "meadow",
    "orchard",
    "flood",
    "bridge",
    "station",
    "market",
    "grain",
    "weather",
    "engine",
    "school",
    "library",
    "repair",
    "tender",
    "survey",
    "harvest",
    "signal",
    "tunnel",
    "archive",
    "permit",
    "mayor",
    "farmer",
    "pilot",
    "baker",
    "nurse",
    "teacher",
    "clerk",
    "driver",
    "fisher",
    "carpenter",
    "surveyor",
]


class Answer(NamedTuple):
    """What the site says: a status, its headers, and a body."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


def html(body: str, head: str = "") -> Answer:
    """A page of the newspaper, below the menu of its sections."""
    menu = "".join(f'<a href="/{section}">{section.title()}</a> ' for section in SECTIONS)
    start = f"<!doctype html><html lang=en><head>{head}</head><body><nav>{menu}</nav>"
    return Answer(f"{start}{body}</body></html>".encode())


Route = Callable[[str], Answer | None]
"""An attack's own pages: the answer to a path, ``None`` where the site itself has one."""


class Site:
    """The pages of a newspaper with ``articles`` articles in five sections.

    Its clock is ``ahead`` of this machine's by so many seconds.
    """

    ahead = 0.0

    def __init__(self, articles: int, route: Route = lambda _: None) -> None:
        self.articles = articles
        self.route = route
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def answer(self, path: str) -> Answer:
        with self._lock:
            self.asked[path] += 1
        return self.route(path) or self._own(urlsplit(path).path) or Answer(b"not here", 404)

    def paths(self) -> Iterator[str]:
        """The paths of all articles."""
        return (path_of(number) for number in range(self.articles))

    def _own(self, path: str) -> Answer | None:
        parts = path.strip("/").split("/")
        if path == "/":
            return html("<h1>The Estuary Post</h1>")
        if path == "/robots.txt":
            return Answer(b"User-agent: *\nAllow: /\n", headers=(("Content-Type", "text/plain"),))
        if parts[0] not in SECTIONS or len(parts) > 3:
            return None
        if len(parts) == 1 or parts[1] == "page":
            return self._section(parts[0], int(parts[-1]) if parts[-1].isdigit() else 1)
        number = parts[1].rpartition("-")[2]
        known = number.isdigit() and int(number) < self.articles
        return self._article(int(number)) if known and path_of(int(number)) == path else None

    def _section(self, section: str, page: int) -> Answer:
        index = SECTIONS.index(section)
        numbers = range(index, self.articles, len(SECTIONS))
        shown = numbers[(page - 1) * A_PAGE : page * A_PAGE]
        cards = "".join(
            f'<article><h2><a href="{path_of(each)}">{title_of(each)}</a></h2></article>'
            for each in shown
        )
        more = page * A_PAGE < len(numbers)
        older = f'<a rel=next href="/{section}/page/{page + 1}">Older</a>'
        onward = f"<nav class=pagination>{older}</nav>" if more else ""
        return html(f"<h1>{section.title()}</h1>{cards}{onward}")

    def _article(self, number: int) -> Answer:
        chance = Random(number)
        day = (FIRST + timedelta(hours=7 * number)).isoformat()
        title = escape(title_of(number))
        paragraphs = "".join(f"<p>{sentences(chance)}</p>" for _ in range(6))
        others = [chance.randrange(self.articles) for _ in range(3)]
        related = "".join(f'<li><a href="{path_of(n)}">{title_of(n)}</a></li>' for n in others)
        return html(
            f"<article><h1>{title}</h1><p>By Ada Quill</p>{paragraphs}</article>"
            f"<aside><h2>Read also</h2><ul>{related}</ul></aside>",
            f'<title>{title}</title><meta property="og:type" content="article">'
            f'<meta property="article:published_time" content="{day}">',
        )


def path_of(number: int) -> str:
    words = "-".join(Random(f"title {number}").sample(WORDS, 4))
    return f"/{SECTIONS[number % len(SECTIONS)]}/{words}-{number}"


def title_of(number: int) -> str:
    return " ".join(Random(f"title {number}").sample(WORDS, 4)).capitalize() + f" in year {number}"


def sentences(chance: Random) -> str:
    lines = (" ".join(chance.choices(WORDS, k=14)).capitalize() for _ in range(4))
    return ". ".join(lines) + "."


class QuietServer(BusyServer):
    """Says nothing of clients that are killed while they are answered."""

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def serving(site: Site, address: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a site in threads of this process; the value is its address, without a last slash."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            said = site.answer(self.path)
            tag = dict(said.headers).get("ETag")
            if tag is not None and self.headers["If-None-Match"] == tag:
                said = said._replace(status=304, body=b"")
            self.send_response(said.status)
            for name, value in said.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string((timestamp or time.time()) + site.ahead)

        def log_message(self, *_: object) -> None:
            pass

    server = QuietServer((address, port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{address}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.siege.site", description=__doc__)
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    with serving(Site(options.articles), port=options.port) as url:
        print(url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()

"""A server on the loopback address that answers just what a test says, byte by byte if need be."""

from __future__ import annotations

import http.server
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from typing import NamedTuple
from urllib.parse import urlsplit

from newscrawl.addresses.address import identity
from tests.crawl.crawling import Crawl
from tests.serving import BusyServer

HTML = ("Content-Type", "text/html; charset=utf-8")
RESET = struct.pack("ii", 1, 0)
"""``SO_LINGER`` by which a close is a reset."""


class Answer(NamedTuple):
    """``length`` is what the server says of the body, ``None`` that it ends with the connection."""

    body: bytes | str = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (HTML,)
    length: int | None = -1
    reset: bool = False


class Asked(NamedTuple):
    path: str
    headers: Message
    body: str = ""


Answers = Answer | str | Callable[[Asked], Answer]


class Server(BusyServer):
    def __init__(self, pages: Mapping[str, Answers]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = dict(pages)
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def times(self, path: str) -> int:
        return sum(each.path == path for each in self.asked)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client may hang up."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(self.path, self.headers, self.rfile.read(length).decode())
        self.server.asked.append(asked)
        found = self.server.pages.get(self.path, Answer(status=404))
        answer = Answer(found) if isinstance(found, str) else found
        answer = answer(asked) if callable(answer) else answer
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.length is None:
            self.send_header("Connection", "close")
        else:
            length = len(body) if answer.length < 0 else answer.length
            self.send_header("Content-Length", str(length))
            self.close_connection |= length != len(body)
        self.end_headers()
        self.wfile.write(body)
        if answer.reset:
            time.sleep(0.3)  # a reset throws away what was not read
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.connection.close()
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        pass


@contextmanager
def answering(pages: Mapping[str, Answers]) -> Iterator[Server]:
    with Server(pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def front(*paths: str) -> str:
    teasers = "".join(
        f'<li><h3><a href="{path}">What is told at length under {path}</a></h3></li>'
        for path in paths
    )
    return f"<!doctype html><title>The Quay Post</title><main><ul>{teasers}</ul></main>"


def story(name: str, words: int = 200) -> str:
    """An article of words that no other has."""
    chance = random.Random(name)
    letters = "abcdefghiklmnoprstuvw"
    told = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(words)]
    lines = (" ".join(told[at : at + 40]) for at in range(0, words, 40))
    text = "".join(f"<p>{line.capitalize()}.</p>" for line in lines)
    return f"""<!doctype html><html lang="en"><head><title>{name}</title>
<meta property="og:type" content="article"></head><body><main><article>
<h1>All about {name}</h1><time datetime="2025-03-01T10:00:00+01:00">1 March</time>
{text}</article></main></body></html>"""


def outcome(crawl: Crawl, server: Server, path: str) -> tuple[str, str | None]:
    row = crawl.pages()[identity(server.url + path)]
    return row["outcome"], row["reason"]


def outcomes(crawl: Crawl) -> dict[str, tuple[str, str | None]]:
    return {
        urlsplit(page["url"]).path: (page["outcome"], page["reason"])
        for page in crawl.pages().values()
    }

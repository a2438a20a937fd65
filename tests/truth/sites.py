"""A small news site on loopback, plain HTML of no known theme, whose answers a case may change."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from tests.serving import BusyServer

HTML = "text/html; charset=utf-8"


class Answer(NamedTuple):
    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    type: str = HTML


Answers = Mapping[str, Answer]
NOT_FOUND = Answer(404, "<h1>Not here</h1>")


def story(number: int) -> Answer:
    """An article whose words are its own."""
    words = " ".join(f"word{number}x{each}" for each in range(120))
    return Answer(
        body=f"""<!doctype html><html lang="en"><head><title>Ferry {number} runs late again</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-{number % 28 + 1:02}T08:00:00+01:00">
</head><body><nav><a href="/">Home</a></nav><article><h1>Ferry {number} runs late again</h1>
<p>{words}.</p><p>{words} once more.</p></article></body></html>"""
    )


def front(numbers: range) -> Answer:
    teasers = "".join(
        f'<article><h2><a href="/news/ferry-{number}">Ferry {number} runs late again</a></h2></article>'
        for number in numbers
    )
    return Answer(body=f"<html><head><title>Port Paper</title></head><main>{teasers}</main></html>")


def news(numbers: range) -> dict[str, Answer]:
    """A front page that lists articles with these numbers."""
    return {"/": front(numbers), **{f"/news/ferry-{number}": story(number) for number in numbers}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        found = self.server.answer(self)
        if found is None:
            self.close_connection = True
            return
        body = found.body.encode()
        self.send_response(found.status)
        self.send_header("Content-Type", found.type)
        for name, value in found.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


Respond = Callable[["Handler"], Answer | None]
"""Answers a request; ``None`` hangs up."""


class Site(BusyServer):
    """Answers as ``respond`` says, which may be replaced at any time; ``hits`` are paths asked for."""

    daemon_threads = True

    def __init__(self, respond: Respond, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.respond = respond
        self.hits: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def answer(self, handler: Handler) -> Answer | None:
        self.hits.append(handler.path)
        return self.respond(handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the site."""


def out_of(answers: Answers) -> Respond:
    """Answer with one of these, else that it is not found."""
    return lambda handler: answers.get(handler.path, NOT_FOUND)


@contextmanager
def serving(respond: Respond | Answers, port: int = 0) -> Iterator[Site]:
    with Site(out_of(respond) if isinstance(respond, Mapping) else respond, port) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        try:
            yield site
        finally:
            site.shutdown()

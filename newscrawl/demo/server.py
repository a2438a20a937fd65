"""A small HTTP/1.1 server for the generated site, fast enough not to be what a benchmark measures."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections import deque
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, TextIO

from newscrawl.demo.responses import DemoResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.demo.odd_site import OddSite
    from newscrawl.demo.site import DemoSite

_LARGEST_HEAD = 65_536
_CACHED_RESPONSES = 128


class DemoApp:
    """The site with what a running server adds: a cache, first answers and an access log."""

    def __init__(self, site: DemoSite | OddSite, access_log: TextIO | None = None) -> None:
        self._site = site
        self._access_log = access_log
        self._answered_first: set[str] = set()
        self._cached = lru_cache(maxsize=_CACHED_RESPONSES)(self._respond)

    def answer(self, target: str, headers: dict[str, str]) -> DemoResponse:
        path = target.partition("?")[0]
        if path not in self._answered_first:
            first = self._site.first_response(path)
            if first is not None:
                self._answered_first.add(path)
                return first
        return self._cached(target, headers.get("if-none-match"), headers.get("if-modified-since"))

    def _respond(self, target: str, etag: str | None, since: str | None) -> DemoResponse:
        headers = {}
        if etag is not None:
            headers["if-none-match"] = etag
        if since is not None:
            headers["if-modified-since"] = since
        return self._site.respond(target, headers)

    def log(self, at: float, status: int, target: str, agent: str) -> None:
        if self._access_log:
            self._access_log.write(f"{at:.3f} {status} {target}\t{agent}\n")


class DemoProtocol(asyncio.Protocol):
    """One connection; requests are answered in the order they came."""

    def __init__(self, app: DemoApp) -> None:
        self._app = app
        self._buffer = b""
        self._waiting: deque[bytes] = deque()
        self._skip = 0
        self._pause: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._pause:
            self._pause.cancel()
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            if self._skip:
                skipped = min(self._skip, len(self._buffer))
                self._skip -= skipped
                self._buffer = self._buffer[skipped:]
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                break
            self._buffer = rest
            self._skip = _content_length(head)
            self._waiting.append(head)
        if len(self._buffer) > _LARGEST_HEAD:
            self._send("GET", DemoResponse(431, {}, b""), close=True)
        elif not self._pause:
            self._work()

    def _work(self) -> None:
        self._pause = None
        while self._waiting and self._transport:
            asked = time.time()
            method, target, headers = _parse(self._waiting.popleft())
            close = headers.get("connection", "").lower() == "close"
            response = self._response(method, target, headers)
            self._app.log(asked, response.status, target, headers.get("user-agent", ""))
            if response.delay:
                self._pause = asyncio.get_running_loop().call_later(
                    response.delay, self._resume, method, response, close
                )
                return
            self._send(method, response, close=close)

    def _response(self, method: str, target: str, headers: dict[str, str]) -> DemoResponse:
        if not target.startswith("/"):
            return DemoResponse(400, {}, b"")
        if method not in ("GET", "HEAD"):
            return DemoResponse(405, {"Allow": "GET, HEAD"}, b"")
        return self._app.answer(target, headers)

    def _resume(self, method: str, response: DemoResponse, close: bool) -> None:
        self._send(method, response, close=close)
        self._work()

    def _send(self, method: str, response: DemoResponse, *, close: bool) -> None:
        if self._transport is None:
            return
        status, headers, body, _ = response
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(body)}")
        lines.append(f"Connection: {'close' if close else 'keep-alive'}\r\n\r\n")
        head = "\r\n".join(lines).encode("latin-1", "replace")
        self._transport.write(head if method == "HEAD" else head + body)
        if close:
            self._transport.close()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0


def _parse(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, target and headers with lower-case names; empty strings for nonsense."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return method, rest.partition(" ")[0], headers


def bind(port: int) -> socket.socket:
    """A socket on loopback; port 0 takes a free one. Raises ``OSError`` for a port in use."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen(256)
    except OSError:
        sock.close()
        raise
    return sock


async def serve(sock: socket.socket, app: DemoApp, ready: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT; calls ``ready`` once it answers."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(lambda: DemoProtocol(app), sock=sock)
    ready()
    await stopped.wait()
    server.close()

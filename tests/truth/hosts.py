"""A server that is all hosts of a site, and remembers in which order it was asked for what."""

from __future__ import annotations

import json
import re
import socket
import ssl
import struct
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.serving import BusyServer

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOPS = "/~rules/"
"""Paths to which a robots.txt may redirect."""
MAX_HOPS = 5
TLS = b"\x16"
HOP = re.compile(r"/hop-\w")
FAILED, MISSING = "failed", "missing"
OF_AN_ARTICLE = (
    '<meta property="og:type" content="article">'
    '<meta property="article:published_time" content="2025-03-04T05:06:07Z">'
)
SHELL = (
    '<html lang="en"><head><title>News</title></head><body><div id="root"></div><script>{}</script>'
)
SHOW = (
    "document.title = 'Lamps return';document.getElementById('root').innerHTML = "
    "'<article><h1>Lamps return</h1><p>{}</p></article>';"
)


class Robots(NamedTuple):
    """How an authority answers for robots.txt.

    ``way`` is a status, the number of redirects before the answer, or a way to fail; ``over``
    names the hosts (with ports) to which it redirects.
    """

    way: str = "200"
    text: str = ""
    seconds: float = 0.0
    over: tuple[str, ...] = ()

    @property
    def hops(self) -> int:
        return int(self.way.removeprefix("hops")) if self.way.startswith("hops") else 0

    @property
    def means(self) -> str:
        """The text that counts, ``MISSING`` or ``FAILED``."""
        if self.hops > MAX_HOPS:
            return MISSING
        if self.hops or self.way.startswith("2"):
            return self.text
        is_missing = self.way.startswith("4") and self.way != "429"
        return MISSING if is_missing else FAILED


class Event(NamedTuple):
    """A request for a path, or (without one) what an authority has just said of its rules."""

    authority: str
    path: str = ""
    says: str | None = None
    browser: bool = False


class Hosts(BusyServer):
    """Answers for every authority by ``robots``, with pages that name ``names`` (host and port)."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tls = tls
        self.names: list[str] = []
        self.robots: dict[str, Robots] = {}
        self.events: list[Event] = []

    def begin(self, names: list[str], robots: dict[str, Robots]) -> None:
        """Forget what was asked for."""
        self.names, self.robots, self.events = names, robots, []

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawl that ends hangs up."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hosts

    def setup(self) -> None:
        self.scheme = "http"
        if self.request.recv(1, socket.MSG_PEEK) == TLS:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.scheme = "https"
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    @property
    def authority(self) -> str:
        return f"{self.scheme}://{self.headers['Host']}"

    def do_GET(self) -> None:
        browser = "Sec-Fetch-Mode" in self.headers
        events = self.server.events
        events.append(Event(self.authority, self.path, browser=browser))
        if self.path == "/robots.txt":
            self._robots(self.authority, 0)
        elif self.path.startswith(HOPS):
            _, _, number, hop = self.path.split("/")
            self._robots(sorted(self.server.robots)[int(number)], int(hop))
        else:
            self._page()

    def _robots(self, authority: str, hop: int) -> None:
        robots = self.server.robots.get(authority, Robots("404"))
        time.sleep(robots.seconds)
        if hop >= min(robots.hops, MAX_HOPS):
            self.server.events.append(Event(authority, says=robots.means))
        if hop < robots.hops:
            number = sorted(self.server.robots).index(authority)
            over = robots.over[hop % len(robots.over)]
            target = f"{self.scheme}://{over}{HOPS}{number}/{hop + 1}"
            self._send(b"", status=302, location=target)
        elif robots.way.isdigit():
            location = "javascript:void(0)" if robots.way == "301" else ""
            body = b"" if robots.way in {"204", "304"} else robots.text.encode()
            self._send(body, "text/plain", status=int(robots.way), location=location)
        elif robots.hops:
            self._send(robots.text.encode(), "text/plain")
        else:
            self._break(robots.way)

    def _break(self, way: str) -> None:
        self.close_connection = True
        match way:
            case "reset":
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
            case "garbage":
                self.wfile.write(b"\x00\x01 what is this\r\n\r\n")
            case "truncated":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nUser-agent: *\n")
            case "silent":
                time.sleep(3)
        self.connection.close()

    def _page(self) -> None:
        path = self.path.partition("?")[0]
        if HOP.fullmatch(path):
            return self._send(b"", status=302, location=self._target(path))
        if path.startswith("/img/"):
            return self._send(PIXEL, "image/png")
        kind, body = page(path, self.authority, self.server.names)
        return self._send(body.encode(), kind, status=200 if body else 404)

    def _target(self, path: str) -> str:
        """Lead to a story of another host, or by ``/hop-w`` to the other spelling of this one."""
        if path == "/hop-w":
            host = self.headers["Host"]
            other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
            return f"{self.scheme}://{other}/hop-w/"
        names = self.server.names
        number = int(path[-1])
        return f"{self.scheme}://{names[number % len(names)]}/hidden/{number}"

    def _send(
        self, body: bytes, kind: str = "text/html", *, status: int = 200, location: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if location:
            self.send_header("Location", location)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def page(path: str, authority: str, names: list[str]) -> tuple[str, str]:
    """Return the type and the body of a page, empty where there is none."""
    scheme, _, host = authority.partition("://")
    all_hosts = [f"{scheme}://{name}" for name in names]
    other = all_hosts[(names.index(host) + 1) % len(names)] if host in names else all_hosts[0]
    kind, body = "text/html", ""
    match path.strip("/").partition("-")[0].partition("/")[0]:
        case "" | "town":
            body = _listing(other, all_hosts)
        case "story" | "split" | "hidden" | "hop":
            body = _article(path, authority, other)
        case "app":
            body = _app(path, other)
        case "feed.xml":
            kind, body = "application/rss+xml", _feed(authority)
        case "sitemap.xml":
            kind, body = "application/xml", _sitemap(authority, other)
        case "wp":
            kind, body = "application/json", _posts(authority)
        case "data":
            kind, body = "application/json", "[]"
    return kind, body


def _listing(other: str, all_hosts: list[str]) -> str:
    paths = [
        *("/story-1", "/story-2", "/split/", "/hidden/1", "/hop-0", "/hop-1", "/hop-w", "/app-1"),
        *(f"{host}/" for host in all_hosts),
        *(f"{other}/story-3", f"{other}/hidden/2"),
    ]
    teasers = (
        f'<article><h2><a href="{path}">A headline at {path}</a></h2></article>' for path in paths
    )
    return (
        '<html lang="en"><head><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        '<link rel="https://api.w.org/" href="/wp-json/"></head><body>'
        f'<nav><a href="/town/">Town</a></nav><main>{"".join(teasers)}</main></body></html>'
    )


def _article(path: str, authority: str, other: str) -> str:
    name = re.sub(r"\W+", "", f"{authority.partition('://')[2]}{path}")
    words = " ".join(f"{name}w{number}" for number in range(70))
    following = '<link rel="next" href="/split/2/">' if path == "/split/" else ""
    return (
        f"<html lang='en'><head><title>Story {name}</title>{following}{OF_AN_ARTICLE}</head><body><article>"
        f"<h1>Story {name}</h1><p>{words}.</p><p><img src='/img/1.png'></p><p>{words}.</p>"
        f"<p><img src='{other}/img/2.png'></p></article></body></html>"
    )


def _app(path: str, other: str) -> str:
    wanted = ["/data/1.json", "/hidden/data", "/hop-2", f"{other}/data/2.json", f"{other}/hop-3"]
    asks = "".join(f"fetch({json.dumps(each)}).catch(() => 0);" for each in wanted)
    loads = (
        "document.head.append(Object.assign(document.createElement('script'), {src: '/hop-4'}));"
    )
    words = " ".join(f"{path.strip('/')}-{number}" for number in range(80))
    return SHELL.format(asks + loads + SHOW.format(words))


def _feed(authority: str) -> str:
    item = f"<item><title>Six</title><link>{authority}/story-6</link></item>"
    return f'<rss version="2.0"><channel><title>News</title>{item}</channel></rss>'


def _sitemap(authority: str, other: str) -> str:
    urls = (
        f"<url><loc>{each}</loc></url>" for each in (f"{authority}/story-4", f"{other}/story-5")
    )
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<urlset xmlns="{namespace}">{"".join(urls)}</urlset>'


def _posts(authority: str) -> str:
    return json.dumps([{"link": f"{authority}/story-7", "date_gmt": "2025-03-04T05:06:07"}])


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "localhost.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@contextmanager
def serving(folder: Path) -> Iterator[Hosts]:
    with Hosts(certificate(folder)) as hosts:
        thread = threading.Thread(target=hosts.serve_forever, daemon=True)
        thread.start()
        yield hosts
        hosts.shutdown()
        with suppress(OSError):
            thread.join()

"""A site that attacks its crawler: named attacks between honest articles, on the loopback address.

Every attack has a page of its own. What it leads to beyond the site is a port where nobody but
an intruder would call; the server there counts its callers.
"""

from __future__ import annotations

import gzip
import json
import socket
import socketserver
import threading
import time
import zlib
from contextlib import suppress
from functools import cache
from itertools import chain, count, repeat
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HONEST = 24
MB = 1_000_000
DEEP = 50_000
LEVELS = 9
HTML = "text/html; charset=utf-8"
XML = "application/xml"
PROSE = (
    "The ferry company says number {} will sail again on Friday, after the crew had asked for a "
    "longer pause in the harbour of Port Elm and the council had agreed to pay for half of it. "
)


class Attack(NamedTuple):
    """``tried`` in a few words; ``answer`` gives the raw bytes of an answer to ``path``."""

    name: str
    tried: str
    answer: Callable[[HostileSite, str], bytes | Iterator[bytes]]

    @property
    def path(self) -> str:
        return f"/{self.name}/"


def reply(
    body: bytes, media_type: str = HTML, status: int = 200, headers: dict[str, str] | None = None
) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def page(title: str, text: str, head: str = "", rest: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        f'<meta property="og:type" content="article">{head}</head><body><main><article>'
        f"<h1>{title}</h1>{text}</article>{rest}</main></body></html>"
    ).encode(errors="surrogatepass")


def story(number: int) -> str:
    texts = (PROSE.format(f"{number}-{part} of {number * 7 + part}") for part in range(5))
    return "".join(f"<p>{text}</p>" for text in texts)


def honest(number: int) -> bytes:
    return page(f"Honest story number {number}", story(number))


class HostileSite:
    """The answers of the site; ``forbidden`` is the port that nobody may be led to.

    ``robots`` and the sources of the site (sitemaps, feed, API) attack too.
    """

    def __init__(self, port: int, forbidden: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.forbidden = forbidden

    def inner(self) -> list[str]:
        """Addresses of the forbidden port, and of others' inner services."""
        port = self.forbidden
        return [
            f"http://127.0.0.1:{port}/",
            f"http://localhost:{port}/",
            f"http://[::1]:{port}/",
            f"http://0.0.0.0:{port}/",
            f"http://127.1:{port}/",
            f"http://2130706433:{port}/",
            f"http://0x7f000001:{port}/",
            f"http://[::ffff:127.0.0.1]:{port}/",
            "http://169.254.169.254/latest/meta-data/",
        ]

    def answer(self, target: str) -> bytes | Iterator[bytes]:
        path = urlsplit(target).path
        fixed = {
            "/": self._front,
            "/robots.txt": self._robots,
            "/sitemap-inner.xml": self._sitemap,
            "/sitemap-laughs.xml": laughs,
            "/sitemap-entity.xml": self._entity,
            "/sitemap-itself.xml": self._itself,
            "/sitemap-bomb.xml": lambda: reply(bomb("gzip"), XML),
            "/feed/": self._feed,
            "/wp-json/wp/v2/posts": self._api,
        }
        if path in fixed:
            return fixed[path]()
        first, _, rest = path.strip("/").partition("/")
        if first == "honest":
            return reply(honest(int(rest))) if rest.isdigit() else reply(b"", status=404)
        if first in TRAPS:
            return reply(TRAPS[first](target))
        attack = BY_NAME.get(first)
        return reply(b"nothing", status=404) if attack is None else attack.answer(self, target)

    def _front(self) -> bytes:
        paths = [attack.path for attack in ATTACKS]
        step = max(1, len(paths) // HONEST)
        linked: list[str] = []
        for number in range(HONEST):
            linked += [f"/honest/{number}", *paths[number * step : (number + 1) * step]]
        linked += paths[HONEST * step :]
        linked += [f"/{name}/1" for name in TRAPS]
        teasers = (
            f'<article><h2><a href="{path}">A headline long enough: {path}</a></h2></article>'
            for path in linked
        )
        inner = "".join(
            f'<a href="{url}">Another headline of some length</a>' for url in self.inner()
        )
        head = (
            '<link rel="alternate" type="application/rss+xml" href="/feed/">'
            '<link rel="https://api.w.org/" href="/wp-json/">'
        )
        body = (
            f"<html><head>{head}</head><body><main>{''.join(teasers)}{inner}</main></body></html>"
        )
        return reply(body.encode())

    def _robots(self) -> bytes:
        names = ("inner", "laughs", "entity", "itself", "bomb")
        lines = [f"Sitemap: {self.url}/sitemap-{name}.xml" for name in names]
        lines += [f"Sitemap: {url}sitemap.xml" for url in self.inner()]
        return reply("\n".join(["User-agent: *", "Disallow:", *lines]).encode(), "text/plain")

    def _sitemap(self) -> bytes:
        urls = "".join(f"<url><loc>{url}</loc></url>" for url in self.inner())
        return reply(f"<urlset>{urls}</urlset>".encode(), XML)

    def _entity(self) -> bytes:
        return reply(
            (
                f'<!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/passwd">'
                f'<!ENTITY b SYSTEM "http://127.0.0.1:{self.forbidden}/entity">]>'
                f"<urlset><url><loc>{self.url}/&a;&b;</loc></url></urlset>"
            ).encode(),
            XML,
        )

    def _itself(self) -> bytes:
        locs = "".join(
            f"<sitemap><loc>{self.url}/sitemap-itself.xml?{number}</loc></sitemap>"
            for number in range(50)
        )
        return reply(f"<sitemapindex>{locs}</sitemapindex>".encode(), XML)

    def _feed(self) -> bytes:
        items = "".join(
            f"<item><title>x</title><link>{url}</link><guid>{url}</guid></item>"
            for url in self.inner()
        )
        return reply(f"<rss><channel>{items}</channel></rss>".encode(), "application/rss+xml")

    def _api(self) -> bytes:
        posts = [
            {"link": url, "date_gmt": "2025-01-01T00:00:00", "modified_gmt": "9999-99-99"}
            for url in self.inner()
        ]
        return reply(
            json.dumps(posts).encode(), "application/json", headers={"X-WP-Total": "9" * 99}
        )


def laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, LEVELS)
    )
    return reply(
        f"<!DOCTYPE u [{entities}]><urlset><url><loc>&a{LEVELS - 1};</loc></url></urlset>".encode(),
        XML,
    )


@cache
def bomb(kind: str, times: int = 1) -> bytes:
    """200 MB of one letter, packed, ``times`` over."""
    if kind == "gzip":
        data = gzip.compress(b"a" * (200 * MB), 6, mtime=0)
        for _ in range(times - 1):
            data = gzip.compress(data, mtime=0)
        return data
    packer = zlib.compressobj(6, wbits=15 if kind == "deflate" else -15)
    return packer.compress(b"a" * (200 * MB)) + packer.flush()


def packed(coding: str, kind: str, times: int = 1) -> Callable[[HostileSite, str], bytes]:
    return lambda _, __: reply(bomb(kind, times), headers={"Content-Encoding": coding})


def encoded(kind: str, body: bytes) -> Callable[[HostileSite, str], bytes]:
    return lambda _, __: reply(body, headers={"Content-Encoding": kind})


def redirects(
    target: Callable[[HostileSite, str], str], status: int = 302
) -> Callable[[HostileSite, str], bytes]:
    return lambda site, path: reply(b"", status=status, headers={"Location": target(site, path)})


def shows(make: Callable[[HostileSite], bytes]) -> Callable[[HostileSite, str], bytes]:
    return lambda site, _: reply(make(site))


def raw(data: bytes) -> Callable[[HostileSite, str], bytes]:
    return lambda _, __: data


def streams(make: Callable[[], Iterator[bytes]]) -> Callable[[HostileSite, str], Iterator[bytes]]:
    return lambda _, __: make()


def drip() -> Iterator[bytes]:
    """A byte now and then, for ever."""
    yield b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n<p>"
    while True:
        time.sleep(0.2)
        yield b"a"


def slow_head() -> Iterator[bytes]:
    for letter in b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n" * 9:
        time.sleep(0.2)
        yield bytes([letter])


def endless(head: bytes, unit: bytes) -> Callable[[HostileSite, str], Iterator[bytes]]:
    return lambda _, __: chain([head], repeat(unit))


def many_headers() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 X\r\n"
    for number in count():
        yield b"X-%d: %s\r\n" % (number, b"a" * 90)


TEXT = story(999)
LONG = "a" * MB
DIRTY = "\x1b[2J\x1b]0;owned\x07\u202eevil\u0000"

TRAPS: dict[str, Callable[[str], bytes]] = {
    "calendar-trap": lambda target: _steps(target, lambda n: f"/calendar-trap/{n + 1}"),
    "facet-trap": lambda target: _steps(target, lambda n: f"/facet-trap/1?size={n}&colour={n * 3}"),
    "session-trap": lambda target: _steps(target, lambda n: f"/session-trap/{n * 7919 % 99991}"),
    "page-trap": lambda target: _steps(target, lambda n: f"/page-trap/page/{n + 1}/"),
    "path-trap": lambda target: _steps(target, lambda n: "/path-trap" + "/again" * (n % 40 + 1)),
}
"""Pages that lead to more of their kind, without end and without an article."""


def _steps(target: str, following: Callable[[int], str]) -> bytes:
    digits = "".join(filter(str.isdecimal, target)) or str(len(target))
    number = int(digits[-7:])
    links = "".join(
        f'<article><h2><a href="{following(number + step)}">Another day in the archive, {number + step}</a></h2></article>'
        for step in range(1, 9)
    )
    return f"<html><head><title>Archive</title></head><body><main>{links}</main></body></html>".encode()


def _inner(at: int) -> Callable[[HostileSite, str], str]:
    return lambda site, _: site.inner()[at]


ATTACKS: tuple[Attack, ...] = (
    Attack("to-loopback", "redirect to another port of this machine", redirects(_inner(0))),
    Attack("to-localhost", "redirect to localhost", redirects(_inner(1))),
    Attack("to-ipv6", "redirect to the loopback address of IPv6", redirects(_inner(2))),
    Attack("to-zero", "redirect to 0.0.0.0", redirects(_inner(3))),
    Attack("to-short", "redirect to 127.1", redirects(_inner(4))),
    Attack("to-number", "redirect to the address as a number", redirects(_inner(5))),
    Attack("to-hex", "redirect to the address in hexadecimal", redirects(_inner(6))),
    Attack("to-mapped", "redirect to an IPv4 address inside IPv6", redirects(_inner(7))),
    Attack("to-metadata", "redirect to a cloud's metadata", redirects(_inner(8))),
    Attack("to-file", "redirect to a file", redirects(lambda *_: "file:///etc/passwd")),
    Attack("to-ftp", "redirect to FTP", redirects(lambda *_: "ftp://127.0.0.1/")),
    Attack("to-data", "redirect to a data URL", redirects(lambda *_: "data:text/html,<h1>x")),
    Attack("to-itself", "redirect to itself", redirects(lambda site, _: f"{site.url}/to-itself/")),
    Attack(
        "to-chain",
        "endless chain of redirects",
        redirects(lambda site, path: f"{site.url}{urlsplit(path).path}x/"),
    ),
    Attack("to-nowhere", "redirect without an address", redirects(lambda *_: "")),
    Attack(
        "to-long", "redirect to an address of a megabyte", redirects(lambda *_: f"/{LONG[:60000]}")
    ),
    Attack(
        "to-split",
        "header injected by a redirect",
        raw(b"HTTP/1.1 302 X\r\nLocation: /x\rSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
    ),
    Attack(
        "refresh",
        "meta refresh to an inner address",
        shows(
            lambda site: page(
                "Refreshed", TEXT, f'<meta http-equiv="refresh" content="0;url={site.inner()[0]}">'
            )
        ),
    ),
    Attack(
        "canonical-inner",
        "canonical address inside",
        shows(lambda s: page("Canon", story(901), f'<link rel="canonical" href="{s.inner()[0]}">')),
    ),
    Attack(
        "canonical-steals",
        "names an honest story as its own address",
        shows(
            lambda s: page("Thief", story(902), f'<link rel="canonical" href="{s.url}/honest/3">')
        ),
    ),
    Attack(
        "parts-inner",
        "next part at an inner address",
        shows(
            lambda s: page(
                "Parts",
                story(903),
                f'<link rel="next" href="{s.inner()[0]}2/">',
                f'<div class="page-links"><a href="{s.inner()[0]}2/">2</a></div>',
            )
        ),
    ),
    Attack(
        "pictures-inner",
        "pictures at inner addresses",
        shows(
            lambda s: page(
                "Pictures", story(904) + "".join(f'<img src="{url}a.jpg">' for url in s.inner())
            )
        ),
    ),
    Attack(
        "links-inner",
        "related links to inner addresses",
        shows(
            lambda s: page(
                "Links",
                story(905),
                "",
                "".join(
                    f'<div class="related-posts"><h3><a href="{url}">A related story of some length</a></h3></div>'
                    for url in s.inner()
                ),
            )
        ),
    ),
    Attack(
        "schemes",
        "links of other schemes",
        shows(
            lambda _: page(
                "Schemes",
                story(906),
                "",
                "".join(
                    f'<a href="{url}">A headline of more than some length</a>'
                    for url in (
                        "javascript:alert(1)",
                        "file:///etc/passwd",
                        "data:text/html,x",
                        "gopher://127.0.0.1/",
                        "ftp://127.0.0.1/",
                        "//[::1",
                        "http://user:secret@127.0.0.1:1/",
                    )
                ),
            )
        ),
    ),
    Attack("gzip-bomb", "200 MB in gzip", packed("gzip", "gzip")),
    Attack("gzip-twice", "gzip inside gzip", packed("gzip, gzip", "gzip", 2)),
    Attack("deflate-bomb", "200 MB in deflate", packed("deflate", "deflate")),
    Attack(
        "raw-deflate-bomb",
        "the same without a head",
        packed("deflate", "raw"),
    ),
    Attack("gzip-broken", "gzip that ends early", encoded("gzip", gzip.compress(b"a" * MB)[:500])),
    Attack("gzip-lie", "said to be gzip", encoded("gzip", page("Lie", TEXT))),
    Attack("br-lie", "said to be Brotli", encoded("br", b"\xff" * 900)),
    Attack(
        "zstd-lie", "said to be Zstandard", encoded("zstd", b"\x28\xb5\x2f\xfd" + b"\xff" * 900)
    ),
    Attack("encoding-unknown", "an encoding nobody knows", encoded("x-nonsense", page("U", TEXT))),
    Attack(
        "endless-body",
        "a body without an end",
        endless(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n", b"a" * 65_536),
    ),
    Attack(
        "endless-chunks",
        "chunks without an end",
        endless(
            b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"10000\r\n" + b"a" * 65_536 + b"\r\n",
        ),
    ),
    Attack(
        "broken-chunks",
        "a chunk of negative size",
        raw(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n"),
    ),
    Attack("drip", "a byte now and then", streams(drip)),
    Attack("slow-head", "a head that never ends", streams(slow_head)),
    Attack("many-headers", "headers without an end", streams(many_headers)),
    Attack(
        "long-header",
        "one header of a megabyte",
        raw(b"HTTP/1.1 200 X\r\nX: " + b"a" * MB + b"\r\nContent-Length: 0\r\n\r\n"),
    ),
    Attack("no-http", "no HTTP at all", raw(b"\x00\xff\x16\x03\x01garbage\r\n\r\n")),
    Attack(
        "status-999",
        "a status that there is not",
        raw(b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n"),
    ),
    Attack("status-text", "a status that is no number", raw(b"HTTP/1.1 abc X\r\n\r\n")),
    Attack(
        "length-huge",
        "a length of exabytes",
        raw(
            b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: 99999999999999999\r\n\r\n<p>"
        ),
    ),
    Attack(
        "length-negative",
        "a negative length",
        raw(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: -1\r\n\r\n<p>"),
    ),
    Attack(
        "length-long",
        "less than it says",
        raw(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>short"),
    ),
    Attack("hang-up", "nothing at all", raw(b"")),
    Attack(
        "type-lies",
        "a program said to be a page",
        raw(reply(b"MZ\x90\x00" + bytes(range(256)) * 40)),
    ),
    Attack("no-type", "no media type", raw(b"HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\nhello")),
    Attack(
        "charset-nonsense",
        "a charset nobody knows",
        raw(reply(page("Charset", story(907)), "text/html; charset=../../etc/passwd")),
    ),
    Attack(
        "utf-7",
        "script in UTF-7",
        raw(reply(b"+ADw-script+AD4-alert(1)", "text/html; charset=utf-7")),
    ),
    Attack("utf-32", "a mark of UTF-32", raw(reply(b"\xff\xfe\x00\x00" + b"a" * 4001))),
    Attack(
        "deep", "elements 50,000 deep", shows(lambda _: page("Deep", "<div>" * DEEP + story(908)))
    ),
    Attack("brackets", "5 MB of brackets", raw(reply(b"<" * (5 * MB)))),
    Attack("tags", "2 million tags", raw(reply(b"<b>" * 2 * MB))),
    Attack(
        "attributes",
        "100,000 attributes",
        shows(
            lambda _: page(
                "Attr", f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x" + story(909)
            )
        ),
    ),
    Attack(
        "comment",
        "a comment that never ends",
        shows(lambda _: page("C", story(910) + "<!--" + LONG)),
    ),
    Attack(
        "json-deep",
        "JSON-LD 50,000 deep",
        shows(
            lambda _: page(
                "JSON",
                story(911),
                f'<script type="application/ld+json">{"[" * DEEP}</script>',
            )
        ),
    ),
    Attack(
        "json-numbers",
        "JSON-LD with a number of a megabyte",
        shows(
            lambda _: page(
                "Number",
                story(912),
                f'<script type="application/ld+json">{{"@type":"NewsArticle","wordCount":{"9" * MB}}}</script>',
            )
        ),
    ),
    Attack(
        "json-wrong",
        "JSON-LD of wrong types",
        shows(
            lambda _: page(
                "Wrong",
                story(913),
                '<script type="application/ld+json">{"@type":["NewsArticle",7],"headline":{"a":[]},'
                '"author":[[[{}]]],"datePublished":1e999,"image":true}</script>',
            )
        ),
    ),
    Attack("title-long", "a headline of a megabyte", shows(lambda _: page(LONG, story(914)))),
    Attack(
        "date-wild",
        "dates that there are not",
        shows(
            lambda _: page(
                "Date",
                story(915),
                '<meta property="article:published_time" content="99999-99-99T99:99:99+99:99">',
            )
        ),
    ),
    Attack(
        "links-many",
        "100,000 links",
        shows(
            lambda _: page(
                "Many",
                story(916),
                "",
                "".join(
                    f'<a href="/x{n}">A headline of some length, {n}</a>' for n in range(100_000)
                ),
            )
        ),
    ),
    Attack(
        "link-long",
        "a link of a megabyte",
        shows(
            lambda _: page(
                "Long", story(917), "", f'<h2><a href="/{LONG}">A headline of some length</a></h2>'
            )
        ),
    ),
    Attack(
        "escapes",
        "control characters for terminals",
        shows(lambda _: page(f"Escapes {DIRTY}", story(918))),
    ),
    Attack(
        "formula",
        "a formula for spreadsheets",
        shows(lambda _: page('=HYPERLINK("http://evil.example")', story(919))),
    ),
    Attack(
        "script",
        "script for reports",
        shows(
            lambda _: page(
                "&lt;script&gt;alert(1)&lt;/script&gt;",
                story(920) + "<script>alert(1)</script><img src=x onerror=alert(1)>",
            )
        ),
    ),
    Attack(
        "surrogates", "half characters", shows(lambda _: page("Half \ud800 \udfff", story(921)))
    ),
    Attack("nul", "NUL bytes", raw(reply(page("Nul", story(922)).replace(b"e", b"e\0")))),
    Attack(
        "cookies",
        "a cookie of 60 KB",
        lambda *_: reply(page("Cookies", story(923)), headers={"Set-Cookie": "a=" + "b" * 60_000}),
    ),
    Attack(
        "slow-down",
        "Retry-After for years",
        lambda *_: reply(page("Wait", story(924)), headers={"Retry-After": "9" * 30}),
    ),
    Attack(
        "validators",
        "validators of a megabyte",
        lambda *_: reply(page("Etag", story(925)), headers={"ETag": '"' + "a" * 60_000 + '"'}),
    ),
    Attack(
        "soft-404",
        "says that it is not there",
        shows(lambda _: b"<title>404 Not Found</title><h1>Page not found</h1>"),
    ),
    Attack(
        "svg",
        "a picture with script",
        raw(reply(b"<svg onload=alert(1)><script>alert(1)</script></svg>", "image/svg+xml")),
    ),
)
BY_NAME = {attack.name: attack for attack in ATTACKS}


class Forbidden:
    """Counts who calls at the port where nobody should, on both loopback addresses."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self._sockets = [self._listening(socket.AF_INET, "127.0.0.1", 0)]
        self.port: int = self._sockets[0].getsockname()[1]
        with suppress(OSError):  # not every machine has IPv6
            self._sockets.append(self._listening(socket.AF_INET6, "::1", self.port))
        for each in self._sockets:
            threading.Thread(target=self._accept, args=(each,), daemon=True).start()

    @staticmethod
    def _listening(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.bind((address, port))
        listening.listen()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _ = listening.accept()
                with caller:
                    caller.settimeout(1)
                    with suppress(OSError):
                        self.calls.append(caller.recv(500))

    def close(self) -> None:
        for each in self._sockets:
            each.close()


class HostileServer(socketserver.ThreadingTCPServer):
    """Serves the site; ``asked`` is called with each target before it is answered."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, forbidden: int, asked: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = HostileSite(self.server_address[1], forbidden)
        self.asked = asked

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that hangs up does right."""


class _Handler(socketserver.StreamRequestHandler):
    server: HostileServer

    def handle(self) -> None:
        while line := self.rfile.readline(65_536):
            target = line.split(b" ")[1].decode("latin-1") if line.count(b" ") > 1 else "/"
            while self.rfile.readline(65_536).strip():
                pass
            self.server.asked(target)
            answer = self.server.site.answer(target)
            for part in (answer,) if isinstance(answer, bytes) else answer:
                self.wfile.write(part)
            if not isinstance(answer, bytes) or b"Content-Length:" not in answer[:2_000]:
                return

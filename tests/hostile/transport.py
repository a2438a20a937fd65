"""Attacks with what carries a page: codings, bodies, headers, HTTP itself."""

from __future__ import annotations

import gzip

from tests.hostile.answers import MB, Answering, Attack, page, raw, reply, story
from tests.hostile.floods import drip, endless, many_headers, packed, slow_head, streams

TEXT = story(999)


def encoded(kind: str, body: bytes) -> Answering:
    return lambda _, __: reply(body, headers={"Content-Encoding": kind})


TRANSPORT: tuple[Attack, ...] = (
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
)

HEADERS: tuple[Attack, ...] = (
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
)

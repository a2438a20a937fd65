"""Answers that are too large, too slow, or never end."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, count, repeat

from tests.hostile.answers import MB, XML, Answering, reply

LEVELS = 9
BOMBS = (("gzip", 1), ("gzip", 2), ("deflate", 1), ("raw", 1))


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
    """200 MB of one letter, packed, ``times`` over: one of ``BOMBS``."""
    if (kind, times) not in BOMBS:
        raise ValueError(f"{kind} packed {times} times is none of the bombs made beforehand")
    if kind == "gzip":
        data = gzip.compress(b"a" * (200 * MB), 6, mtime=0)
        for _ in range(times - 1):
            data = gzip.compress(data, mtime=0)
        return data
    packer = zlib.compressobj(6, wbits=15 if kind == "deflate" else -15)
    return packer.compress(b"a" * (200 * MB)) + packer.flush()


def pack_bombs() -> None:
    """Pack what takes seconds before anybody waits for it with a time limit."""
    for kind, times in BOMBS:
        bomb(kind, times)


def packed(coding: str, kind: str, times: int = 1) -> Answering:
    return lambda _, __: reply(bomb(kind, times), headers={"Content-Encoding": coding})


def streams(make: Callable[[], Iterator[bytes]]) -> Answering:
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


def endless(head: bytes, unit: bytes) -> Answering:
    return lambda _, __: chain([head], repeat(unit))


def many_headers() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 X\r\n"
    for number in count():
        yield b"X-%d: %s\r\n" % (number, b"a" * 90)

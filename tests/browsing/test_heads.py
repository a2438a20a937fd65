from __future__ import annotations

import asyncio

import pytest

from newscrawl.browsing.heads import Head, read_head
from newscrawl.middlewares.http import MAX_HEAD


def read(data: bytes) -> Head:
    async def found() -> Head:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await read_head(reader)

    return asyncio.run(found())


def test_a_head_is_read_up_to_the_empty_line():
    head = read(b"GET / HTTP/1.1\r\nHost: a\r\nX-Two:  b \r\n\r\nbody")
    assert head == Head(b"GET / HTTP/1.1", ((b"Host", b"a"), (b"X-Two", b"b")))
    assert bytes(head) == b"GET / HTTP/1.1\r\nHost: a\r\nX-Two: b\r\n\r\n"


def test_lines_may_end_without_a_carriage_return():
    assert read(b"\nHTTP/1.1 200 OK\nA: b\n\n") == Head(b"HTTP/1.1 200 OK", ((b"A", b"b"),))


@pytest.mark.parametrize("data", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nA: b\r\n"])
def test_a_head_that_breaks_off_is_none(data):
    with pytest.raises(EOFError):
        read(data)


@pytest.mark.parametrize(
    "line", [b"no colon", b": no name", b" folded: a", b"A : b", b"A: b\rB: c", b"A: \0", b"A: b"]
)
def test_what_is_no_field_makes_no_head(line):
    end = b"" if line == b"A: b" else b"\r\n\r\n"  # the last one has no end at all
    with pytest.raises((ValueError, EOFError)):
        read(b"GET / HTTP/1.1\r\n" + line + end)


def test_a_head_has_a_bound():
    with pytest.raises(ValueError, match="without an end"):
        read(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (MAX_HEAD // 6 + 1) + b"\r\n")


def test_what_was_for_this_connection_is_not_passed_on():
    fields = (
        (b"Connection", b"X-Own, close"),
        (b"x-own", b"1"),
        (b"Upgrade", b"h2c"),
        (b"A", b"b"),
    )
    passed = Head(b"GET / HTTP/1.1", fields).passed_on((b"Connection", b"close"), but=(b"none",))
    assert passed.fields == ((b"Connection", b"close"), (b"A", b"b"))

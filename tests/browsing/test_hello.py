from __future__ import annotations

import asyncio
import ssl

import pytest

from newscrawl.browsing.hello import is_for_pages, read_hello


def hello(*protocols: str) -> bytes:
    """What OpenSSL says first."""
    context = ssl.create_default_context()
    if protocols:
        context.set_alpn_protocols(protocols)
    out = ssl.MemoryBIO()
    talk = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="paper.example")
    with pytest.raises(ssl.SSLWantReadError):
        talk.do_handshake()
    return out.read()


def read(data: bytes) -> bytes:
    async def found() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await read_hello(reader)

    return asyncio.run(found())


def test_who_offers_http_2_asks_for_pages():
    assert is_for_pages(hello("h2", "http/1.1"))


@pytest.mark.parametrize("protocols", [(), ("http/1.1",), ("h2x",)])
def test_who_does_not_offer_it_is_a_socket(protocols):
    assert not is_for_pages(hello(*protocols))


def test_the_first_record_is_read_to_its_end():
    said = hello("h2")
    assert read(said + b"more") == said


@pytest.mark.parametrize("length", range(1, 120, 7))
def test_a_hello_that_breaks_off_is_none(length):
    said = hello("h2")[:length]
    with pytest.raises(EOFError):
        read(said)
    assert not is_for_pages(said)


def test_what_is_not_by_tls_is_none():
    with pytest.raises(ValueError, match="in the clear"):
        read(b"GET / HTTP/1.1\r\n\r\n")

"""What a browser says first in a tunnel: the ClientHello of TLS (RFC 8446, 4.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import StreamReader
    from collections.abc import Iterator

HANDSHAKE = 22
"""The type of a record, its first byte; two bytes of version and two of length follow."""
HEAD = 5
CLIENT_HELLO = 1
BEFORE_SESSION = 38
"""Bytes from the type of the message to the session: type, length, version, random number."""
ALPN = 16
"""The extension that names protocols (RFC 7301)."""
HTTP_2 = b"h2"


async def read_hello(reader: StreamReader) -> bytes:
    """Read the first record of a connection by TLS.

    Raises:
        ValueError: it is none.
        EOFError: it breaks off.
    """
    head = await reader.readexactly(1)
    if head[0] != HANDSHAKE:
        raise ValueError("a socket in the clear")
    head += await reader.readexactly(HEAD - 1)
    return head + await reader.readexactly(int.from_bytes(head[3:]))


def is_for_pages(hello: bytes) -> bool:
    """Whether a browser says hello for pages: for a WebSocket it offers HTTP/1.1 alone."""
    return HTTP_2 in _protocols(hello[HEAD:])


def _protocols(message: bytes) -> list[bytes]:
    if not message or message[0] != CLIENT_HELLO:
        return []
    _, rest = _cut(message[BEFORE_SESSION:], 1)  # the session
    _, rest = _cut(rest, 2)  # the ciphers
    _, rest = _cut(rest, 1)  # the compressions
    extensions, _ = _cut(rest, 2)
    while extensions:
        kind = int.from_bytes(extensions[:2])
        body, extensions = _cut(extensions[2:], 2)
        if kind == ALPN:
            return list(_names(_cut(body, 2)[0]))
    return []


def _names(listed: bytes) -> Iterator[bytes]:
    while listed:
        name, listed = _cut(listed, 1)
        yield name


def _cut(data: bytes, size: int) -> tuple[bytes, bytes]:
    """Part what has its length in the first ``size`` bytes from what follows it."""
    end = size + int.from_bytes(data[:size])
    return data[size:end], data[end:]

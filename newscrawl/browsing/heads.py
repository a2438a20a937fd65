"""Heads of HTTP/1.1 messages, as a proxy reads and passes them on (RFC 9112)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newscrawl.middlewares.http import MAX_HEAD

if TYPE_CHECKING:
    from asyncio import StreamReader
    from collections.abc import Collection

HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"upgrade",
    }
)
"""Fields that are meant for the next machine only (RFC 9110, 7.6.1)."""
END = b"\r\n"


class Head(NamedTuple):
    """A first line, and fields with their names as they came; nothing of it ends a line."""

    start: bytes
    fields: tuple[tuple[bytes, bytes], ...] = ()

    def values(self, name: bytes) -> list[bytes]:
        """All values of a field, whose name is given in lower case."""
        return [value for each, value in self.fields if each.lower() == name]

    def passed_on(self, *own: tuple[bytes, bytes], but: Collection[bytes] = ()) -> Head:
        """Without what was meant for us alone, and without ``but``; ``own`` fields go first."""
        said = b",".join(self.values(b"connection")).lower().split(b",")
        left_out = {*HOP, *(each.strip() for each in said), *but}
        kept = (each for each in self.fields if each[0].lower() not in left_out)
        return Head(self.start, (*own, *kept))

    def __bytes__(self) -> bytes:
        lines = (b"%s: %s" % each for each in self.fields)
        return END.join((self.start, *lines, b"", b""))


async def read_head(reader: StreamReader) -> Head:
    """Read up to the empty line; lines may end without a carriage return (RFC 9112, 2.2).

    Raises:
        EOFError: it ends before that.
        ValueError: it is none, or longer than ``MAX_HEAD`` bytes.
    """
    lines: list[bytes] = []
    size = 0
    while line := await reader.readline():
        size += len(line)
        if size > MAX_HEAD or not line.endswith(b"\n"):
            raise ValueError("a head without an end")
        line = line.rstrip(END)
        if line:
            lines.append(line)
        elif lines:
            return Head(lines[0], tuple(map(_field, lines[1:])))
    raise EOFError


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not name or name != name.strip() or b"\r" in value or b"\0" in value:
        raise ValueError(f"no field: {line[:80]!r}")
    return name, value.strip()

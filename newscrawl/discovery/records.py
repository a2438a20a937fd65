"""Flat records out of an XML document that nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from newscrawl.outcomes import Truncated, Undecodable
from newscrawl.unpacking import unpack

MAX_RECORDS = 50_000
"""The sitemap protocol's own limit; what is beyond it is not read."""
MAX_ELEMENTS = 2_000_000
MAX_DEPTH = 100
MAX_TEXT = 4096
"""Characters of one field."""
MAX_FIELDS = 50
"""Fields of one record."""
MAX_BYTES = 50 * 1024 * 1024
"""Bytes after decompression: the sitemap protocol's own limit."""

_GZIP = b"\x1f\x8b"
_END_TAG = re.compile(rb"</(?:[^\s:>]*:)?(?P<name>[^\s:>]+)\s*>")
_ENTITY = re.compile(rb"<!ENTITY[^>]*>?", re.IGNORECASE)


class Field(NamedTuple):
    """A leaf of a record; ``path`` has the local names below the record, joined by slashes."""

    path: str
    text: str
    attributes: Mapping[str, str]


@dataclass(slots=True)
class Records:
    """The records of a document, and the wanted fields that are in none of them.

    One that ends within its root is not ``whole``.
    """

    root: str = ""
    records: list[list[Field]] = field(default_factory=list)
    outside: list[Field] = field(default_factory=list)
    whole: bool = False


class _Enough(Exception):  # noqa: N818 - it is no error, the rest is left unread
    pass


def read_records(body: bytes, names: Collection[str], wanted: Collection[str]) -> Records:
    """Return the elements called one of ``names`` with those of their fields that are wanted.

    ``wanted`` are paths below a record, and for what stands outside of all records below
    the root. Names count without their namespace. Entities are not resolved, nothing is
    loaded, and no tree is built; a broken document gives what comes before the break.
    """
    reader = _Reader(frozenset(names), frozenset(wanted))
    parser = etree.XMLParser(  # type: ignore[call-overload] # the stubs want methods lxml does not
        target=reader, resolve_entities=False, no_network=True, recover=True
    )
    try:
        parser.feed(_ENTITY.sub(b"", body.lstrip()))
        parser.close()
    except _Enough:
        reader.found.whole = True
    except (etree.LxmlError, LookupError, ValueError):
        pass
    reader.found.whole |= _is_closed(body, reader.found.root)
    return reader.found


def unpacked(body: bytes) -> tuple[bytes, bool]:
    """Return a body without its gzip, as far as it can be read, and whether that is to its end.

    What is larger than ``MAX_BYTES`` is read so far on purpose.
    """
    if not body.startswith(_GZIP):
        return body, True
    found = unpack(body, b"gzip", MAX_BYTES)
    return found.body, not isinstance(found.error, (Truncated, Undecodable))


def _is_closed(body: bytes, root: str) -> bool:
    """Whether the last end tag is that of the root: then what the parser left is not well-formed."""
    last = _END_TAG.match(body, max(body.rfind(b"</"), 0))
    return last is not None and last["name"].lower() == root.encode()


class _Reader:
    """The target of lxml's parser."""

    def __init__(self, names: frozenset[str], wanted: frozenset[str]) -> None:
        self.found = Records()
        self._names = names
        self._wanted = wanted
        self._leaves = frozenset(path.rpartition("/")[2] for path in wanted)
        self._path: list[str] = []
        self._elements = 0
        self._record: list[Field] | None = None
        self._base = 1
        self._field: tuple[int, str, Mapping[str, str]] | None = None
        self._text: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        path = self._path
        if self._elements > MAX_ELEMENTS or len(path) >= MAX_DEPTH:
            raise _Enough
        name = tag.rpartition("}")[2]
        if not path:
            self.found.root = name.lower()
        path.append(name)
        if self._record is None and name in self._names:
            if len(self.found.records) >= MAX_RECORDS:
                raise _Enough
            self._record, self._base = [], len(path)
            self.found.records.append(self._record)
        elif name in self._leaves and (where := "/".join(path[self._base :])) in self._wanted:
            self._field = len(path), where, dict(attributes) if attributes else {}
            self._text, self._length = [], 0

    def data(self, text: str) -> None:
        if self._field is not None and self._length < MAX_TEXT:
            self._text.append(text[: MAX_TEXT - self._length])
            self._length += len(text)

    def end(self, tag: str) -> None:
        del tag
        depth = len(self._path)
        if self._field is not None and self._field[0] == depth:
            _, where, attributes = self._field
            into = self.found.outside if self._record is None else self._record
            if len(into) < MAX_FIELDS:
                into.append(Field(where, "".join(self._text).strip(), attributes))
            self._field = None
        if self._record is not None and depth == self._base:
            self._record, self._base = None, 1
        self._path.pop()
        self.found.whole = not self._path

    def close(self) -> None:
        """Called at the end of the document, and where the parser gives up."""

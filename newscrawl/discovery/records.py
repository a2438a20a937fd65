"""Flat records out of an XML document that nobody vouches for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from newscrawl.discovery.scanning import Scanner, attributes_of, cleaned, referred
from newscrawl.outcomes import Truncated, Undecodable
from newscrawl.unpacking import unpack
from newscrawl.url_parts import resolve

MAX_RECORDS = 50_000
"""The sitemap protocol's own limit; what is beyond it is counted, not read."""
MAX_ELEMENTS = 2_000_000
MAX_DEPTH = 100
MAX_TEXT = 4096
"""Characters of one field."""
MAX_SOURCE = 6 * MAX_TEXT
"""Characters of one field before its references are resolved."""
MAX_FIELDS = 50
"""Fields of one record with the same path."""
MAX_BYTES = 50 * 1024 * 1024
"""Bytes after decompression: the sitemap protocol's own limit."""
MAX_PACKED = 3
"""How many times a file may be packed."""
PAGES = frozenset({"html", "head", "body", "script"})
"""Elements of web pages: what follows one of them is no sitemap or feed."""

_GZIP = b"\x1f\x8b"
_END_TAG = re.compile(r"</(?:[^\s:>]*:)?(?P<name>[^\s:>]+)\s*>")
_ENTITY = re.compile(r"<!ENTITY\s+([^\s%<>\"']{1,100})", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_AROUND = " \t\r\n\u200b\ufeff"
BASE = "xml:base"


class Field(NamedTuple):
    """A leaf of a record; ``path`` has the local names below the record, joined by slashes.

    Names of attributes are in small letters. ``base`` is what ``xml:base`` says, joined.
    """

    path: str
    text: str
    attributes: Mapping[str, str]
    base: str = ""


@dataclass(slots=True)
class Records:
    """The records of a document, and the wanted fields that are in none of them.

    One that ends within its root is not ``whole``; ``left_out`` are records beyond a limit.
    """

    root: str = ""
    records: list[list[Field]] = field(default_factory=list)
    outside: list[Field] = field(default_factory=list)
    whole: bool = False
    left_out: int = 0


class _Enough(Exception):  # noqa: N818 - it is no error, the rest is left unread
    pass


class _NoDocument(Exception):  # noqa: N818 - nor is this
    pass


def read_records(
    text: str, names: Collection[str], wanted: Collection[str], roots: Collection[str]
) -> Records:
    """Return the elements called one of ``names`` with those of their fields that are wanted.

    ``wanted`` are paths below a record, and for what stands outside of all records below
    the root, which is the first element called one of ``roots``; where there is none, the first
    of all. Names count without their namespace and in any letters. Entities that the document
    declares are not resolved, nothing is loaded; a fault costs only what stands in it.
    """
    text = cleaned(text)
    reader = _Reader(names, wanted, roots)
    scanner = Scanner(text, reader, reader.known)
    found = reader.found
    try:
        scanner.run()
    except _Enough:
        found.whole = True
        found.left_out = _count(text, names, scanner.at)
    except _NoDocument:
        pass
    found.whole |= _is_closed(text, found.root)
    return found


def unpacked(body: bytes) -> tuple[bytes, bool]:
    """Return a body without its gzip, as far as it can be read, and whether that is to its end.

    What is larger than ``MAX_BYTES`` is read so far on purpose.
    """
    whole = True
    for _ in range(MAX_PACKED):
        if not body.startswith(_GZIP):
            break
        found = unpack(body, b"gzip", MAX_BYTES)
        body = found.body
        whole &= not isinstance(found.error, (Truncated, Undecodable))
    return body, whole


def is_full(body: bytes) -> bool:
    """Whether an unpacked body may have been longer than what is read."""
    return len(body) >= MAX_BYTES


def _count(text: str, names: Collection[str], start: int) -> int:
    tags = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(names)})(?=[\s>/])", re.IGNORECASE)
    return sum(1 for _ in tags.finditer(text, start))


def _is_closed(text: str, root: str) -> bool:
    """Whether the last end tag is that of the root, whatever is open before it."""
    last = _END_TAG.match(text, max(text.rfind("</"), 0))
    return last is not None and last["name"].lower() == root


class _Reader:
    """The target of a scanner.

    An end tag closes all that is open within its element; one without a start tag is ignored.
    A record ends where the next one begins, and so does a field.
    """

    def __init__(
        self, names: Collection[str], wanted: Collection[str], roots: Collection[str]
    ) -> None:
        self.found = Records()
        self._names = frozenset(names)
        self._roots = frozenset(roots)
        self._wanted = {path.lower(): path for path in wanted}
        self._leaves = frozenset(path.rpartition("/")[2] for path in self._wanted)
        self.known = self._leaves | self._names | self._roots
        self._declared: set[str] = set()
        self._path: list[str] = []
        self._bases: list[str] = []
        self._elements = 0
        self._in_root = False
        self._record: list[Field] | None = None
        self._level = 1
        self._field: Field | None = None
        self._field_level = 0
        self._text: list[str] = []
        self._length = 0
        self._source = 0
        self._taken: Counter[str] = Counter()
        self._taken_outside: Counter[str] = Counter()

    def start(self, tag: str, attributes: str) -> None:
        self._elements += 1
        name = tag.rpartition(":")[2].lower()
        path = self._path
        if self._elements > MAX_ELEMENTS or len(path) >= MAX_DEPTH:
            raise _Enough
        if not path and not self._is_root(name):
            return
        if self._field is not None and (name in self._leaves or name in self._names):
            self._close(self._field_level)
        if name in self._names and self._record is not None and len(path) == self._level:
            self._close(self._level)
        path.append(name)
        self._bases.append(self._base(attributes))
        if self._record is None and name in self._names:
            self._begin()
        elif name in self._leaves and self._field is None:
            where = self._wanted.get("/".join(path[self._level :]))
            if where is not None:
                self._open(where, attributes)

    def _is_root(self, name: str) -> bool:
        found = self.found
        if name in self._roots:
            found.root, found.whole, self._in_root = name, False, True
            return True
        if not self._in_root:
            found.root = found.root or name
            if name in PAGES:
                raise _NoDocument
        return False

    def _base(self, attributes: str) -> str:
        base = self._bases[-1] if self._bases else ""
        if BASE in attributes:
            try:
                joined = resolve(base, referred(dict(attributes_of(attributes)).get(BASE, "")))
                return joined if len(joined) <= MAX_TEXT else base
            except ValueError:
                return base
        return base

    def _begin(self) -> None:
        if len(self.found.records) >= MAX_RECORDS:
            raise _Enough
        self._record, self._level = [], len(self._path)
        self._taken.clear()
        self.found.records.append(self._record)

    def _open(self, where: str, attributes: str) -> None:
        values = {
            name: referred(value, self._declared) for name, value in attributes_of(attributes)
        }
        self._field = Field(where, "", values, self._bases[-1])
        self._field_level = len(self._path)
        self._text, self._length, self._source = [], 0, 0

    def data(self, text: str, start: int, stop: int, *, literal: bool) -> None:
        if self._field is None or self._source >= MAX_SOURCE:
            return
        piece = text[start : min(stop, start + MAX_SOURCE - self._source)]
        self._source += len(piece)
        if not literal:
            piece = referred(piece, self._declared)
        self._text.append(piece[: MAX_TEXT - self._length])
        self._length += len(self._text[-1])

    def doctype(self, text: str) -> None:
        if not self._path and not self._in_root and _PAGE.match(text):
            self.found.root = "html"
            raise _NoDocument
        self._declared.update(_ENTITY.findall(text))

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2].lower()
        for level in range(len(self._path), 0, -1):
            if self._path[level - 1] == name:
                self._close(level)
                return

    def _close(self, level: int) -> None:
        """Close the element of a level, with all that is open in it."""
        del self._path[level - 1 :], self._bases[level - 1 :]
        if self._field is not None and self._field_level >= level:
            self._keep(self._field)
            self._field = None
        if self._record is not None and self._level >= level:
            self._record, self._level = None, 1
        self.found.whole = not self._path

    def _keep(self, field: Field) -> None:
        is_outside = self._record is None
        into = self.found.outside if self._record is None else self._record
        taken = self._taken_outside if is_outside else self._taken
        taken[field.path] += 1
        if taken[field.path] <= MAX_FIELDS:
            into.append(field._replace(text="".join(self._text).strip(_AROUND).strip()))

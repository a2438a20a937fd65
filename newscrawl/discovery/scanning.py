"""Tags and text of XML, however broken: a fault costs only what stands in it.

Parsers of XML stop at the first fault. libxml2 can be told to go on, but from then on it drops
every reference: ``?p=12&amp;x=1`` becomes ``?p=12x=1``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import unescape
from html.entities import html5
from typing import Protocol

MAX_REPAIRS = 1000
"""Tags of one document that are read though they are not well-formed."""
MAX_VALUE = 4096

_CDATA, _COMMENT = "<![CDATA[", "<!--"
_NAME = r"[^\W\d][^\s<>/=\"']*+"
_TAG = re.compile(
    rf"<(/)?({_NAME})"
    r"((?:\s+[^\s=<>\"'/]++\s*=\s*(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>]++))*+)\s*(/)?>"
)
_OPENING = re.compile(rf"<({_NAME})")
_QUOTED = rf"\"[^\"]{{0,{MAX_VALUE}}}\"|'[^']{{0,{MAX_VALUE}}}'"
_SLIPS = (
    re.compile(rf"<({_NAME})([^<>]*+)>"),
    re.compile(rf"<({_NAME})((?:[^<>\"']|{_QUOTED})*+)>"),
)
"""A tag without some value or without the end of one, and one with ``<`` in a value."""
_ATTRIBUTE = re.compile(
    r"(?<![^\s\"'])([^\s=<>\"'/]++)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|\"?([^\s\"'<>]+))"
)
_ASIDE = re.compile(r"<\?[^<>]*+>|<![A-Za-z][^<>\[]*+(?:>|(\[))")
_END_OF_DOCTYPE = "]>"
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{0,31}));")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Target(Protocol):
    """Takes what is found, with names as they are written."""

    def start(self, name: str, attributes: str) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str, start: int, stop: int, *, literal: bool) -> None:
        """Take the text between two places; ``literal`` has no references in it."""

    def doctype(self, text: str) -> None: ...


def cleaned(text: str) -> str:
    """Return a text without the characters that XML does not have."""
    return _CONTROL.sub("", text)


def referred(text: str, without: Collection[str] = ()) -> str:
    """Return a text with its references resolved, those of XML and of HTML.

    What has no semicolon is no reference: ``?a=1&copy=2`` stays as it is. Names ``without`` a
    meaning are left out; other unknown ones stay as they are.
    """

    def meaning(found: re.Match[str]) -> str:
        name = found[1]
        if name is None or f"{name};" in html5:
            return _CONTROL.sub("", unescape(found[0]))
        return "" if name in without else found[0]

    return _REFERENCE.sub(meaning, text) if "&" in text else text


def attributes_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a tag, the names in small letters."""
    for found in _ATTRIBUTE.finditer(text):
        name, *values = found.groups("")
        yield name.lower(), "".join(values)


class Scanner:
    """Tells a target what stands in a text; ``at`` is how far it has come.

    ``<`` that begins no tag is text. A faulty tag counts if its name is one of ``known``.
    """

    def __init__(self, text: str, target: Target, known: Collection[str]) -> None:
        self.at = 0
        self._text = text
        self._target = target
        self._known = known
        self._repairs = 0
        self._ends: dict[str, int] = {}

    def run(self) -> None:
        text, target = self._text, self._target
        find, match = text.find, _TAG.match
        stop = 0
        while (start := find("<", stop)) >= 0:
            if start > stop:
                target.data(text, stop, start, literal=False)
            self.at = start
            tag = match(text, start)
            if tag is None:
                stop = self._other(start)
                continue
            stop = tag.end()
            is_end, name, attributes, is_empty = tag.groups()
            if not is_end:
                target.start(name, attributes)
            if is_end or is_empty:
                target.end(name)
        target.data(text, stop, len(text), literal=False)

    def _other(self, start: int) -> int:
        """Read what is no well-formed tag; return where it ends."""
        text = self._text
        if text.startswith(_COMMENT, start):
            end = self._next("-->", start + len(_COMMENT))
            return start + len(_COMMENT) if end < 0 else end + 3
        if text.startswith(_CDATA, start):
            return self._cdata(start + len(_CDATA))
        aside = _ASIDE.match(text, start)
        if aside is not None:
            return self._aside(aside)
        return self._slip(start)

    def _cdata(self, start: int) -> int:
        """A section that does not end, or in which another begins, is a mark that means nothing."""
        end = self._next("]]>", start)
        if end < 0 or self._text.find(_CDATA, start, end) >= 0:
            return start
        self._target.data(self._text, start, end, literal=True)
        return end + 3

    def _aside(self, aside: re.Match[str]) -> int:
        end = aside.end()
        if aside[1]:
            inside = self._next(_END_OF_DOCTYPE, end)
            end = end if inside < 0 else inside + len(_END_OF_DOCTYPE)
        if aside[0].startswith("<!"):
            self._target.doctype(self._text[aside.start() : end])
        return end

    def _slip(self, start: int) -> int:
        for pattern in _SLIPS if self._repairs < MAX_REPAIRS and self._is_known(start) else ():
            self._repairs += 1
            tag = pattern.match(self._text, start, start + 4 * MAX_VALUE)
            if tag is not None:
                self._target.start(tag[1], tag[2])
                if tag[2].endswith("/"):
                    self._target.end(tag[1])
                return tag.end()
        self._target.data(self._text, start, start + 1, literal=True)
        return start + 1

    def _is_known(self, start: int) -> bool:
        named = _OPENING.match(self._text, start)
        return named is not None and named[1].rpartition(":")[2].lower() in self._known

    def _next(self, mark: str, start: int) -> int:
        """Return where a mark stands next; each part of the text is searched once."""
        found = self._ends.get(mark, 0)
        if 0 <= found < start:
            found = self._ends[mark] = self._text.find(mark, start)
        return found

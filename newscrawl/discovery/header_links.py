"""Links in the header ``Link`` of an answer (RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MAX_HEADER = 20_000
"""Characters of one header that are read."""
_TARGET = re.compile(r"<([^<>]*)>")
_PARAMETER = re.compile(
    r"""\s*;\s*([\w!#$&+.^`|~*-]*)\s*(?:=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s;,"']*))?"""
)


class HeaderLink(NamedTuple):
    """A link as it stands: ``rels`` in lower case; with an ``anchor`` it is of another page."""

    target: str
    rels: list[str]
    anchor: str | None


def header_links(values: Iterable[str]) -> Iterator[HeaderLink]:
    """Yield the links of all ``Link`` headers in order; what is malformed is passed over."""
    for value in values:
        text, at = value[:MAX_HEADER], 0
        while (target := _TARGET.search(text, at)) is not None:
            parameters, at = _parameters(text, target.end())
            rels = parameters.get("rel", "").lower().split()
            yield HeaderLink(target[1].strip(), rels, parameters.get("anchor"))


def _parameters(text: str, at: int) -> tuple[dict[str, str], int]:
    """Return the parameters from a place on, the first of each name, and where they end."""
    found: dict[str, str] = {}
    while (match := _PARAMETER.match(text, at)) is not None:
        value = match[2] or ""
        if value[:1] in {'"', "'"}:
            value = value[1:-1]
        found.setdefault(match[1].lower(), value)
        at = match.end()
    return found, at

"""The shape of a URL: what is left of it without what differs among pages of one kind."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_DIGIT = re.compile(r"\d")
_SLUG = 24
"""Characters from which a part of a path is a slug, also without a hyphen."""

REMEMBERED = 4096
"""Addresses whose shape is known: those of a menu stand on each page."""


@lru_cache(maxsize=REMEMBERED)
def shape_of(url: str) -> str:
    """Return the shape of a URL, which looks like ``/archive/#/*?month,year``.

    Numbers, slugs and the values of a query are left out.
    """
    parts = urlsplit(url)
    return shape(parts.path, parts.query)


def shape(path: str, query: str) -> str:
    """Return the shape of a path and its query, as :func:`shape_of` does."""
    kinds: list[str] = []
    for part in path.split("/"):
        kind = _kind(part)
        if not kind or kinds[-1:] != [kind]:
            kinds.append(kind)
    names = sorted({each.partition("=")[0] for each in query.split("&") if each})
    return "/".join(kinds) + (f"?{','.join(names)}" if names else "")


def _kind(part: str) -> str:
    if _DIGIT.search(part):
        return "#"
    return "*" if "-" in part or "%" in part or len(part) >= _SLUG else part

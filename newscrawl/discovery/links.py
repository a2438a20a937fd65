"""Links of a page, each with the role it plays there."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class LinkKind(StrEnum):
    """What a link is for, judged by where it stands on its page."""

    CATEGORY = "category"
    PAGINATION = "pagination"
    ARTICLE = "article"
    RELATED = "related"
    PREVNEXT = "prevnext"
    TAG = "tag"
    AUTHOR = "author"
    PART = "part"


class Link(NamedTuple):
    """An absolute URL, as written on the page apart from its base, and its role."""

    url: str
    kind: LinkKind
    text: str = ""


STRONGEST_FIRST = (
    LinkKind.PART,
    LinkKind.PAGINATION,
    LinkKind.ARTICLE,
    LinkKind.PREVNEXT,
    LinkKind.RELATED,
    LinkKind.CATEGORY,
    LinkKind.AUTHOR,
    LinkKind.TAG,
)


def strongest(links: Iterable[Link]) -> list[Link]:
    """One link a URL, where it stands first, in its strongest role and with the first text."""
    rank = {kind: place for place, kind in enumerate(STRONGEST_FIRST)}
    best: dict[str, Link] = {}
    for link in links:
        known = best.get(link.url)
        if known is None or (rank[link.kind], not link.text) < (rank[known.kind], not known.text):
            best[link.url] = link
    return list(best.values())

"""Links of a page, each with the role it plays there."""

from __future__ import annotations

from enum import IntFlag, StrEnum, auto
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


class Way(IntFlag):
    """How a URL was found, the strongest way first.

    The order makes ``found_via`` independent of the order of crawling: of all the
    ways to an article the strongest counts, whichever was found first.
    """

    SEED = auto()
    CATEGORY = auto()
    PAGINATION = auto()
    RELATED = auto()
    PREVNEXT = auto()
    ARTICLE = auto()
    AUTHOR = auto()
    TAG = auto()
    PART = auto()
    SITEMAP = auto()
    FEED = auto()
    API = auto()
    REDIRECT = auto()

    @property
    def strongest(self) -> Way:
        """Return the strongest of several ways."""
        return Way(self & -self)

    @property
    def label(self) -> str:
        """The name of a single way, as it stands in the dataset."""
        return (self.name or "").lower()


LISTED = Way.SEED | Way.CATEGORY | Way.PAGINATION | Way.AUTHOR | Way.TAG
LINKED = Way.RELATED | Way.PREVNEXT | Way.ARTICLE
"""Ways by listings and by other articles: two samples of a site that know little of each other."""
PUBLISHED = Way.SITEMAP | Way.FEED | Way.API
"""Ways by what the site itself says it has."""


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

"""Links of a page, each with the role it plays there."""

from __future__ import annotations

from enum import IntFlag, StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Iterable


class LinkKind(StrEnum):
    """What a link is for, judged by where it stands on its page."""

    CATEGORY = "category"
    """To a section."""
    PAGINATION = "pagination"
    """To another page of the same listing; taken from listings only."""
    ARTICLE = "article"
    """To an article, from a listing."""
    RELATED = "related"
    """To an article, from another one."""
    PREVNEXT = "prevnext"
    """To the article before or after this one."""
    TAG = "tag"
    """To the listing of a tag: visited when all else is done, and only so many a run."""
    AUTHOR = "author"
    """To the listing of an author, as for a tag."""
    PART = "part"
    """To another page of the same article: read with it, not followed."""


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
    ARCHIVE = auto()

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
    """In the links of a site's own page object it may count from the address of the page."""
    kind: LinkKind
    text: str = ""
    """White space folded; empty where it is not known."""


def absolute(links: Iterable[Link], page: str) -> list[Link]:
    """The links with addresses that count from that of their page made whole."""
    return [
        link if link.url.startswith("http") else link._replace(url=urljoin(page, link.url))
        for link in links
    ]


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
RANKS = {kind: place for place, kind in enumerate(STRONGEST_FIRST)}


def strongest(links: Iterable[Link]) -> list[Link]:
    """One link a URL, where it stands first, in its strongest role and with the first text."""
    best: dict[str, Link] = {}
    for link in links:
        known = best.setdefault(link[0], link)
        if known is not link and (RANKS[link.kind], not link.text) < (
            RANKS[known.kind],
            not known.text,
        ):
            best[link.url] = link
    return list(best.values())

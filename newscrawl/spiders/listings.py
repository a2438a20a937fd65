"""The pages of listings: which page follows one, and how far they are walked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscrawl.addresses.admission import Gate
from newscrawl.discovery.links import Link, LinkKind
from newscrawl.discovery.load_more import next_numbered
from newscrawl.pages.fields.parts import numbered

MAX_LISTING_PAGE = 10_000
"""Number of a page of a listing beyond which none is followed: no archive is read so far."""
LISTING_PAGE = re.compile(r"(?:/page/|[?&](?:paged?|pg|seite|p)=)(?P<number>\d{1,18})")
MAX_WALKED = 1000
"""Listings whose pages are told apart by what they list."""


class Listings:
    """What the pages of each listing have listed in this run."""

    def __init__(self) -> None:
        self._walked: dict[str, set[str]] = {}

    def unnamed(self, links: Iterable[Link], url: str) -> Iterable[Link]:
        """Yield the page that follows a listing which has more and does not name it.

        There is none where a page after it is named, nor where it lists only articles that the
        pages before it did.
        """
        following = next_numbered(url)
        if following is not None and self._may_go_on(links, url):
            yield Link(following, LinkKind.PAGINATION)

    def _may_go_on(self, links: Iterable[Link], url: str) -> bool:
        stem, here = numbered(url)
        if any(
            link.kind is LinkKind.PAGINATION and numbered(link.url)[1] >= here for link in links
        ):
            return False
        if len(self._walked) >= MAX_WALKED:
            self._walked.clear()
        walked = self._walked.setdefault(stem, set())
        articles = {link.url for link in links if link.kind is LinkKind.ARTICLE}
        is_fresh = not articles <= walked
        walked |= articles
        return is_fresh


def next_pages(links: Iterable[Link], url: str, gate: Gate) -> list[str]:
    """Return the identity of the page that follows a listing page, as a list of one or none."""
    number = _number(url)
    following = (
        gate.within(link.url)
        for link in links
        if link.kind is LinkKind.PAGINATION and _number(link.url) == number + 1
    )
    return sorted({address.identity for address in following if address is not None})


def _number(url: str) -> int:
    """Return the number of a page of a listing, also as ``?p=2``, which elsewhere names a page."""
    number = numbered(url)[1]
    found = LISTING_PAGE.search(url) if number == 1 else None
    return number if found is None else int(found["number"])


def is_far(url: str) -> bool:
    """Whether a page of a listing is too far from its beginning to be followed."""
    found = LISTING_PAGE.search(url)
    return found is not None and int(found["number"]) > MAX_LISTING_PAGE

"""What the head of a page offers beside it: feeds and the REST API."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.discovery.header_links import header_links
from newscrawl.url_parts import resolve

MAX_FEEDS = 20
MAX_HTML = 1024 * 1024
"""Characters in which the head is looked for."""
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
    }
)
API = "https://api.w.org/"

_COMMENTS = re.compile(
    r"/comments?/(?:feed|rss|atom)|[?&]feed=comments|comments?\.(?:rss|xml|atom)"
)
_PARSER = etree.HTMLParser(encoding="utf-8", no_network=True)


class Alternates(NamedTuple):
    """Absolute addresses, each once, as the page offers them."""

    feeds: list[str]
    api: str | None


def read_alternates(html: str, url: str, headers: Iterable[str] = ()) -> Alternates:
    """Return what the page at ``url`` offers, and its ``Link`` ``headers``.

    Feeds that say that they are of comments are left out; those of an article's comments
    do not, but stand under its address (:func:`is_below`).
    """
    links = list(_links(html))
    feeds = [
        feed
        for rel, kind, href in links
        if "alternate" in rel and kind in FEED_TYPES and (feed := _absolute(href, url))
    ]
    apis = [href for rel, _, href in links if API in rel]
    apis += [link.target for link in header_links(headers) if API in link.rels]
    api = next((found for href in apis if (found := _absolute(href, url))), None)
    kept = [feed for feed in dict.fromkeys(feeds) if not _COMMENTS.search(feed.lower())]
    return Alternates(kept[:MAX_FEEDS], api)


def is_below(feed: str, url: str) -> bool:
    """Whether a feed stands under the address of a page that is not the front page."""
    page = urlsplit(url).path.rstrip("/")
    return bool(page) and urlsplit(feed).path.startswith(f"{page}/")


def _links(html: str) -> Iterable[tuple[list[str], str, str]]:
    text = html[:MAX_HTML].replace("\x00", "").encode("utf-8", "replace")
    try:
        # lxml returns None where nothing is left of the text, whatever its types say
        root: Any = etree.fromstring(text, _PARSER)
    except (etree.LxmlError, ValueError):
        return
    if root is None:
        return
    for link in root.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        yield rel, kind, (link.get("href") or "").strip()


def _absolute(href: str, base: str) -> str | None:
    try:
        url = resolve(base, href)
        return url if href and urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None

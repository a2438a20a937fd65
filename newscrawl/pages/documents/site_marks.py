"""What a page's markup calls the site itself: never the headline of a story."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.pages.documents.document import Element, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.pages.documents.document import Document

NAMED = re.compile(
    r"(?:^|[\s_-])(?:web-?)?site[_-]?(?:title|name|logo|branding)(?:$|[\s_-])"
    r"|(?:^|\s)(?:(?:custom-)?logo|blogname|navbar-brand)(?:$|\s|__?|-(?:link|text|title|name))",
    re.IGNORECASE,
)
NAMED_BY = ("site", "logo", "blogname", "brand")
LINES = re.compile(
    r"(?:^|[\s_-])(?:site|blog|web-?site)[_-]?(?:description|tagline|slogan)(?:$|[\s_-])",
    re.IGNORECASE,
)
LINES_BY = ("description", "tagline", "slogan")
FEED_MARK = "»"
"""Of WordPress: "The Post » Feed"."""
PAGE = frozenset({"html", "body"})
STORY = frozenset({"article", "main"})
MAX_AROUND = 50
AROUND = 2
"""Elements around a heading that may mark it."""
INSIDE = 4
MAX_MARKED = 20
MAX_NAME = 200
SLASHES = 2
"""Of an address without a path."""


def marked_names(document: Document) -> Iterator[str]:
    """The texts of what is marked as the site's title, of links home, and the names of feeds."""
    marked = [each for each in document.by_classes(NAMED, *NAMED_BY) if stands_apart(each)]
    homes = [each for each in document.related if each.tag == "a" and each.get("rel") == "home"]
    for each in (*marked[:MAX_MARKED], *homes[:MAX_MARKED]):
        if each.tag not in PAGE and len(text := text_of(each)) <= MAX_NAME:
            yield text
    for title in islice(feed_titles(document), MAX_MARKED):
        name, mark, _ = title.partition(FEED_MARK)
        if mark:
            yield name


def feed_titles(document: Document) -> Iterator[str]:
    for each in document.tagged("link"):
        kind, title = each.get("type") or "", each.get("title")
        if title is not None and ("rss" in kind or "atom" in kind):
            yield title


def stands_apart(element: Element) -> bool:
    """Whether an element is none of a story's."""
    return all(each.tag not in STORY for each in islice(element.iterancestors(), MAX_AROUND))


def marked_lines(document: Document) -> Iterator[str]:
    """What the site says of itself below its title."""
    for each in document.by_classes(LINES, *LINES_BY)[:MAX_MARKED]:
        if len(text := text_of(each)) <= MAX_NAME:
            yield text


def is_marked(document: Document, heading: Element) -> bool:
    """Whether a heading is marked as the site's title, or leads to the front page."""
    around = [
        *islice(heading.iter("*"), INSIDE),
        *(each for each in islice(heading.iterancestors(), AROUND) if each.tag not in PAGE),
    ]
    if any(NAMED.search(each.get(name) or "") for each in around for name in ("class", "id")):
        return True
    text = text_of(heading)
    links = [each for each in around if each.tag == "a" and text_of(each) == text]
    return any(
        "home" in (each.get("rel") or "") or leads_home(document, each.get("href") or "")
        for each in links
    )


def leads_home(document: Document, href: str) -> bool:
    url = document.absolute(href)
    if url is None or url.rstrip("/").count("/") > SLASHES:
        return False
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query and document.is_own(url)

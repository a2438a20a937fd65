"""What tags, class names and ids say about a region of a page, and which may begin within which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.discovery.links import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Place(Enum):
    """A region of a page: what its links are for, and whether only headlines count there.

    In the main part the picture of a teaser counts too: it may link elsewhere than the headline.
    """

    UNKNOWN = (0, None, False)
    BLOCKED = (1, None, False)
    BODY = (2, None, False)
    MAIN = (3, LinkKind.ARTICLE, True)
    RELATED = (4, LinkKind.RELATED, True)
    ASIDE = (5, LinkKind.RELATED, True)
    RECENT = (6, LinkKind.RELATED, False)
    MENU = (7, LinkKind.CATEGORY, False)
    SECTIONS = (8, LinkKind.CATEGORY, False)
    CRUMBS = (9, LinkKind.CATEGORY, False)
    PAGES = (10, LinkKind.PAGINATION, False)
    PARTS = (11, LinkKind.PART, False)
    PREVNEXT = (12, LinkKind.PREVNEXT, False)
    TAGS = (13, LinkKind.TAG, False)
    CLOUD = (14, LinkKind.TAG, False)
    AUTHORS = (15, LinkKind.AUTHOR, False)

    def __init__(self, order: int, kind: LinkKind | None, headlines: bool) -> None:
        self.order = order
        self.kind = kind
        self.headlines = headlines

    __hash__ = object.__hash__


@dataclass(frozen=True, eq=False)
class Layout:
    """How a family of sites marks its regions: exact class names and ids, else tags and words."""

    tokens: Mapping[str, Place]
    tags: Mapping[str, Place]
    words: Mapping[str, Place]
    outside: Place
    """The place of what no mark surrounds."""


TAGS: Mapping[str, Place] = {
    "nav": Place.MENU,
    "header": Place.MENU,
    "aside": Place.ASIDE,
    "footer": Place.UNKNOWN,
    "main": Place.MAIN,
    "form": Place.BLOCKED,
    "noscript": Place.BLOCKED,
    "template": Place.BLOCKED,
    "dialog": Place.BLOCKED,
}
WORDS: Mapping[str, Place] = {
    word: place
    for place, words in (
        (
            Place.BLOCKED,
            """
                comment comments respond disqus share sharing social socials
                newsletter subscribe login signin account cookie consent ad ads
                advert advertisement sponsored toc skip copyright legal cart
                search
                """,
        ),
        (Place.CRUMBS, "breadcrumb breadcrumbs"),
        (Place.PAGES, "pagination pager paging paginator pagenavi"),
        (Place.TAGS, "tags taglist tagcloud keywords topics"),
        (Place.AUTHORS, "author authors byline"),
        (
            Place.RELATED,
            "related recommended recommendations trending popular mostread readnext",
        ),
        (Place.SECTIONS, "category categories kicker"),
        (Place.MENU, "nav navbar menu navigation subnav topnav"),
        (Place.ASIDE, "sidebar rail widget widgets"),
        (Place.UNKNOWN, "footer"),
    )
    for word in words.split()
}
"""First or last words of class names and ids, the stronger place first."""
STRENGTH = {place: rank for rank, place in enumerate(dict.fromkeys(WORDS.values()))}
GENERIC = Layout(tokens={}, tags=TAGS, words=WORDS, outside=Place.MAIN)

RELS: Mapping[str, Place] = {
    "tag": Place.TAGS,
    "author": Place.AUTHORS,
    "next": Place.PREVNEXT,
    "prev": Place.PREVNEXT,
}
PAGE_TAGS = frozenset({"html", "body"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
RUNNING = frozenset({"p", "figcaption"})
POST_CLASSES = frozenset({"hentry", "type-post"})
"""On these WordPress's ``post_class()`` lists the post's own categories and tags."""
STATES = frozenset({"has", "no", "with", "is", "not", "show", "hide", "js", "without"})
WORD = re.compile(r"[a-z]+")
IN_BODY = frozenset(
    {Place.BLOCKED, Place.RELATED, Place.PARTS, Place.PAGES, Place.TAGS, Place.PREVNEXT}
)


KEPT = frozenset(
    {
        (Place.TAGS, Place.SECTIONS),
        (Place.PREVNEXT, Place.PAGES),
        (Place.PREVNEXT, Place.PARTS),
    }
)
"""What a link's ``rel`` does not change: WordPress's block of categories marks each as a tag."""


class Mark(NamedTuple):
    """What an element says by itself: by its class names or id, else by its tag."""

    place: Place | None
    exact: bool
    tagged: Place | None
    headline: bool
    running: bool


def marked(
    layout: Layout, tag: str, classes: str | None, name: str | None, rel: str | None
) -> Mark | None:
    """What the tag, the class names, the id and the ``rel`` of an element say, if anything."""
    if tag in PAGE_TAGS:
        return None
    place, exact = rel_place(rel or ""), True
    if place is None:
        place, exact = named_place(layout, classes or "", name or "")
    if not exact and tag == "article":
        place = None
    mark = Mark(place, exact, layout.tags.get(tag), tag in HEADINGS, tag in RUNNING)
    return mark if any(mark) else None


def named_place(layout: Layout, classes: str, name: str) -> tuple[Place | None, bool]:
    """The place that class names and an id stand for, and whether a theme says so exactly."""
    tokens = [*classes.split(), *name.split()]
    for token in tokens:
        if token in layout.tokens:
            return layout.tokens[token], True
    words = edge_words(map(str.lower, tokens)) if POST_CLASSES.isdisjoint(tokens) else set()
    found = (layout.words[word] for word in words if word in layout.words)
    return min(found, key=STRENGTH.__getitem__, default=None), False


def rel_place(rel: str) -> Place | None:
    """WordPress writes ``rel="category tag"`` on categories and ``rel="tag"`` on tags."""
    rels = rel.lower().split()
    if "category" in rels:
        return Place.SECTIONS
    return next((RELS[each] for each in rels if each in RELS), None)


def edge_words(tokens: Iterable[str]) -> set[str]:
    return {word for token in tokens for word in edges(token)}


@lru_cache(maxsize=16_384)
def edges(token: str) -> tuple[str, ...]:
    """The first and the last word of a name that tells no state."""
    parts = WORD.findall(token)
    return (parts[0], parts[-1]) if parts and parts[0] not in STATES else ()


@cache
def allowed(place: Place, outer: Place, link: bool = False) -> Place | None:
    """Whether a region may begin inside another one; a list of pages only in the main part."""
    if place is outer:
        return place
    if link and (place, outer) in KEPT:
        return None
    if outer is Place.BODY:
        allow = place in IN_BODY
    elif place in {Place.MAIN, Place.UNKNOWN}:
        allow = outer in {Place.MAIN, Place.UNKNOWN}
    elif place is Place.MENU:
        allow = outer not in {Place.PAGES, Place.PARTS, Place.CRUMBS, Place.PREVNEXT}
    elif place is Place.PAGES and outer in {Place.RELATED, Place.ASIDE}:
        return Place.BLOCKED
    elif place is Place.PAGES:
        allow = outer in {Place.MAIN, Place.UNKNOWN, Place.MENU}
    elif place is Place.TAGS and outer in {Place.ASIDE, Place.CLOUD, Place.MENU}:
        return Place.CLOUD
    else:
        allow = True
    return place if allow else None

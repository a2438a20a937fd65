"""Where a link stands on its page, and what it is for: read off its ancestors, once each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from newscrawl.discovery.links import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newscrawl.pages.document import Document, Element

MAX_LINKS = 2_000
"""Links taken from one page; the largest front pages hold some 1,500."""
HEADLINE_LENGTH = 25
"""Characters from which the text of a link outside a heading may be a headline."""
MAX_DEPTH = 400
"""Ancestors looked at; a link below more has no known place."""


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


class Placed(NamedTuple):
    """A link and where it stands; ``headline`` says that it is or holds a heading."""

    url: str
    place: Place
    kind: LinkKind
    text: str
    headline: bool
    anchor: Element


class Spot(NamedTuple):
    """What an element passes on to what is inside it; ``running`` is inside a paragraph."""

    place: Place
    headline: bool = False
    running: bool = False


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
        (Place.RELATED, "related recommended recommendations trending popular mostread readnext"),
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

RELS: Mapping[str, Place] = {"tag": Place.TAGS, "author": Place.AUTHORS}
PAGE_TAGS = frozenset({"html", "body"})
MAX_CLASSES = 300
"""Characters of a class attribute that are looked at."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
RUNNING = frozenset({"p", "figcaption"})
POST_CLASSES = frozenset({"hentry", "type-post"})
"""On these WordPress's ``post_class()`` lists the post's own categories and tags."""
STATES = frozenset({"has", "no", "with", "is", "not", "show", "hide", "js", "without"})
WORD = re.compile(r"[a-z]+")
WHOLE_PAGE = {
    Place.MENU: ("main", "article"),
    Place.ASIDE: ("main", "h1"),
    Place.RELATED: ("main", "h1"),
    Place.BLOCKED: ("main", "h1"),
    Place.UNKNOWN: ("main", "h1"),
    Place.SECTIONS: ("main", "h1", "h2"),
    Place.AUTHORS: ("main", "h1", "h2"),
    Place.TAGS: ("main", "h1"),
    Place.PAGES: ("main", "h1"),
    Place.CRUMBS: ("main", "article"),
}
"""What holds one of these is a wrapper named after a part of itself (``with-sidebar``)."""
IN_BODY = frozenset(
    {Place.BLOCKED, Place.RELATED, Place.PARTS, Place.PAGES, Place.TAGS, Place.PREVNEXT}
)


class Places:
    """The links of one document by place, in one pass over its anchors."""

    def __init__(
        self,
        document: Document,
        layout: Layout = GENERIC,
        body: Element | None = None,
        foreign: Iterable[Element] = (),
    ) -> None:
        self.document = document
        self.layout = layout
        self._named: set[tuple[str, Place]] = set()
        self._spots = dict.fromkeys(foreign, Spot(Place.BLOCKED))
        if body is not None:
            self._spots[body] = Spot(Place.BODY)

    def read(self) -> list[Placed]:
        placed: list[Placed] = []
        for anchor in self.document.anchors:
            if len(placed) == MAX_LINKS:
                break
            if (link := self._placed(anchor)) is not None:
                placed.append(link)
        return placed

    def _placed(self, anchor: Element) -> Placed | None:
        href = anchor.get("href") or "#"
        outer = None if href[0] == "#" else self.spot(anchor.getparent())
        if outer is None or outer.place is Place.BLOCKED:
            return None
        place, headline, running = self._enter(anchor, outer)
        if place.kind is None:
            return None
        url = self.document.absolute(href)
        if url is None or url == self.document.url or (url, place) in self._named:
            return None
        plain = len(anchor) == 0
        text = " ".join((anchor.text or "" if plain else "".join(anchor.itertext())).split())
        if place.headlines and not headline:
            headline = not plain and next(anchor.iter(*HEADINGS), None) is not None
            pictured = place is Place.MAIN and not (plain or text)
            if not headline and (running or (len(text) < HEADLINE_LENGTH and not pictured)):
                return None
        if text and (headline or not place.headlines):
            self._named.add((url, place))
        return Placed(url, place, place.kind, text, headline, anchor)

    def spot(self, element: Element | None) -> Spot:
        """Up to the nearest ancestor already known, then down again."""
        spots = self._spots
        path: list[Element] = []
        while element is not None and element not in spots and len(path) < MAX_DEPTH:
            path.append(element)
            element = element.getparent()
        if element is None:
            spot = Spot(self.layout.outside)
        else:
            spot = spots.get(element, Spot(Place.UNKNOWN))
        for each in reversed(path):
            spot = spots[each] = self._enter(each, spot)
        return spot

    def _enter(self, element: Element, outer: Spot) -> Spot:
        tag = cast("str", element.tag)
        if outer.place is Place.BLOCKED or tag in PAGE_TAGS:
            return outer
        place = self._place(element, tag, outer.place)
        if place is None and tag in self.layout.tags:
            place = self._tag_place(element, tag, outer.place)
        headline, running = tag in HEADINGS, tag in RUNNING
        if place is not None and place is not outer.place:
            return Spot(place, headline, running)
        if (headline and not outer.headline) or (running and not outer.running):
            return Spot(outer.place, outer.headline or headline, outer.running or running)
        return outer

    def _place(self, element: Element, tag: str, outer: Place) -> Place | None:
        if tag == "a" and (rel := element.get("rel")) and (place := rel_place(rel)):
            return allowed(place, outer)
        classes, name = element.get("class"), element.get("id")
        if not classes and not name:
            return None
        place, exact = marked(
            self.layout, (classes or "")[:MAX_CLASSES], (name or "")[:MAX_CLASSES]
        )
        if place is None:
            return None
        if not exact and (tag == "article" or holds(element, WHOLE_PAGE.get(place, ()))):
            return None
        return allowed(place, outer)

    def _tag_place(self, element: Element, tag: str, outer: Place) -> Place | None:
        if outer is Place.BODY:
            return None
        if tag == "header" and (outer is not self.layout.outside or holds(element, ("h1", "main"))):
            return None
        if tag == "form" and holds(element, ("h1", "main")):
            return None
        return allowed(self.layout.tags[tag], outer)


@lru_cache(maxsize=4096)
def marked(layout: Layout, classes: str, name: str) -> tuple[Place | None, bool]:
    """The place that class names and an id stand for, and whether a theme says so exactly.

    Remembered, since a site writes the same few hundred on all its pages.
    """
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
    words: set[str] = set()
    for token in tokens:
        parts = WORD.findall(token)
        if parts and parts[0] not in STATES:
            words |= {parts[0], parts[-1]}
    return words


def holds(element: Element, tags: tuple[str, ...]) -> bool:
    return bool(tags) and next(element.iter(*tags), None) is not None


def allowed(place: Place, outer: Place) -> Place | None:
    """Whether a region may begin inside another one; a list of pages only in the main part."""
    if place is outer:
        return place
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

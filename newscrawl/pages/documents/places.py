"""Where a link stands on its page, and what it is for: read off its ancestors, once each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import east_asian_width

from newscrawl.discovery.links import LinkKind
from newscrawl.pages.documents.document import STRING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newscrawl.pages.documents.document import Document, Element

MAX_LINKS = 2_000
"""Links taken from one page; the largest front pages hold some 1,500."""
HEADLINE_LENGTH = 25
"""Columns from which the text of a link outside a heading may be a headline."""
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

RELS: Mapping[str, Place] = {"tag": Place.TAGS, "author": Place.AUTHORS}
PAGE_TAGS = frozenset({"html", "body"})
MAX_NAMES = 300
"""Characters of a tag, a class attribute or an id that are looked at."""
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


BLOCKED = Place.BLOCKED
"""By a name of its own: an enumeration takes as long to give a member as a tree an attribute."""


class Mark(NamedTuple):
    """What an element says by itself: by its class names or id, else by its tag."""

    place: Place | None
    exact: bool
    tagged: Place | None
    headline: bool
    running: bool


class Places:
    """The links of one document by place; of its elements only those around a link are read."""

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
        self._marks: dict[tuple[str, str | None, str | None, str | None], Mark | None] = {}
        self._spots = dict.fromkeys(foreign, Spot(Place.BLOCKED))
        if body is not None:
            self._spots[body] = Spot(Place.BODY)

    def read(self) -> list[Placed]:
        placed: list[Placed] = []
        for anchor, href in self.document.anchors:
            if len(placed) == MAX_LINKS:
                break
            if href[0] != "#" and (link := self._placed(anchor, href)) is not None:
                placed.append(link)
        return placed

    def _placed(self, anchor: Element, href: str) -> Placed | None:
        outer = self.spot(anchor.getparent())
        if outer.place is BLOCKED:
            return None
        place, headline, running = self._inside(anchor, outer)
        if place.kind is None:
            return None
        url = self.document.absolute(href)
        if url is None or (url, place) in self._named or url == self.document.url:
            return None
        text = link_text(anchor)
        if place.headlines and not headline:
            plain = len(anchor) == 0
            headline = not plain and anchor in self._headed
            pictured = not (plain or text) and place is Place.MAIN
            if not headline and (running or (is_short(text) and not pictured)):
                return None
        if text and (headline or not place.headlines):
            self._named.add((url, place))
        return Placed(url, place, place.kind, text, headline, anchor)

    @cached_property
    def _headed(self) -> set[Element]:
        """Links around a heading."""
        headings = self.document.root.iter(*HEADINGS)
        return {link for heading in headings for link in heading.iterancestors("a")}

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
            spot = spots.get(element) or Spot(Place.UNKNOWN)
        for each in reversed(path):
            spot = spots[each] = self._inside(each, spot)
        return spot

    def _inside(self, element: Element, outer: Spot) -> Spot:
        if outer.place is BLOCKED:
            return outer
        tag: Any = element.tag
        classes, name = element.get("class"), element.get("id")
        key = (tag, classes, name, element.get("rel") if tag == "a" else None)
        try:
            mark = self._marks[key]
        except KeyError:
            mark = self._marks[key] = marked(
                self.layout,
                tag[:MAX_NAMES],
                classes and classes[:MAX_NAMES],
                name and name[:MAX_NAMES],
                key[3] and key[3][:MAX_NAMES],
            )
        return self._enter(element, mark, outer) if mark else outer

    def _enter(self, element: Element, mark: Mark, outer: Spot) -> Spot:
        place, exact, tagged, headline, running = mark
        if place is not None:
            named = exact or not self._holds(element, WHOLE_PAGE.get(place, ()))
            link = element.tag == "a"
            place = allowed(place, outer.place, link) if named else None
        if place is None and tagged is not None:
            place = self._tag_place(element, tagged, outer.place)
        if place is not None and place is not outer.place:
            return Spot(place, headline, running)
        if (headline and not outer.headline) or (running and not outer.running):
            return Spot(outer.place, outer.headline or headline, outer.running or running)
        return outer

    def _tag_place(self, element: Element, tagged: Place, outer: Place) -> Place | None:
        if outer is Place.BODY:
            return None
        if element.tag == "header" and (
            outer is not self.layout.outside or self._holds(element, ("main", "h1"))
        ):
            return None
        if element.tag == "form" and self._holds(element, ("main", "h1")):
            return None
        return allowed(tagged, outer)

    def _holds(self, element: Element, tags: tuple[str, ...]) -> bool:
        return bool(tags) and element in self.document.holders(*tags)


def link_text(anchor: Element) -> str:
    """All text, white space folded; most links hold no element, or one without any in it."""
    inside = len(anchor)
    if inside == 0:
        text = anchor.text or ""
    elif inside == 1 and len(only := anchor[0]) == 0 and isinstance(only.tag, str):
        text = f"{anchor.text or ''}{only.text or ''}{only.tail or ''}"
    else:
        text = str(STRING(anchor))
    return " ".join(text.split())


def is_short(text: str) -> bool:
    """Whether it fills fewer columns than a headline: ideographs and kana fill two (UAX #11)."""
    if len(text) >= HEADLINE_LENGTH or text.isascii():
        return len(text) < HEADLINE_LENGTH
    wide = sum(east_asian_width(each) in {"W", "F"} for each in text)
    return len(text) + wide < HEADLINE_LENGTH


@lru_cache(maxsize=4096)
def marked(
    layout: Layout, tag: str, classes: str | None, name: str | None, rel: str | None
) -> Mark | None:
    """What the tag, the class names, the id and the ``rel`` of an element say, if anything.

    Remembered, since a site writes the same few hundred on all its pages.
    """
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
    words: set[str] = set()
    for token in tokens:
        parts = WORD.findall(token)
        if parts and parts[0] not in STATES:
            words |= {parts[0], parts[-1]}
    return words


def holds(element: Element, tags: tuple[str, ...]) -> bool:
    return bool(tags) and next(element.iter(*tags), None) is not None


@cache
def allowed(place: Place, outer: Place, link: bool = False) -> Place | None:
    """Whether a region may begin inside another one; a list of pages only in the main part.

    WordPress's own block of categories marks each of its links as a tag.
    """
    if place is outer:
        return place
    if link and place is Place.TAGS and outer is Place.SECTIONS:
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

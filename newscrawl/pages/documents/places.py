"""Where a link stands on its page, and what it is for: read off its ancestors, once each."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from unicodedata import east_asian_width

from newscrawl.pages.core import CORE
from newscrawl.pages.documents.document import STRING
from newscrawl.pages.documents.layout import (
    GENERIC,
    HEADINGS,
    Layout,
    Mark,
    Place,
    allowed,
    marked,
)
from newscrawl.pages.documents.remembered import MOST_REMEMBERED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.discovery.links import LinkKind
    from newscrawl.pages.documents.document import Document, Element

Names = tuple[str, str | None, str | None, str | None]

MAX_LINKS = 2_000
"""Links taken from one page; the largest front pages hold some 1,500."""
HEADLINE_LENGTH = 25
"""Columns from which the text of a link outside a heading may be a headline."""
MAX_DEPTH = 400
"""Ancestors looked at; a link below more has no known place."""
MAX_NAMES = 300
"""Characters of a tag, a class attribute or an id that are looked at."""
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
BLOCKED = Place.BLOCKED
"""By a name of its own: an enumeration takes as long to give a member as a tree an attribute."""


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
        self.short: list[Placed] = []
        """Links of the main part of a few words, which are no headlines; known once read."""
        self._named: set[tuple[str, Place]] = set()
        self._marks = marks_of(layout)
        self._spots: dict[Element | None, Spot] = dict.fromkeys(foreign, Spot(Place.BLOCKED))
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
        parent = anchor.getparent()
        outer = self._spots.get(parent) or self.spot(parent)
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
                if text and place is Place.MAIN and not running:
                    self.short.append(Placed(url, place, place.kind, text, headline, anchor))
                return None
        if text and (headline or not place.headlines):
            self._named.add((url, place))
        return Placed(url, place, place.kind, text, headline, anchor)

    @cached_property
    def _headed(self) -> set[Element]:
        """Links around a heading."""
        headings = self.document.tagged(*HEADINGS)
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
        mark = self._marks[tag, classes, name, element.get("rel") if tag == "a" else None]
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


class Marks(dict["Names", "Mark | None"]):
    """What a layout says of a tag, a class attribute, an id and a ``rel``; of long ones each time."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout

    def __missing__(self, names: Names) -> Mark | None:
        short = (each and each[:MAX_NAMES] for each in names[1:])
        found = marked(self._layout, names[0][:MAX_NAMES], *short)
        if sum(map(len, filter(None, names))) <= MAX_NAMES:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[names] = found
        return found


marks_of = cache(Marks)
"""A site writes the same few hundred names on all its pages."""


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


class Rules(NamedTuple):
    """What the compiled walk asks for, which itself knows no place."""

    whole_page: dict[Place, tuple[str, ...]] = WHOLE_PAGE
    most_links: int = MAX_LINKS
    most_depth: int = MAX_DEPTH
    marks: Any = marks_of
    allowed: Any = allowed
    headline_length: int = HEADLINE_LENGTH
    is_short: Any = is_short
    placed: Any = Placed
    blocked: Place = Place.BLOCKED
    body: Place = Place.BODY
    main: Place = Place.MAIN
    unknown: Place = Place.UNKNOWN


RULES = Rules()


def places_of(
    document: Document, layout: Layout, body: Element | None, foreign: Iterable[Element]
) -> Places:
    if CORE.compiled is None:
        return Places(document, layout, body, foreign)
    places = CORE.compiled.Places(document.index, RULES, document, layout, body, foreign)
    return cast("Places", places)

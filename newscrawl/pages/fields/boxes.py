"""The text of elements in the boxes that a reader sees, one beside or below the other."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from newscrawl.pages.core import CORE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newscrawl.pages.documents.document import Element

INLINE = frozenset(
    {"a", "abbr", "address", "b", "bdi", "cite", "em", "font", "i", "label", "s", "small", "span"}
    | {"strong", "sup", "u"}
)
SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "select", "form", "figure", "nav", "aside"}
    | {"textarea", "iframe", "video", "audio", "dialog", "blockquote"}
)
"""Elements whose text is none of a byline beside them."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
MAX_INSIDE = 30
GLUED = "glued"
APART = "apart"
CLOSING = ",;:.)]’'"
MAX_EVENTS = 1_000


class Piece(NamedTuple):
    """A run of text, the element it stands in, and what parts it from the run before it."""

    text: str
    element: Element
    gap: str


class Box(NamedTuple):
    """A line or a part of one, and the element that its first word stands in."""

    text: str
    element: Element

    @property
    def make(self) -> tuple[object, str | None]:
        """By this the names in a list of names are alike."""
        return self.element.tag, self.element.get("class")


def boxes(elements: Iterable[Element]) -> Iterator[Box]:
    """The boxes in elements, in their order; words that only white space parts are in one."""
    for element in elements:
        yield from boxes_in(element)


def _boxes_in(element: Element) -> Iterator[Box]:
    text, start = "", element
    for piece in pieces(element):
        if text and joins(piece):
            text += (" " if piece.gap == " " else "") + piece.text
            continue
        if text:
            yield Box(text, start)
        text, start = piece.text, piece.element
    if text:
        yield Box(text, start)


def joins(piece: Piece) -> bool:
    return piece.gap in {"", " "} or (piece.gap == GLUED and piece.text[0] in CLOSING)


def pieces(element: Element) -> Iterator[Piece]:
    """The runs of text in an element; a script's comment between two words parts nothing."""
    gap = APART
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, each in islice(walk, MAX_EVENTS):
        if event == "start":
            silent = each is not element and (each.tag in SILENT or is_other_story(each))
            if silent:
                walk.skip_subtree()
            gap = edge(each, gap)
            text = "" if silent else each.text
            holder: Element | None = each
        else:
            if each is element:
                return
            gap = edge(each, gap) if event == "end" else gap
            text, holder = each.tail, each.getparent()
        if not text:
            continue
        if text[0].isspace() and gap in {"", GLUED}:
            gap = " "
        if (folded := " ".join(text.split())) and holder is not None:
            yield Piece(folded, holder, gap)
            gap = " " if text[-1].isspace() else ""


def is_other_story(element: Element) -> bool:
    """Whether it is an ``article`` that begins with a headline of its own."""
    if element.tag != "article":
        return False
    inside = islice(element.iterdescendants(), MAX_INSIDE)
    first = next((each for each in inside if (each.text or "").strip()), None)
    return first is not None and not HEADINGS.isdisjoint(
        up.tag for up in (first, *islice(first.iterancestors(), 2))
    )


def edge(element: Element, gap: str) -> str:
    """What parts two runs of text that have the edge of an element between them."""
    if element.tag not in INLINE:
        return APART
    return gap or GLUED


class Rules(NamedTuple):
    """What the compiled walk asks for, which itself knows no tag."""

    inline: frozenset[str] = INLINE
    silent: frozenset[str] = SILENT
    closing: str = CLOSING
    most_events: int = MAX_EVENTS
    is_other_story: Any = is_other_story
    box: Any = Box


boxes_in: Callable[[Element], Iterable[Box]] = (
    _boxes_in if CORE.compiled is None else partial(CORE.compiled.boxes_in, rules=Rules())
)
"""The boxes in one element."""

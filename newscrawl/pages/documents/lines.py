"""The lines of a page as a reader meets them, going on or back from an element."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.pages.documents.document import Element

INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp
    small span strike strong sub sup time tt u var wbr
    """.split()  # noqa: SIM905 - a list a word a line is not read at a glance
)
UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "button", "select", "option", "textarea"}
    | {"iframe", "object", "video", "audio", "canvas", "head"}
)
MAX_PIECES = 3_000
"""Texts and ends of blocks that are looked at in one direction."""


class Line(NamedTuple):
    """What stands between two block-level tags, and the element of its first text."""

    text: str
    element: Element


Piece = tuple[str, "Element"]


def lines_after(element: Element) -> Iterator[Line]:
    return lines_of(pieces_beyond(element, back=False), back=False)


def lines_before(element: Element) -> Iterator[Line]:
    """The nearest first."""
    return lines_of(pieces_beyond(element, back=True), back=True)


def lines_in(element: Element, *, back: bool = False) -> Iterator[Line]:
    """Those inside an element; ``back``: the last first."""
    return lines_of(pieces_in(element, back=back), back=back)


def told(element: Element, most: int) -> str:
    """All that an element says, if that is no more than so many characters; else nothing."""
    if not len(element):
        seen = isinstance(element.tag, str) and element.tag not in UNSEEN
        text = " ".join((element.text or "").split()) if seen else ""
        return text if len(text) <= most else ""
    found, size = [], 0
    for line in lines_in(element):
        found.append(line.text)
        size += len(line.text)
        if size > most:
            return ""
    return " ".join(found)


def lines_of(pieces: Iterator[Piece | None], *, back: bool) -> Iterator[Line]:
    held: list[Piece] = []
    for piece in chain(islice(pieces, MAX_PIECES), [None]):
        if piece is not None:
            held.append(piece)
        elif held:
            line = line_of(held[::-1] if back else held)
            held = []
            if line.text:
                yield line


def line_of(pieces: list[Piece]) -> Line:
    """Texts joined; a blank between two elements where the words of both would be one."""
    parts: list[str] = []
    for text, _ in pieces:
        if parts and parts[-1] and text and glued(parts[-1][-1], text[0]):
            parts.append(" ")
        parts.append(text)
    first = next((element for text, element in pieces if text.strip()), pieces[0][1])
    return Line(" ".join("".join(parts).split()), first)


def glued(before: str, after: str) -> bool:
    """Whether two neighbours, one the end and one the start of a text, belong to two words."""
    if not (before.isalnum() and after.isalnum()):
        return False
    return after.isupper() or after.isdigit()


def pieces_beyond(element: Element, *, back: bool) -> Iterator[Piece | None]:
    node: Element | None = element
    while node is not None:
        parent = node.getparent()
        if not back and parent is not None and node.tail:
            yield node.tail, parent
        for each in node.itersiblings(preceding=back):
            tail = (each.tail, parent) if each.tail and parent is not None else None
            if back and tail:
                yield tail
            yield from pieces_in(each, back=back)
            if tail and not back:
                yield tail
        if back and parent is not None and parent.text:
            yield parent.text, parent
        if parent is None or parent.tag not in INLINE:
            yield None
        node = parent


def pieces_in(element: Element, *, back: bool) -> Iterator[Piece | None]:
    """The texts of an element in their order, or from its end; ``None`` where a block ends."""
    pending: list[Element | Piece | None] = [element]
    while pending:
        piece = pending.pop()
        if piece is None or isinstance(piece, tuple):
            yield piece
        elif isinstance(piece.tag, str) and piece.tag not in UNSEEN:
            inside = parts_of(piece)
            pending += inside if back else inside[::-1]


def parts_of(element: Element) -> list[Element | Piece | None]:
    parts: list[Element | Piece | None] = [None] if element.tag not in INLINE else []
    if element.text:
        parts.append((element.text, element))
    for each in element:
        parts.append(each)
        if each.tail:
            parts.append((each.tail, element))
    if element.tag not in INLINE:
        parts.append(None)
    return parts

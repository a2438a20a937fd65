"""A page as a row of text blocks: what a reader sees between two block-level tags."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lxml import etree

from newscrawl.pages.bodies.boilerplate import (
    BY_ROLE,
    BY_TAG,
    HIDDEN,
    HIDDEN_BOX,
    PANEL,
    PICTURED,
    PICTURES,
    TEXT_TAGS,
    WHOLE,
    Kind,
    Mark,
    is_of_heading,
    mark_of,
    named,
    names,
    said_by_class,
)
from newscrawl.pages.core import CORE
from newscrawl.pages.documents.document import STRING
from newscrawl.pages.documents.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from newscrawl.pages.documents.document import Document, Element

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed"}
    | {"applet", "video", "audio", "canvas", "button", "input", "select", "textarea"}
    | {"nav", "head", "map", "dialog", "link", "meta", "title"}
)
BLOCK_TAGS = names(
    """
    p div section article main header footer aside ul ol li dl dt dd blockquote table thead tbody
    tfoot tr td th h1 h2 h3 h4 h5 h6 pre figure figcaption form fieldset address details summary
    center hr body
    """
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
UNCLOSED = frozenset({"nav", "button"})
"""Where their end is missing, the rest of the page stands in them."""
PROSE = 400
"""Characters of one paragraph after another that no menu has."""
MAX_PARAGRAPHS = 50
MAX_BLOCKS = 20_000
"""Of one page; what follows them is not looked at."""
MAX_EVENTS = 500_000
"""Starts and ends of elements, of one page."""
MAX_REGIONS = 20
"""Nested; what stands deeper counts to the last."""


@dataclass(slots=True, eq=False)
class Region:
    """An element taken for boilerplate, and the region around it.

    ``group`` is why: a body may be spread over many elements that one word would shut.
    """

    kind: Kind
    group: Mark
    outer: Region | None
    depth: int

    def chain(self) -> Iterator[Region]:
        region: Region | None = self
        while region is not None:
            yield region
            region = region.outer


@dataclass(slots=True, eq=False)
class Node:
    """A block-level element; ``own`` is the region that begins with it.

    Its place in the order of the page and that after its last descendant.
    """

    element: Element
    tag: str
    parent: Node | None
    place: int
    end: int
    region: Region | None
    own: Region | None
    is_heading: bool
    value: float = 0.0

    def around(self) -> Iterator[Node]:
        """Itself and its ancestors."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def holds(self, node: Node) -> bool:
        return self.place <= node.place < self.end


@dataclass(slots=True, eq=False)
class Block:
    """``size`` and ``linked`` are in bytes of UTF-8, in which all scripts say about as much."""

    node: Node
    tag: str
    is_heading: bool
    text: str
    size: int
    linked: int
    links: int
    href: str
    """Where its last link leads."""
    led: bool
    """Whether it begins with a link."""
    value: float = 0.0


class Choice(NamedTuple):
    """What was taken for the article, and from what: ``root`` among ``nodes``, ``kept`` of ``blocks``.

    ``teasers`` are blocks of other articles, ``linked`` are all headings that lead to others.
    """

    nodes: Sequence[Node]
    blocks: Sequence[Block]
    root: Node
    kept: Sequence[Block]
    teasers: Collection[Block]
    linked: Collection[Block]


class Blocks:
    """One iterative walk over the body of a page.

    ``foreign`` are other stories; ``whole`` are elements around what surely is the page's own,
    which no tag and no name shuts; ``headed`` are those around a headline of any story, which are
    no footer. ``unshut`` are those that would not have been read.
    """

    def __init__(
        self,
        body: Element,
        foreign: Collection[Element] = frozenset(),
        whole: Collection[Element] = frozenset(),
        headed: Collection[Element] = frozenset(),
    ) -> None:
        self._foreign = foreign
        self._whole = whole
        self._headed = headed
        self.unshut: list[Element] = []
        self.nodes: list[Node] = [Node(body, "body", None, 0, 1, None, None, False)]
        self.blocks: list[Block] = []
        self._node = self.nodes[0]
        self._texts: list[str] = []
        self._linked = 0
        self._open_links = 0
        self._led = False
        self._links = 0
        self._href = ""
        self._read(body)

    def _read(self, body: Element) -> None:
        walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
        texts = self._texts
        for event, element in cast("Iterator[tuple[str, Element]]", islice(walk, MAX_EVENTS)):
            if event == "start":
                tag: Any = element.tag
                if tag in UNSEEN and not self._is_to_be_read(element, tag):
                    walk.skip_subtree()
                    continue
                self._start(element, tag)
                text = element.text
            elif element is body:
                break
            else:
                if event == "end":
                    self._end(element)
                text = element.tail
            if text and (texts or not text.isspace()):
                self._led = self._led if texts else self._open_links > 0
                texts.append(text)
                if self._open_links:
                    self._linked += len(text.strip().encode())
            if len(self.blocks) == MAX_BLOCKS:
                break
        while self._node.parent is not None:
            self._leave()
        self._leave()

    def _is_to_be_read(self, element: Element, tag: str) -> bool:
        read = element in self._whole or _holds_prose(element, tag)
        if read:
            self.unshut.append(element)
        return read

    def _start(self, element: Element, tag: str) -> None:
        if tag in BLOCK_TAGS or "-" in tag:
            if self._texts:
                self._flush()
            if tag != "body":
                self._enter(element, tag)
        elif tag == "a":
            self._open_links += 1
            self._links += 1
            self._href = element.get("href") or ""
        elif tag == "br" and self._texts:
            self._texts.append("\n")

    def _enter(self, element: Element, tag: str) -> None:
        place = len(self.nodes)
        outer = region = self._node.region
        own: Region | None = None
        mark = self._mark(element, tag)
        if mark is not None and (outer is None or outer.depth < MAX_REGIONS):
            depth = outer.depth + 1 if outer else 0
            own = region = Region(mark.kind, mark, outer, depth)
        self._node = Node(element, tag, self._node, place, place + 1, region, own, tag in HEADINGS)
        self.nodes.append(self._node)

    def _mark(self, element: Element, tag: str) -> Mark | None:
        if element in self._foreign:
            return Mark(Kind.FOREIGN, "")
        mark = mark_of(element, tag)
        if mark is None or element in self._whole:
            return None
        if mark.kind is Kind.FOOTER and element in self._headed:
            return None
        if mark.is_word:
            return mark
        return mark._replace(name=f"{mark.name} {element.get('class') or len(self.nodes)}")

    def _end(self, element: Element) -> None:
        if element is self._node.element:
            self._leave()
        elif element.tag == "a":
            self._open_links -= 1

    def _leave(self) -> None:
        node = self._node
        if self._texts:
            self._flush()
        node.end = len(self.nodes)
        self._node = node.parent or node

    def _flush(self) -> None:
        text = " ".join("".join(self._texts).split())
        if text:
            node = self._node
            size = len(text) if text.isascii() else len(text.encode())
            linked = min(self._linked, size)
            self.blocks.append(
                Block(
                    *(node, node.tag, node.is_heading, text, size, linked),
                    *(self._links, self._href, self._led),
                )
            )
        self._texts.clear()
        self._linked = 0
        self._links = self._open_links
        self._href = self._href if self._open_links else ""


def _holds_prose(element: Element, tag: str) -> bool:
    """Whether a story stands in what should be a menu."""
    if tag not in UNCLOSED:
        return False
    told = 0
    for paragraph in islice(element.iter("p"), MAX_PARAGRAPHS):
        told += len(STRING(paragraph).strip()) if next(paragraph.iter("a"), None) is None else 0
        if told > PROSE:
            return True
    return False


class Rules(NamedTuple):
    """What the compiled walk asks for, which itself knows no word."""

    unseen: frozenset[str] = UNSEEN
    blocks: frozenset[str] = BLOCK_TAGS
    headings: frozenset[str] = HEADINGS
    plain: frozenset[str] = TEXT_TAGS
    whole: frozenset[str] = WHOLE
    speaking: frozenset[str] = frozenset({*BY_TAG, PICTURED.name})
    """Tags that say it, whatever else an element says."""
    most_events: int = MAX_EVENTS
    most_blocks: int = MAX_BLOCKS
    most_regions: int = MAX_REGIONS
    unclosed: frozenset[str] = UNCLOSED
    holds_prose: Any = _holds_prose
    mark: type[Mark] = Mark
    tags: dict[str, Mark] = BY_TAG
    roles: dict[str, Mark] = BY_ROLE
    pictured: Mark = PICTURED
    pictures: tuple[str, ...] = PICTURES
    hidden: Mark = HIDDEN_BOX
    panel: str = PANEL
    is_of_heading: Any = is_of_heading
    by_name: tuple[Remembered[Any], Remembered[Any]] = (
        Remembered(partial(named, plain=False)),
        Remembered(partial(named, plain=True)),
    )
    said: tuple[Remembered[Any], Remembered[Any]] = (
        Remembered(partial(said_by_class, plain=False)),
        Remembered(partial(said_by_class, plain=True)),
    )
    hides_by: Any = HIDDEN.search
    footer: Kind = Kind.FOOTER
    shut: Kind = Kind.SHUT
    foreign: Mark = Mark(Kind.FOREIGN, "")


RULES = Rules()


def blocks_of(
    document: Document,
    body: Element,
    foreign: Collection[Element],
    whole: Collection[Element],
    headed: Collection[Element],
) -> Blocks:
    if CORE.compiled is None:
        return Blocks(body, foreign, whole, headed)
    blocks = CORE.compiled.Blocks(document.index, body, RULES, foreign, whole, headed)
    return cast("Blocks", blocks)

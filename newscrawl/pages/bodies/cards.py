"""Teasers of other articles: excerpts under linked headings, whatever their names."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.core import CORE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from newscrawl.pages.bodies.blocks import Block, Node
    from newscrawl.pages.documents.document import Document

    Items = dict[Node, list[Block]]

LINKED_HEADING = 0.45
"""Of its text; many print it twice, for two sizes of screens, and link one."""
CARD = 600
CARD_ITEM = 900
"""Bytes of an item in a list, or of a teaser's text, that is more than a teaser."""
TITLE = 20
"""Bytes of a linked title; names of people and places are shorter."""
ALL = 0.9
EXCERPT = 30
"""Bytes of the text after the link of a teaser."""
CUT = 60
"""Bytes of a text that was cut short to be a teaser."""
NEARLY_ALL = 0.8
LISTED = 3
"""Items from which they are a list."""
ITEMS = frozenset({"article", "li", "tr"})
ROW = "tr"
"""Of a table, which may as well hold the points of a story."""
MOST_ITEMS = 0.6
"""Share of the items of a list that begin with a link, from which all are teasers."""
CLOSERS = " ])"
ENDS = ("…", "...", "&hellip;")
"""Of what goes on elsewhere, before brackets."""
CARD_BLOCKS = 7
CARD_LEVELS = 3
CARD_DEPTH = 8


@dataclass(slots=True)
class Cards:
    """``nodes`` are whole items of lists; of other cards only the ``blocks`` are known.

    ``headings`` are all that lead to other pages of the site, in cards or not.
    """

    headings: set[Block] = field(default_factory=set)
    blocks: set[Block] = field(default_factory=set)
    nodes: set[Node] = field(default_factory=set)


def find_cards(nodes: Sequence[Node], blocks: Sequence[Block], document: Document) -> Cards:
    linked = {block for block in blocks if block.is_heading and _is_teaser(block, document)}
    cards = _listed(items_of(nodes, blocks, ITEMS), linked, document)
    cards.headings = linked
    if not linked:
        return cards
    headings = [
        (place, block)
        for place, block in enumerate(blocks)
        if block in linked and block.tag != "h1"
    ]
    beside = Counter(block.node.parent for _, block in headings)
    makes: defaultdict[tuple[str, str | None], list[list[Block]]] = defaultdict(list)
    for place, block in headings:
        if block.node.parent is None or beside[block.node.parent] > 1:
            continue
        card = block.node.parent
        for _ in range(CARD_LEVELS - 1):
            if card.parent is not None and card.tag not in {"body", "main"}:
                card = card.parent
        texts = _excerpt(blocks[place + 1 : place + 1 + CARD_BLOCKS], card)
        if sum(each.size for each in texts) <= CARD:
            makes[block.tag, block.node.element.get("class")].append([block, *texts])
    for made in makes.values():
        if len(made) > 1:
            for texts in made:
                cards.blocks.update(texts)
    return cards


def _is_teaser(block: Block, document: Document) -> bool:
    """Whether a heading leads to another page of the site."""
    return block.linked >= LINKED_HEADING * block.size and _leads_elsewhere(block, document)


def _leads_elsewhere(block: Block, document: Document) -> bool:
    url = document.absolute(block.href)
    return (
        url is not None
        and document.is_own(url)
        and url.partition("#")[0] != document.url.partition("#")[0]
    )


def _excerpt(following: Iterable[Block], card: Node) -> list[Block]:
    """The blocks up to the next heading or the end of the card."""
    texts: list[Block] = []
    for block in following:
        if block.is_heading or card not in islice(block.node.around(), CARD_DEPTH):
            break
        texts.append(block)
    return texts


def _items_of(nodes: Iterable[Node], blocks: Iterable[Block], tags: Collection[str]) -> Items:
    """The blocks of each item that holds some; of items in items those of the inner ones."""
    inside: list[Node | None] = []
    for node in nodes:
        parent = node.parent
        around = None if parent is None else inside[parent.place]
        inside.append(node if node.tag in tags else around)
    items: defaultdict[Node, list[Block]] = defaultdict(list)
    for block in blocks:
        item = inside[block.node.place]
        if item is not None:
            items[item].append(block)
    return items


def _sizes_of(items: Mapping[Node, Iterable[Block]]) -> dict[Node, int]:
    return {node: sum(each.size for each in texts) for node, texts in items.items()}


items_of: Callable[..., Items] = _items_of if CORE.compiled is None else CORE.compiled.items_of
sizes_of: Callable[[Items], dict[Node, int]] = (
    _sizes_of if CORE.compiled is None else CORE.compiled.sizes_of
)


class Limits(NamedTuple):
    """Of lists of teasers, in bytes and shares."""

    listed: int = LISTED
    item: int = CARD_ITEM
    title: int = TITLE
    all: float = ALL
    excerpt: int = EXCERPT
    most_items: float = MOST_ITEMS
    cut: int = CUT
    nearly_all: float = NEARLY_ALL
    closers: str = CLOSERS
    ends: tuple[str, ...] = ENDS


LIMITS = Limits()


def _led_lists(
    items: Items, sizes: dict[Node, int], limits: Limits
) -> list[tuple[float, list[tuple[Node, Block]]]]:
    """Of short items side by side those that begin with a link and go on with text, and their links.

    Before each list how many of them are to lead elsewhere.
    """
    beside: defaultdict[tuple[Node | None, str], list[Node]] = defaultdict(list)
    for node in items:
        beside[node.parent, node.tag].append(node)
    found = []
    for nodes in beside.values():
        if len(nodes) < limits.listed:
            continue
        firsts = ((node, _leading(items[node], sizes[node], limits)) for node in nodes)
        led = [(node, first) for node, first in firsts if first is not None]
        least = max(limits.listed, limits.most_items * len(nodes))
        if len(led) >= least:
            found.append((least, led))
    return found


def _leading(texts: list[Block], size: int, limits: Limits) -> Block | None:
    """The link that an item begins with, if text follows it."""
    if size >= limits.item:
        return None
    first = next((each for each in texts[:2] if each.links), None)
    if first is None or first.linked < limits.title:
        return None
    begins = first.led or first.linked >= limits.all * first.size
    follows = size - sum(each.linked for each in texts) >= limits.excerpt
    return first if begins and follows else None


def _cut_lists(items: Items, sizes: dict[Node, int], limits: Limits) -> list[list[Node]]:
    """Items side by side of which nearly all end as texts that go on elsewhere."""
    beside: defaultdict[Node | None, list[Node]] = defaultdict(list)
    for node in items:
        beside[node.parent].append(node)
    found = []
    for nodes in beside.values():
        if len(nodes) < limits.listed:
            continue
        short = [node for node in nodes if sizes[node] < limits.item]
        cut = [
            node
            for node in short
            if any(each.size >= limits.cut and is_cut(each.text) for each in items[node])
        ]
        if len(cut) >= limits.nearly_all * len(nodes):
            found.append(nodes)
    return found


def is_cut(text: str) -> bool:
    """Whether a text ends as one that goes on elsewhere."""
    return text.rstrip(CLOSERS).endswith(ENDS)


led_lists: Callable[..., list[tuple[float, list[tuple[Node, Block]]]]] = (
    _led_lists if CORE.compiled is None else CORE.compiled.led_lists
)
cut_lists: Callable[..., list[list[Node]]] = (
    _cut_lists if CORE.compiled is None else CORE.compiled.cut_lists
)


def _led(items: Items, sizes: dict[Node, int], document: Document) -> Iterator[list[Node]]:
    """Short items side by side that begin with links to own pages and go on with text."""
    for least, pairs in led_lists(items, sizes, LIMITS):
        led = [node for node, first in pairs if _leads_elsewhere(first, document)]
        if len(led) >= least:
            yield led


def _listed(items: Items, linked: set[Block], document: Document) -> Cards:
    """Short items with a linked heading: articles in articles, or in a list."""
    found: defaultdict[str, list[Node]] = defaultdict(list)
    sizes = sizes_of(items)
    leading = {each for each in linked if each.linked > 0.5 * each.size}
    for node, texts in items.items() if leading else ():
        if not leading.isdisjoint(texts) and node.tag != ROW and sizes[node] < CARD_ITEM:
            found[node.tag].append(node)
    cards = Cards()
    lists = *found.values(), *_led(items, sizes, document), *cut_lists(items, sizes, LIMITS)
    for nodes in lists:
        if len(nodes) >= LISTED:
            cards.nodes.update(nodes)
            cards.blocks.update(block for node in nodes for block in items[node])
    return cards

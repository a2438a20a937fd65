"""Which element of a page is the body: by what its text weighs, and by what the page calls so."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from functools import partial
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.bodies.boilerplate import NEVER, TEXT_TAGS, Kind, Mark
from newscrawl.pages.core import CORE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from newscrawl.pages.bodies.blocks import Block, Node, Region
    from newscrawl.pages.bodies.cards import Cards
    from newscrawl.pages.documents.document import Element

NOT_OURS = frozenset({Kind.FOOTER, Kind.FOREIGN})
ITEMS = frozenset({"li", "td", "th", "dd", "dt"})
SHORT = 60
"""Bytes below which a block says nothing about where the article is, while longer ones do."""
SOFT = 0.2
"""What text in a region of boilerplate counts in the search for the body."""
MOST = 0.5
"""Share of a page's text that opens a region, whatever its name."""
NEARLY_ALL = 0.8
"""The same for a region that its tag sets aside."""
SMALLER = 0.8
"""Share of an element's text from which a smaller one in it is the body."""
ENOUGH = 0.3
"""Share of the most text that is enough where the headline stands."""
LITTLE = 600.0
"""Value of a body that short lines may outweigh: those of a poem, a table, a list."""
LINE = 0.5
"""What the bytes of a short line count then."""
SPREAD = 1_500
"""Bytes of a page's text that may be spread over parts."""
LABEL = 4
"""Bytes of a mark or a number that is none of these parts."""
SMALL_SHARE = 0.35
MOST_OF_IT = 0.7
CLEARLY = 1.2
LEVELS = 6
"""Elements around the body in which what stands beside it is looked at."""
OPENING = 170
"""Bytes of a paragraph before the body that is no subtitle."""
BESIDE = 0.5
"""Share of the body's text that stands beside it as the story's own."""
OF_LINKS = 2
"""What is not linked, of such text, for each byte that is."""
MANY_TIMES = 10
"""How much more there is beside a short text that the page marks than in it."""
MOST_MARKED = 100
"""Marked elements that are looked at."""
OF_MARKS = 0.35
"""Share of the largest marked element's text from which an earlier one is the body."""


class Roots:
    """The search for the body; ``opened`` are groups of regions taken in spite of their names."""

    def __init__(
        self,
        nodes: Sequence[Node],
        blocks: Sequence[Block],
        cards: Cards,
        headlines: Sequence[Element] = (),
    ) -> None:
        self.nodes, self.blocks, self.cards = nodes, blocks, cards
        wanted = frozenset(headlines)
        self._headline = next((node for node in nodes if node.element in wanted), None)
        self.opened: set[Mark] = set()
        values_of(blocks, cards.blocks)
        self._never = never_ours(nodes, NOT_OURS)
        self._reached = [*accumulate((block.node.place for block in blocks), max)]
        self._open_page()
        self._counts, self._closed = counts_of(nodes, self.opened, NEVER, SOFT)
        self._add_up()

    def found(self, marked: Sequence[Element], least: float) -> tuple[Node, bool]:
        """The body, and whether it is one of the marked elements."""
        mark = self._mark(marked)
        if mark is not None and not least and self._told(mark) >= LITTLE:
            return mark, True
        node = self._narrowed(self._best())
        if mark is not None and self._believed(mark, node, least):
            return mark, True
        if node.value < LITTLE:
            node = self._short(node) or node
        return self._gathered(node), False

    def _gathered(self, body: Node) -> Node:
        """What holds most of the page's text, where that of a body is only a small share of it.

        Links between the parts of a story part it, as those around it do.
        """
        told = [0, *accumulate(self._told_by(self.blocks, None, LABEL))]
        if told[-1] < SPREAD or self._told(body) >= SMALL_SHARE * told[-1]:
            return body
        for node in body.around():
            first, last = (bisect_left(self._reached, at) for at in (node.place, node.end))
            if told[last] - told[first] >= MOST_OF_IT * told[-1]:
                return node
        return body

    def _told_by(
        self, blocks: Sequence[Block], around: Region | None = None, least: int = 0
    ) -> list[int]:
        """Bytes of blocks beyond links, of those that are text of the page's own, or of a region's."""
        return told_by(blocks, self.cards.blocks, self._closed, around, least)

    def _best(self) -> Node:
        return best_of(self.nodes, self._never)

    def _below_headline(self, best: Node) -> Node | None:
        """The part of the page that the headline stands in, if it has text enough of its own."""
        if self._headline is None or best.holds(self._headline):
            return None
        for node in self._headline.around():
            if node.holds(best):
                return None
            if node.value > ENOUGH * best.value:
                return node
        return None

    # What the page calls its body

    def _mark(self, marked: Sequence[Element]) -> Node | None:
        """The first of several marked elements that has about as much text as any other.

        Later ones may be of other stories. ``None`` where one story is spread over them.
        """
        if not marked:
            return None
        wanted = frozenset(marked)
        named = islice((node for node in self.nodes if node.element in wanted), MOST_MARKED)
        found = [node for node in named if not self._is_beside(node)]
        told = {node: self._told(node) for node in found}
        enough = OF_MARKS * max(told.values(), default=0)
        first = next((node for node in found if told[node] >= enough), None)
        after = [node for node in found if first is not None and node.place >= first.end]
        spread = sum(told[node] for node in after if told[node] >= enough)
        if first is None or not spread or self._is_headed(first.end, after[0].place):
            return first
        return None

    def _is_headed(self, start: int, end: int) -> bool:
        """Whether a headline stands between two places."""
        return any(node.tag in {"h1", "h2"} for node in self.nodes[start:end])

    def _is_beside(self, node: Node) -> bool:
        if self._never[node.region] or any(each in self.cards.nodes for each in node.around()):
            return True
        outer = node.parent.region if node.parent else None
        return not _is_open(outer, None, self._closed)

    def _believed(self, mark: Node, node: Node, least: float) -> bool:
        """Where the system says that the page is a post; else where nothing else tells more."""
        if not least:
            return not self._is_outweighed(mark, node)
        apart = not node.holds(mark) and not mark.holds(node)
        told = self._told(mark)
        little = node.value < LITTLE
        if not told or not (apart or little):
            return False
        return told >= least * self._told(node) or (little and self._is_headlined(mark, node))

    def _is_outweighed(self, mark: Node, rival: Node) -> bool:
        """Whether a short text introduces what stands beside it in the page's main part."""
        if self._told(rival) < MANY_TIMES * max(self._told(mark), LITTLE / 2):
            return False
        mains = (node for node in mark.around() if node.tag == "main")
        return any(node.holds(rival) for node in mains) and not mark.holds(rival)

    def _is_headlined(self, mark: Node, rival: Node) -> bool:
        """Whether the headline stands with one element, apart from the other."""
        around = [node for node in mark.around() if not node.holds(rival)]
        return any(node.tag == "h1" and around[-1].holds(node) for node in self.nodes if around)

    def _told(self, node: Node) -> int:
        """Bytes of a node's own text beyond headings and links."""
        return sum(self._told_by([*self._blocks_of(node)], node.region))

    def _blocks_of(self, node: Node) -> Iterator[Block]:
        """They stand together: none of an element comes after one behind it."""
        first = bisect_left(self._reached, node.place)
        for place in range(first, len(self.blocks)):
            if not node.holds(self.blocks[place].node):
                break
            yield self.blocks[place]

    # What it is by its text

    def _short(self, rival: Node) -> Node | None:
        """The body by its lines, where they clearly outweigh what little else was found."""
        weight = rival.value
        before = {block: block.value for block in self.blocks}
        for block in self.blocks:
            if not block.is_heading and block not in self.cards.blocks and block.linked == 0:
                block.value = max(block.value, LINE * block.size)
        self._add_up()
        best = self._narrowed(self._best())
        apart = not best.holds(rival) and not rival.holds(best)
        clear = (apart or weight < SHORT) and best.value > CLEARLY * max(rival.value, weight)
        chosen = best if clear else None
        for block, value in before.items():
            block.value = value
        self._add_up()
        return chosen

    def _open_page(self) -> None:
        groups: defaultdict[Mark, float] = defaultdict(float)
        total = 1.0
        for region, value in sums_of(self.blocks).items():
            chain = [*region.chain()] if region else []
            if not any(each.kind in NEVER for each in chain):
                total += value
                for group in {each.group for each in chain}:
                    groups[group] += value
        for group, value in groups.items():
            if value > (NEARLY_ALL if group.kind is Kind.ASIDE else MOST) * total:
                self.opened.add(group)

    def _add_up(self) -> None:
        add_up(self.nodes, self.blocks, self._counts)

    def _narrowed(self, node: Node) -> Node:
        """The smallest element with nearly all of its text; that of the headline if it will do."""
        inner = self._smallest(node)
        apart = self._below_headline(inner)
        return self._widened(inner if apart is None else self._smallest(apart))

    def _widened(self, node: Node) -> Node:
        """The element around it in which much of the prose stands beside it, below the headline."""
        headline = self._heading_of(node)
        if headline is node:
            return node
        own = BESIDE * sum(max(0.0, block.value) for block in self._blocks_of(node))
        first = bisect_left(self._reached, node.place)
        last = first + sum(1 for _ in self._blocks_of(node))
        wide, told, linked = node, 0, 0
        for outer in islice(node.around(), 1, LEVELS):
            if outer.parent is None:
                break
            beside: list[Block] = []
            while first and outer.holds(self.blocks[first - 1].node):
                first -= 1
                beside.append(self.blocks[first])
            while last < len(self.blocks) and outer.holds(self.blocks[last].node):
                beside.append(self.blocks[last])
                last += 1
            for block in beside:
                if self._is_beside_body(block, outer, headline):
                    linked += block.linked
                    told += block.size - block.linked if _tells(block, node) else 0
            if told >= own and told >= OF_LINKS * linked:
                wide = outer
            if headline is not None and outer.holds(headline):
                break
        return wide

    def _heading_of(self, node: Node) -> Node | None:
        """The headline before an element; the element itself where it holds it."""
        headline = self._headline
        if headline is not None:
            return headline if headline.place < node.place else node
        first = next((each for each in self.nodes if each.tag == "h1"), None)
        return first if first is not None and first.place < node.place else None

    def _is_beside_body(self, block: Block, outer: Node, headline: Node | None) -> bool:
        """Whether a block may be of the story by where it stands."""
        if headline is not None and block.node.place <= headline.place:
            return False
        region = block.node.region
        return block not in self.cards.blocks and _is_open(region, outer.region, self._closed)

    def _smallest(self, node: Node) -> Node:
        most = node.value
        inner: Node | None = node
        while inner is not None and inner.value >= SMALLER * most:
            node = inner
            inner = max(self._children(node), key=lambda each: each.value, default=None)
            if inner is not None and (inner.tag in TEXT_TAGS or self._never[inner.region]):
                break
        return node

    def _children(self, node: Node) -> Iterator[Node]:
        place = node.place + 1
        while place < node.end:
            child = self.nodes[place]
            yield child
            place = child.end


def _tells(block: Block, body: Node) -> bool:
    """Whether a block beside a body is text: an item, a paragraph, before it no subtitle."""
    least = OPENING if block.node.place < body.place else SHORT
    return not block.is_heading and (block.tag in ITEMS or block.size >= least)


class Worth(NamedTuple):
    """What a block is worth, by its bytes: ``label`` and ``item`` of them say nothing."""

    items: frozenset[str] = ITEMS
    short: int = SHORT
    linked: float = 0.5
    heading: float = 0.5
    label: int = 40
    item: int = 80
    item_share: float = 0.7


WORTH = Worth()


def _value(block: Block, worth: Worth) -> float:
    """What a block says for the article being where it stands; links speak against it."""
    linked = block.linked > worth.linked * block.size
    if block.is_heading:
        return -worth.heading * block.size if linked else 0.0
    if linked:
        return -float(block.size)
    if block.tag in worth.items:
        return max(0.0, (block.size - worth.item) * worth.item_share)
    return float(block.size - worth.label) if block.size >= worth.short else 0.0


def _values_of(blocks: Sequence[Block], teasers: Collection[Block], worth: Worth) -> None:
    for block in blocks:
        block.value = 0.0 if block in teasers else _value(block, worth)


def _sums_of(blocks: Sequence[Block]) -> dict[Region | None, float]:
    """What the blocks of each region, and of none, are worth that are worth anything."""
    sums: defaultdict[Region | None, float] = defaultdict(float)
    for block in blocks:
        if block.value > 0:
            sums[block.node.region] += block.value
    return sums


def _counts_of(
    nodes: Sequence[Node], opened: Collection[Mark], never: Collection[Kind], soft: float
) -> tuple[dict[Region | None, float], set[Region]]:
    """What text counts in each region, and those that are not opened."""
    counts: dict[Region | None, float] = {None: 1.0}
    closed: set[Region] = set()
    for node in nodes:
        region = node.own
        if region is not None:
            outer = counts[region.outer]
            if region.group not in opened:
                closed.add(region)
                outer = 0.0 if region.kind in never else min(soft, outer)
            counts[region] = outer
    return counts, closed


def _add_up(
    nodes: Sequence[Node], blocks: Sequence[Block], counts: Mapping[Region | None, float]
) -> None:
    for node in nodes:
        node.value = 0.0
    for block in blocks:
        block.node.value += block.value * counts[block.node.region]
    for node in reversed(nodes):
        if node.parent is not None:
            node.parent.value += node.value


def _never_ours(nodes: Sequence[Node], kinds: Collection[Kind]) -> dict[Region | None, bool]:
    """Whether what stands in a region is of some kinds: of a footer or of another story."""
    known: dict[Region | None, bool] = {None: False}
    for node in nodes:
        region = node.own
        if region is not None:
            known[region] = region.kind in kinds or known[region.outer]
    return known


def _best_of(nodes: Sequence[Node], never: Mapping[Region | None, bool]) -> Node:
    """The last of the elements with the greatest value, of those in no region that is not ours."""
    seen = [node for node in nodes if not never[node.region]]
    return max(reversed(seen), key=lambda node: node.value)


def _told_by(
    blocks: Sequence[Block],
    teasers: Collection[Block],
    closed: Collection[Region],
    around: Region | None,
    least: int,
) -> list[int]:
    return [
        0
        if block.size < least
        or block.is_heading
        or block in teasers
        or not _is_open(block.node.region, around, closed)
        else block.size - block.linked
        for block in blocks
    ]


def _is_open(region: Region | None, around: Region | None, closed: Collection[Region]) -> bool:
    """Whether nothing shuts what stands in a region, up to one around it."""
    while region is not None and region is not around:
        if region in closed:
            return False
        region = region.outer
    return True


values_of = partial(_values_of if CORE.compiled is None else CORE.compiled.values_of, worth=WORTH)
sums_of: Callable[[Sequence[Block]], dict[Region | None, float]] = (
    _sums_of if CORE.compiled is None else CORE.compiled.sums_of
)
counts_of: Callable[..., tuple[dict[Region | None, float], set[Region]]] = (
    _counts_of if CORE.compiled is None else CORE.compiled.counts_of
)
add_up: Callable[[Sequence[Node], Sequence[Block], Mapping[Region | None, float]], None] = (
    _add_up if CORE.compiled is None else CORE.compiled.add_up
)
told_by: Callable[..., list[int]] = _told_by if CORE.compiled is None else CORE.compiled.told_by
never_ours: Callable[[Sequence[Node], Collection[Kind]], dict[Region | None, bool]] = (
    _never_ours if CORE.compiled is None else CORE.compiled.never_ours
)
best_of: Callable[[Sequence[Node], Mapping[Region | None, bool]], Node] = (
    _best_of if CORE.compiled is None else CORE.compiled.best_of
)

"""How strong each doubt of a text is, by how it lies on its page: from what was read anyway."""

from __future__ import annotations

import math
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.bodies.boilerplate import TEXT_TAGS, Kind
from newscrawl.pages.bodies.telling import ends
from newscrawl.pages.core import CORE
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.doubts import Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newscrawl.pages.bodies.blocks import Block, Choice, Node, Region
    from newscrawl.pages.doubts import Strengths

PROSE = 60
"""Bytes of a text that is no label."""
SENTENCE = 120
"""Bytes of a text that is more than a label or a teaser, if it ends as a sentence."""
LINKED = 0.2
CUT = ("…", "...")
SURELY, HARDLY = 4.0, -1.0
"""What speaks for an article that is one without a doubt, and for a page that is none."""
MADE_OF = 0.1
"""Share of the text in paragraphs of one make from which others of that make look like it."""

Make = tuple[str, str | None, str | None]


class Told(NamedTuple):
    """What is known of a page beside its blocks; ``declared`` are the words that it claims to have.

    ``weight`` is what speaks for its kind, below 0 if it is no article; ``None`` if nothing was
    weighed.
    """

    words: int
    declared: int
    teasers: int
    headline: str
    weight: float | None
    is_declared: bool
    is_paid: bool


def strengths(choice: Choice, told: Told) -> Strengths:
    """Return the strength of each doubt, 0 to 1; those without any are left out."""
    found = {
        **of_page(told),
        **_of_text([block for block in choice.kept if not block.is_heading]),
        **_Surroundings(choice, told.headline).signs(),
    }
    return {doubt: round(strength, 3) for doubt, strength in found.items() if strength > 0}


def of_page(told: Told) -> Strengths:
    """Doubts for which no block has to be known."""
    return {
        Doubt.SHORT: by_ratio(told.words, 400, 60),
        Doubt.SHORTER: between(told.declared / max(1, told.words), 1.2, 2),
        Doubt.UNDECLARED: float(not told.is_declared),
        Doubt.UNDECIDED: 0.0 if told.weight is None else between(told.weight, SURELY, HARDLY),
        Doubt.PAID: float(told.is_paid),
        Doubt.LISTS: between(told.teasers, 3, 30),
    }


def between(value: float, none: float, full: float) -> float:
    """How far a value is on the way from no doubt to a full one."""
    return min(1.0, max(0.0, (value - none) / (full - none)))


def by_ratio(value: float, none: float, full: float) -> float:
    """The same, where from one to two is as far as from two to four."""
    return between(math.log(max(value, 1e-6)), math.log(none), math.log(full))


def is_prose(block: Block) -> bool:
    return not block.is_heading and block.size >= PROSE and block.linked <= block.size / 2


def is_sentence(block: Block) -> bool:
    long = not block.is_heading and block.size >= SENTENCE
    return long and block.linked <= LINKED * block.size and ends(block.text)


def _of_text(blocks: Sequence[Block]) -> Strengths:
    """What its own blocks say."""
    size = sum(block.size for block in blocks) or 1

    boxes: Counter[Node | None] = Counter()
    named = bare = ended = linked = largest = 0
    for block in blocks:
        told, node, plain = block.size, block.node, block.tag in TEXT_TAGS
        box = node.parent if plain else node
        boxes[box and box.parent] += told
        named += told if node.region is not None else 0
        bare += 0 if plain else told
        ended += told if ends(block.text) else 0
        linked += block.linked
        largest = max(largest, told)
    return {
        Doubt.NAMED: between(named / size, 0.1, 0.8),
        Doubt.SCATTERED: between(max(boxes.values(), default=0) / size, 0.9, 0.1),
        Doubt.LUMP: between(largest / size, 0.3, 0.9),
        Doubt.BARE: between(bare / size, 0.1, 0.8),
        Doubt.UNENDED: between(ended / size, 0.9, 0.3),
        Doubt.LINKED: between(linked / size, 0.05, 0.4),
        Doubt.CUT: float(bool(blocks) and blocks[-1].text.rstrip(" ])").endswith(CUT)),
    }


def _box(block: Block) -> Node | None:
    return block.node.parent if block.tag in TEXT_TAGS else block.node


def _make(block: Block) -> Make:
    """How a paragraph is written: tag and class, and the class of the box around it."""
    box = _box(block)
    around = None if box is None else box.element.get("class")
    return block.tag, block.node.element.get("class"), around


def _most_beside(nodes: Sequence[Node], root: Node) -> float:
    """The greatest value of an element that neither holds another one nor stands in it."""
    before = (node.value for node in nodes[: root.place] if node.end <= root.place)
    return max(chain(before, (node.value for node in nodes[root.end :])), default=0.0)


most_beside: Callable[[Sequence[Node], Node], float] = (
    _most_beside if CORE.compiled is None else CORE.compiled.most_beside
)


class _Surroundings:
    """A text among the other blocks of its page."""

    def __init__(self, choice: Choice, headline: str) -> None:
        self._choice, self._headline = choice, headline
        self._blocks, self._kept = choice.blocks, set(choice.kept)
        places = [at for at, block in enumerate(self._blocks) if block in self._kept]
        self._first, self._last = min(places, default=0), max(places, default=0)
        self._size = sum(block.size for block in self._kept) or 1
        self._prose = [block for block in self._blocks if is_prose(block)]

    def signs(self) -> Strengths:
        inside = self._blocks[self._first : self._last]
        left = [block for block in inside if block not in self._kept]
        texts = Counter(block.text for block in self._prose)
        twice = (block for block in self._prose if block in self._kept and texts[block.text] > 1)
        leads = sum(self._choice.root.holds(block.node) for block in self._choice.linked)
        return {
            **self._of_headings(),
            Doubt.ELSEWHERE: between(self._of_all_sentences(), 0.95, 0.3),
            Doubt.RIVAL: between(self._rival(), 0.1, 0.8),
            Doubt.OTHERWISE: between(self._agreement(), 0.97, 0.3),
            Doubt.ALIKE: by_ratio(0.02 + self._share(self._alike()), 0.03, 1),
            Doubt.WITHIN: between(self._share(filter(is_prose, left)), 0, 0.5),
            Doubt.GAP: by_ratio(0.02 + self._gap(inside) / self._size, 0.03, 1),
            Doubt.BROKEN: by_ratio(0.05 + len(left) / max(1, len(self._kept)), 0.1, 3),
            Doubt.FOOTER: between(self._share(self._after_footer()), 0, 0.5),
            Doubt.LEADS: between(leads, 0, 5),
            Doubt.REPEATED: between(self._share(twice), 0.05, 0.5),
        }

    def _share(self, blocks: Iterable[Block]) -> float:
        return sum(block.size for block in blocks) / self._size

    def _of_headings(self) -> Strengths:
        """How far it is from the headline above it, and whether another one stands in it."""
        name, most = letters(self._headline), 3 * len(self._headline.encode())
        headings = [at for at, block in enumerate(self._blocks) if block.tag == "h1"]
        named = [
            at
            for at, block in enumerate(self._blocks[: self._first + 1])
            if name and block.size <= most and letters(block.text) == name
        ]
        above = [at for at in (*headings, *named) if at <= self._first]
        inside = any(self._first < at < self._last for at in headings)
        return {
            Doubt.FAR: between(self._first - max(above), 4, 25) if above else 1.0,
            Doubt.HEADLINES: float(inside),
        }

    def _of_all_sentences(self) -> float:
        """The share of the page's sentences that it has."""
        found = [block for block in self._prose if is_sentence(block)]
        every = sum(block.size for block in found)
        return sum(block.size for block in found if block in self._kept) / every if every else 1.0

    def _rival(self) -> float:
        """What the best other element weighs, as a share of its own."""
        root = self._choice.root
        return most_beside(self._choice.nodes, root) / max(1.0, root.value)

    def _agreement(self) -> float:
        """The F1 of it against the element that the most paragraphs stand close together in."""
        weights: Counter[Node] = Counter()
        for block in self._prose:
            parent = block.node.parent
            if block.tag == "p" and parent is not None:
                weights[parent] += 2 * block.size
                if parent.parent is not None:
                    weights[parent.parent] += block.size
        if not weights:
            return 0.5
        best = max(weights, key=lambda node: weights[node])
        other = {block for block in self._prose if best.holds(block.node)}
        own = {block for block in self._prose if block in self._kept}
        both = sum(block.size for block in own & other)
        return 2 * both / (sum(block.size for block in (*own, *other)) or 1)

    def _alike(self) -> list[Block]:
        """Prose that is left out and made as much of what is not."""
        makes: Counter[Make] = Counter()
        others: list[tuple[Make, Block]] = []
        for block in self._prose:
            made = _make(block)
            if block in self._kept:
                makes[made] += block.size
            else:
                others.append((made, block))
        return [block for made, block in others if makes[made] > MADE_OF * self._size]

    def _gap(self, blocks: Iterable[Block]) -> int:
        """The bytes of the longest run of blocks that are left out."""
        longest = run = 0
        for block in blocks:
            run = 0 if block in self._kept else run + block.size
            longest = max(longest, run)
        return longest

    def _after_footer(self) -> Iterable[Block]:
        blocks = iter(self._blocks)
        known: dict[Region | None, bool] = {None: False}
        for block in blocks:
            region = block.node.region
            if region is not None and region not in known:
                known[region] = any(each.kind is Kind.FOOTER for each in region.chain())
            if known[region] and block not in self._kept:
                break
        return [block for block in blocks if block in self._kept]

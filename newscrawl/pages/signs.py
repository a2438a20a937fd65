"""How strong each doubt of a text is, by how it lies on its page: from what was read anyway."""

from __future__ import annotations

import math
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from newscrawl.pages.bodies.boilerplate import TEXT_TAGS, Kind
from newscrawl.pages.bodies.telling import ends
from newscrawl.pages.core import CORE
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.doubts import Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

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
    texts = [block for block in choice.kept if not block.is_heading]
    kept = frozenset(choice.kept)
    found = {
        **of_page(told),
        **_of_text(made_of(texts)),
        Doubt.CUT: float(bool(texts) and texts[-1].text.rstrip(" ])").endswith(CUT)),
        **_of_page(choice, around(choice.blocks, kept, told.headline), len(kept)),
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


class Made(NamedTuple):
    """What a text is made of, in bytes of its blocks."""

    size: int
    named: int
    """In what is called boilerplate."""
    boxed: int
    """In the box that holds the most."""
    largest: int
    bare: int
    """Outside paragraphs."""
    ended: int
    """In blocks that end as a sentence does."""
    linked: int


class Around(NamedTuple):
    """How a text lies among the other blocks of its page: places are those of blocks, sums are bytes."""

    first: int
    size: int
    """At least 1."""
    above: int
    """The place of the last heading above the text, -1 without one."""
    headed: bool
    """Whether a main heading stands in it."""
    sentences: int
    own_sentences: int
    left: int
    """How many blocks are left out inside."""
    within: int
    """Of prose among them."""
    gap: int
    """Of the longest run of them."""
    shared: int
    """Of prose both in the text and where the most paragraphs stand close together."""
    of_both: int
    """Of prose in each of both."""
    alike: int
    """Of prose that is left out and made as much of what is not."""
    twice: int
    behind: int
    """Behind a footer."""


def _made_of(blocks: Sequence[Block]) -> Made:
    boxes: Counter[Node | None] = Counter()
    size = named = bare = ended = linked = largest = 0
    for block in blocks:
        told, box = block.size, _box(block)
        boxes[box and box.parent] += told
        size += told
        named += told if block.node.region is not None else 0
        bare += told if box is block.node else 0
        ended += told if ends(block.text) else 0
        linked += block.linked
        largest = max(largest, told)
    return Made(size, named, max(boxes.values(), default=0), largest, bare, ended, linked)


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


class _Lying:
    """One look at all blocks of a page."""

    def __init__(self, blocks: Sequence[Block], kept: Collection[Block]) -> None:
        self._blocks, self._kept = blocks, kept
        places = [at for at, block in enumerate(blocks) if block in kept]
        self._first, self._last = min(places, default=0), max(places, default=0)
        self._prose = [block for block in blocks if is_prose(block)]

    def sums(self, name: str, most: int) -> Around:
        size = _size(self._kept) or 1
        inside = self._blocks[self._first : self._last]
        left = [block for block in inside if block not in self._kept]
        texts = Counter(block.text for block in self._prose)
        twice = (block for block in self._prose if block in self._kept and texts[block.text] > 1)
        return Around(
            self._first,
            size,
            *self._headings(name, most),
            *self._sentences(),
            len(left),
            _size(filter(is_prose, left)),
            self._gap(inside),
            *self._agreeing(),
            _size(self._alike(MADE_OF * size)),
            _size(twice),
            _size(self._behind_footer()),
        )

    def _headings(self, name: str, most: int) -> tuple[int, bool]:
        """The place of the last one above the text, and whether one is inside.

        The letters of a text take at most twice its bytes.
        """
        headings = [at for at, block in enumerate(self._blocks) if block.tag == "h1"]
        least = len(name.encode()) or math.inf
        named = [
            at
            for at, block in enumerate(self._blocks[: self._first + 1])
            if least <= 2 * block.size <= 2 * most and letters(block.text) == name
        ]
        above = [at for at in (*headings, *named) if at <= self._first]
        return max(above, default=-1), any(self._first < at < self._last for at in headings)

    def _sentences(self) -> tuple[int, int]:
        """All of the page, and those of the text."""
        found = [block for block in self._prose if is_sentence(block)]
        return _size(found), _size(block for block in found if block in self._kept)

    def _agreeing(self) -> tuple[int, int]:
        """Both of the text and of the element that the most paragraphs stand close together in."""
        weights: Counter[Node] = Counter()
        for block in self._prose:
            parent = block.node.parent
            if block.tag == "p" and parent is not None:
                weights[parent] += 2 * block.size
                if parent.parent is not None:
                    weights[parent.parent] += block.size
        if not weights:
            return 0, 0
        best = max(weights, key=lambda node: weights[node])
        other = {block for block in self._prose if best.holds(block.node)}
        own = {block for block in self._prose if block in self._kept}
        return _size(own & other), _size((*own, *other))

    def _alike(self, least: float) -> list[Block]:
        makes: Counter[Make] = Counter()
        others: list[tuple[Make, Block]] = []
        for block in self._prose:
            made = _make(block)
            if block in self._kept:
                makes[made] += block.size
            else:
                others.append((made, block))
        return [block for made, block in others if makes[made] > least]

    def _gap(self, blocks: Iterable[Block]) -> int:
        """The bytes of the longest run of blocks that are left out."""
        longest = run = 0
        for block in blocks:
            run = 0 if block in self._kept else run + block.size
            longest = max(longest, run)
        return longest

    def _behind_footer(self) -> Iterable[Block]:
        blocks = iter(self._blocks)
        known: dict[Region | None, bool] = {None: False}
        for block in blocks:
            region = block.node.region
            if region is not None and region not in known:
                known[region] = is_footer(region)
            if known[region] and block not in self._kept:
                break
        return [block for block in blocks if block in self._kept]


def _size(blocks: Iterable[Block]) -> int:
    return sum(block.size for block in blocks)


def is_footer(region: Region) -> bool:
    return any(each.kind is Kind.FOOTER for each in region.chain())


class Rules(NamedTuple):
    """What the compiled sums ask for."""

    text_tags: frozenset[str] = TEXT_TAGS
    prose: int = PROSE
    sentence: int = SENTENCE
    linked: float = LINKED
    made_of: float = MADE_OF
    ends: Any = ends
    letters: Any = letters
    footer: Kind = Kind.FOOTER


RULES = Rules()


def made_of(blocks: list[Block]) -> Made:
    """The sums of a text without its headings."""
    if CORE.compiled is not None:
        return Made(*CORE.compiled.made_of(blocks, RULES))
    return _made_of(blocks)


def around(blocks: Sequence[Block], kept: Collection[Block], headline: str) -> Around:
    """The sums of a text among the blocks of its page."""
    name, most = letters(headline), 3 * len(headline.encode())
    if CORE.compiled is not None:
        return Around(*CORE.compiled.around(blocks, kept, name, most, rules=RULES))
    return _Lying(blocks, kept).sums(name, most)


def _of_text(made: Made) -> Strengths:
    """What its own blocks say."""
    size = made.size or 1
    return {
        Doubt.NAMED: between(made.named / size, 0.1, 0.8),
        Doubt.SCATTERED: between(made.boxed / size, 0.9, 0.1),
        Doubt.LUMP: between(made.largest / size, 0.3, 0.9),
        Doubt.BARE: between(made.bare / size, 0.1, 0.8),
        Doubt.UNENDED: between(made.ended / size, 0.9, 0.3),
        Doubt.LINKED: between(made.linked / size, 0.05, 0.4),
    }


def _of_page(choice: Choice, lying: Around, kept: int) -> Strengths:
    """What the blocks around it say; ``kept`` is how many it has."""
    root, size = choice.root, lying.size
    leads = sum(root.holds(block.node) for block in choice.linked)
    told = lying.own_sentences / lying.sentences if lying.sentences else 1.0
    rival = most_beside(choice.nodes, root) / max(1.0, root.value)
    agreed = 2 * lying.shared / lying.of_both if lying.of_both else 0.5
    far = lying.first - lying.above
    return {
        Doubt.FAR: between(far, 4, 25) if lying.above >= 0 else 1.0,
        Doubt.HEADLINES: float(lying.headed),
        Doubt.ELSEWHERE: between(told, 0.95, 0.3),
        Doubt.RIVAL: between(rival, 0.1, 0.8),
        Doubt.OTHERWISE: between(agreed, 0.97, 0.3),
        Doubt.ALIKE: by_ratio(0.02 + lying.alike / size, 0.03, 1),
        Doubt.WITHIN: between(lying.within / size, 0, 0.5),
        Doubt.GAP: by_ratio(0.02 + lying.gap / size, 0.03, 1),
        Doubt.BROKEN: by_ratio(0.05 + lying.left / max(1, kept), 0.1, 3),
        Doubt.FOOTER: between(lying.behind / size, 0, 0.5),
        Doubt.LEADS: between(leads, 0, 5),
        Doubt.REPEATED: between(lying.twice / size, 0.05, 0.5),
    }

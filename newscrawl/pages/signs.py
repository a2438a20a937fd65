"""How strong each doubt of a text is, by how the text lies on its page: from what was read anyway."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.bodies.boilerplate import TEXT_TAGS, Kind
from newscrawl.pages.doubts import Doubt
from newscrawl.pages.fields.titles import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newscrawl.pages.bodies.blocks import Block, Choice, Node
    from newscrawl.pages.doubts import Strengths

PROSE = 60
"""Bytes of a text that is no label."""
ENDS = frozenset(".!?…。！？।؟:;")
CLOSERS = "\"'”’»)）」』]* "


class Told(NamedTuple):
    """What the page says beside its blocks; numbers are of words."""

    words: int
    declared: int
    is_declared: bool
    headline: str
    is_paywalled: bool


def strengths(choice: Choice, told: Told) -> Strengths:
    """Return the strength of each doubt, 0 to 1; those without any are left out."""
    kept = choice.kept
    found = {**_of_page(told), **_of_text(kept), **_around(choice), **_of_headline(choice, told)}
    return {doubt: round(strength, 3) for doubt, strength in found.items() if strength > 0}


def between(value: float, none: float, full: float) -> float:
    """Where a value lies on the way from no doubt to a full one."""
    return min(1.0, max(0.0, (value - none) / (full - none)))


def by_ratio(value: float, none: float, full: float) -> float:
    """The same where twice as much is as far as half as much."""
    return between(math.log(max(value, 1e-6)), math.log(none), math.log(full))


def is_prose(block: Block) -> bool:
    return not block.is_heading and block.size >= PROSE and block.linked <= block.size / 2


def _of_page(told: Told) -> Strengths:
    less = told.declared / max(1, told.words)
    return {
        Doubt.SHORT: by_ratio(told.words, 400, 60),
        Doubt.UNDECLARED: float(not told.is_declared),
        Doubt.SHORTER: between(less, 1.2, 2) if told.declared else 0.0,
        Doubt.CUT: float(told.is_paywalled),
    }


def _of_text(kept: Iterable[Block]) -> Strengths:
    """What its own blocks say."""
    blocks = [block for block in kept if not block.is_heading]
    size = sum(block.size for block in blocks) or 1

    def share(fits: Callable[[Block], bool]) -> float:
        return sum(block.size for block in blocks if fits(block)) / size

    boxes: Counter[Node | None] = Counter()
    for block in blocks:
        boxes[_box(block)] += block.size
    return {
        Doubt.UNENDED: between(share(_ends), 0.9, 0.3),
        Doubt.BARE: between(share(lambda block: block.tag not in TEXT_TAGS), 0.1, 0.8),
        Doubt.LUMP: between(max((block.size for block in blocks), default=0) / size, 0.3, 0.9),
        Doubt.LINKED: between(sum(block.linked for block in blocks) / size, 0.05, 0.4),
        Doubt.SCATTERED: between(max(boxes.values(), default=0) / size, 0.9, 0.1),
        Doubt.NAMED: between(share(lambda block: block.node.region is not None), 0.1, 0.8),
    }


def _box(block: Block) -> Node | None:
    """The element around the one that a paragraph stands in."""
    node = block.node.parent if block.tag in TEXT_TAGS else block.node
    return None if node is None else node.parent


def _ends(block: Block) -> bool:
    return block.text.rstrip(CLOSERS)[-1:] in ENDS


def _around(choice: Choice) -> Strengths:
    """What lies beside it on the page."""
    kept, blocks = set(choice.kept), choice.blocks
    places = [at for at, block in enumerate(blocks) if block in kept]
    first, last = places[0], places[-1]
    size = sum(block.size for block in kept)
    before = _prose(blocks[:first], kept)
    inside = _prose(blocks[first:last], kept)
    after = _prose(blocks[last:], kept)
    texts = Counter(block.text for block in blocks if block.size >= PROSE)
    twice = sum(block.size for block in kept if texts[block.text] > 1)
    teasers = sum(choice.root.holds(block.node) for block in choice.linked)
    return {
        Doubt.SMALL: by_ratio(size / sum(block.size for block in blocks), 0.7, 0.1),
        Doubt.BEFORE: by_ratio(before / size, 0.05, 2),
        Doubt.WITHIN: between(inside / size, 0, 0.5),
        Doubt.AFTER: by_ratio(after / size, 0.05, 2),
        Doubt.GAP: by_ratio(_gap(blocks[first:last], kept) / size, 0.03, 1),
        Doubt.RIVAL: between(_rival(choice), 0.1, 0.8),
        Doubt.FOOTER: between(_after_footer(choice) / size, 0, 0.5),
        Doubt.TEASERS: between(teasers, 0, 5),
        Doubt.REPEATED: between(twice / size, 0.05, 0.5),
    }


def _prose(blocks: Iterable[Block], kept: set[Block]) -> int:
    return sum(block.size for block in blocks if block not in kept and is_prose(block))


def _gap(blocks: Iterable[Block], kept: set[Block]) -> int:
    """The bytes of the longest run of blocks that are left out."""
    longest = run = 0
    for block in blocks:
        run = 0 if block in kept else run + block.size
        longest = max(longest, run)
    return longest


def _rival(choice: Choice) -> float:
    root = choice.root
    beside = (node.value for node in choice.nodes if not node.holds(root) and not root.holds(node))
    return max(beside, default=0.0) / max(1.0, root.value)


def _after_footer(choice: Choice) -> int:
    kept = set(choice.kept)
    blocks = iter(choice.blocks)
    for block in blocks:
        if block not in kept and _is_footer(block):
            break
    return sum(block.size for block in blocks if block in kept)


def _is_footer(block: Block) -> bool:
    region = block.node.region
    return region is not None and any(each.kind is Kind.FOOTER for each in region.chain())


def _of_headline(choice: Choice, told: Told) -> Strengths:
    """How far it is from the headline above it, and whether another one stands in it."""
    name, kept = letters(told.headline), set(choice.kept)
    first = next(at for at, block in enumerate(choice.blocks) if block in kept)
    last = max(at for at, block in enumerate(choice.blocks) if block in kept)
    headings = [at for at, block in enumerate(choice.blocks) if block.tag == "h1"]
    named = [
        at
        for at, block in enumerate(choice.blocks)
        if block.size <= 3 * len(told.headline.encode()) and name and letters(block.text) == name
    ]
    above = [at for at in (*headings, *named) if at <= first]
    far = between(first - max(above), 4, 25) if above else 1.0
    inside = any(first < at < last for at in headings)
    return {Doubt.FAR: far, Doubt.HEADLINES: float(inside)}

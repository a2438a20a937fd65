"""Near-duplicates: sampled shingles find the candidates, all shingles and the figures decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from heapq import nsmallest
from itertools import groupby
from typing import NamedTuple

import xxhash

from newscrawl.dedup.signatures import folded, is_unspaced, words

MIN_SAMPLE = 24
"""Sampled shingles of a text; one with fewer shingles is only compared as a whole."""
MIN_SHARED = 3
"""Sampled shingles that two texts share before they are compared."""
MIN_CONTAINMENT = 0.2
"""Of a copy with three of ten words changed .34; two reports of one event stay below .15."""
MIN_JACCARD = 0.1
"""Of texts of one length what the least containment comes to; a long one that only quotes has less."""
EXCERPT = 0.5
"""The containment from which the Jaccard index, small for any excerpt, is not asked."""
MIN_FIGURES = 3
"""Places with a figure that two texts share before their figures say anything."""
SAME_FIGURES = 0.5
"""Share of these places where the figure is the same, less in two reports of one template."""

_SAMPLED_BELOW = 2**64 // 16
_DROPPED_BITS = 12
"""Of the 60 bits that sampled hashes have: six bytes each in the index, unique in any dataset."""
_END = "."


class Similarity(NamedTuple):
    """How alike two texts are, each from 0 to 1."""

    containment: float
    """Share of the shingles of the text with fewer that are in the other one too."""
    jaccard: float
    figures: float
    """Share of equal figures among those between the same words; 1 where there are too few."""

    @property
    def is_copy(self) -> bool:
        return (
            self.containment >= MIN_CONTAINMENT
            and (self.jaccard >= MIN_JACCARD or self.containment >= EXCERPT)
            and self.figures >= SAME_FIGURES
        )


class Shingled:
    """A text as its shingles: three words in a row, of unspaced scripts five characters.

    Three Chinese words have about five characters.
    """

    def __init__(self, text: str) -> None:
        self._words = words(folded(text))
        self._size = 5 if is_unspaced(self._words) else 3

    @cached_property
    def hashes(self) -> frozenset[int]:
        """XXH3-64 of each distinct shingle."""
        rows = zip(*(self._words[at:] for at in range(self._size)), strict=False)
        return frozenset(map(xxhash.xxh3_64_intdigest, map(str.encode, map(" ".join, rows))))

    @cached_property
    def sample(self) -> list[int]:
        """The sampled hashes, ascending, cut to 48 bits; empty for texts too short to compare.

        FracMinHash: those below 2⁶⁴/16, so that samples of texts of any length share what
        the texts share. The lowest ``MIN_SAMPLE`` where these are fewer.
        """
        if len(self.hashes) < MIN_SAMPLE:
            return []
        found = sorted(value for value in self.hashes if value < _SAMPLED_BELOW)
        if len(found) < MIN_SAMPLE:
            found = nsmallest(MIN_SAMPLE, self.hashes)
        return [value >> _DROPPED_BITS for value in found]

    @cached_property
    def figures(self) -> dict[tuple[str, str], Counter[str]]:
        """The figures by the words before and after; digits with nothing but signs between are one."""
        found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        before, figure = "", ""
        for is_figure, run in groupby([*self._words, _END], _starts_with_digit):
            if is_figure:
                figure = " ".join(run)
                continue
            first, *rest = run
            if figure:
                found[before, first][figure] += 1
            before = rest[-1] if rest else first
        return found

    def compare(self, other: Shingled) -> Similarity:
        shared = len(self.hashes & other.hashes)
        smaller = min(len(self.hashes), len(other.hashes))
        if not smaller:
            return Similarity(0.0, 0.0, 1.0)
        union = len(self.hashes) + len(other.hashes) - shared
        return Similarity(shared / smaller, shared / union, self._same_figures(other))

    def _same_figures(self, other: Shingled) -> float:
        places = self.figures.keys() & other.figures.keys()
        shared = same = 0
        for place in places:
            mine, others = self.figures[place], other.figures[place]
            shared += min(mine.total(), others.total())
            same += (mine & others).total()
        return same / shared if shared >= MIN_FIGURES else 1.0


def _starts_with_digit(word: str) -> bool:
    return word[0].isdigit()

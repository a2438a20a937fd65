"""Near-duplicates: sampled shingles find the candidates, all shingles and the figures decide."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import groupby
from typing import NamedTuple, TypeVar

import xxhash

from newscrawl.dedup.signatures import (
    MAX_REMEMBERED,
    REMEMBERED,
    features,
    folded,
    folded_words,
    is_unspaced,
)

MIN_SAMPLE = 24
"""Sampled shingles of a text; one with fewer shingles is only compared as a whole."""
MAX_SAMPLE = 4096
"""The same of a text as long as a novel."""
MIN_SHARED = 3
"""Sampled shingles that two texts share before they are compared."""
MIN_SAMPLED = 0.15
"""Share of the smaller sample that is shared then; of a copy with three of ten words changed .34."""
MIN_CONTAINMENT = 0.2
"""Two reports of one event stay below .15."""
MIN_JACCARD = 0.1
"""Of texts of one length what the least containment comes to; a long one that only quotes has less."""
EXCERPT = 0.5
"""The containment from which the Jaccard index, small for any excerpt, is not asked."""
MIN_FIGURES = 3
"""Places with a figure that two texts share before their figures say anything."""
SAME_FIGURES = 0.5
"""Share of these places where the figure is the same, less in two reports of one template."""
SPACED = 3
"""Words in a shingle where spaces part them."""
MIN_NAMES = 3
SAME_NAMES = 0.6
"""Share of the names in the text that has fewer; reports of one trade share some of them."""
SCATTERED = 0.95
"""Share of the words that edits all over would keep; where only whole sentences are shared it is less."""
FRACTIONS = frozenset({"2", "4", "8", "16", "32", "64"})
YEARS = frozenset(map(str, range(1900, 2100)))

_SAMPLED_BELOW = 2**64 // 16
_DROPPED_BITS = 12
"""Of the 60 bits that sampled hashes have: six bytes each in the index, unique in any dataset."""
_DENSE = _SAMPLED_BELOW >> _DROPPED_BITS
_END = "."
_NAME = re.compile(r"(?<=[\w,;]\s)[^\W\d_]\w+")
"""A word within a sentence."""

T = TypeVar("T")


class Similarity(NamedTuple):
    """How alike two texts are, each from 0 to 1."""

    containment: float
    """Share of the shingles of the text with fewer that are in the other one too."""
    jaccard: float

    @property
    def is_close(self) -> bool:
        return self.containment >= MIN_CONTAINMENT and (
            self.jaccard >= MIN_JACCARD or self.containment >= EXCERPT
        )


class Shingled:
    """A text as its shingles: three words in a row, of unspaced scripts five characters.

    Three Chinese words have about five characters.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = folded_words(text)
        self._size = 5 if is_unspaced(self._words) else SPACED

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        return frozenset(self._in_a_row(self._words))

    @cached_property
    def sample(self) -> list[int]:
        """Hashes (XXH3-64) of sampled shingles, ascending, cut to 48 bits; none of a short text.

        FracMinHash: those below 2⁶⁴/16, so that samples of texts of any length share what
        the texts share. The lowest ``MIN_SAMPLE`` where these are fewer.
        """
        encoded = " ".join(self._words).encode().split()
        runs = map(b" ".join, self._in_a_row(encoded))
        hashes = set(map(xxhash.xxh3_64_intdigest, runs))
        if len(hashes) < MIN_SAMPLE:
            return []
        found = sorted(value for value in hashes if value < _SAMPLED_BELOW)[:MAX_SAMPLE]
        if len(found) < MIN_SAMPLE:
            found = nsmallest(MIN_SAMPLE, hashes)
        return [value >> _DROPPED_BITS for value in found]

    @property
    def sampled(self) -> int:
        """Hashes of the sample that every text with their shingles has in its own."""
        return bisect_left(self.sample, _DENSE)

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

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital within a sentence."""
        found = (name for name in _NAME.findall(self._text) if name[0].isupper())
        return frozenset(folded(name) for name in found)

    def _in_a_row(self, words: Sequence[T]) -> Iterator[tuple[T, ...]]:
        return zip(*(words[at:] for at in range(self._size)), strict=False)

    def compare(self, other: Shingled) -> Similarity:
        shared = len(self.shingles & other.shingles)
        smaller = min(len(self.shingles), len(other.shingles))
        if not smaller:
            return Similarity(0.0, 0.0)
        union = len(self.shingles) + len(other.shingles) - shared
        return Similarity(shared / smaller, shared / union)

    def is_copy_of(self, other: Shingled, similarity: Similarity) -> bool:
        """Whether two texts of such a similarity are one story, and not reports of one template."""
        if not similarity.is_close:
            return False
        if similarity.containment >= EXCERPT:
            return self._same_figures(other) >= SAME_FIGURES
        figures = self._same_figures(other, telling=True)
        return figures >= SAME_FIGURES and (
            self._shares_figures(other)
            or self._shares_names(other)
            or self._shares_words(other, similarity.containment)
        )

    def _same_figures(self, other: Shingled, *, telling: bool = False) -> float:
        """Share of equal figures among those between the same words; 1 where there are too few."""
        shared, same = self._figures_shared(other, telling=telling)
        return same / shared if shared >= MIN_FIGURES else 1.0

    def _figures_shared(self, other: Shingled, *, telling: bool) -> tuple[int, int]:
        """Figures between the same words, and how many of them are equal.

        With ``telling``, equal ones that are usual do not count.
        """
        places = self.figures.keys() & other.figures.keys()
        shared = same = 0
        for place in places:
            mine, others = self.figures[place], other.figures[place]
            equal = mine & others
            usual = sum(equal[figure] for figure in equal if _is_usual(figure)) if telling else 0
            shared += min(mine.total(), others.total()) - usual
            same += equal.total() - usual
        return shared, same

    # Below half of the shingles: what the usual sentences of one trade do not share

    def _shares_figures(self, other: Shingled) -> bool:
        return self._figures_shared(other, telling=True)[1] >= MIN_FIGURES

    def _shares_names(self, other: Shingled) -> bool:
        shared = len(self.names & other.names)
        smaller = min(len(self.names), len(other.names))
        return shared >= MIN_NAMES and shared >= SAME_NAMES * smaller

    def _shares_words(self, other: Shingled, containment: float) -> bool:
        """Whether words are shared all over, as after many edits, not only in whole sentences.

        If a shingle of ``n`` words is kept with probability p, each word is kept with its ``n``-th root.
        """
        mine, others = features(self._text), features(other._text)
        shared, smaller = len(mine & others), min(len(mine), len(others))
        in_a_row = 2 if self._size > SPACED else 1
        kept: float = containment ** (in_a_row / self._size)
        return shared >= SCATTERED * smaller * kept


def shingled(text: str) -> Shingled:
    """Return a text as its shingles, the same ones for a while: candidates come again and again."""
    return _shingled(text) if len(text) <= MAX_REMEMBERED else Shingled(text)


@lru_cache(maxsize=REMEMBERED)
def _shingled(text: str) -> Shingled:
    return Shingled(text)


def _is_usual(figure: str) -> bool:
    """Whether a figure is a fraction, round, small or a year: such are the same in any two reports."""
    *before, last = parts = figure.split()
    if before and last in FRACTIONS and before[-1].isdecimal() and int(before[-1]) < int(last):
        return True
    digits = "".join(parts)
    return len(digits.rstrip("0")) <= 1 or (len(parts) == 1 and digits in YEARS)


def _starts_with_digit(word: str) -> bool:
    return word[0].isdigit()

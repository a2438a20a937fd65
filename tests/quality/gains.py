"""Whether a lead is more than chance: paired bootstrap over the pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from operator import itemgetter

from tests.quality.bodies import balanced

DRAWS = 2_000
LOW = 0.025
"""The lower end of an interval that holds 95 % of the draws."""

Parts = tuple[float, ...]
Measure = Callable[[Sequence[float], int], float]
"""From the sums of the pages' parts and the number of pages to the figure."""


def mean(sums: Sequence[float], pages: int) -> float:
    return sums[0] / pages


def f1_of_means(sums: Sequence[float], pages: int) -> float:
    """Of sums of precision and recall."""
    return balanced(sums[0] / pages, sums[1] / pages)


def f1_of_counts(sums: Sequence[float], _pages: int) -> float:
    """Of what was right, said and meant, over all pages together."""
    right, said, meant = sums
    return balanced(right / said if said else 0.0, right / meant if meant else 0.0)


def figure(pages: Sequence[Parts], measure: Measure) -> float:
    return measure([sum(column) for column in zip(*pages, strict=True)], len(pages))


def gain_low(ours: Sequence[Parts], theirs: Sequence[Parts], measure: Measure) -> float:
    """The lower end of the 95 % interval of our figure over theirs, the same pages drawn for both."""
    count = len(ours)
    if count < 2:
        return 0.0
    columns = list(
        zip(*(mine + other for mine, other in zip(ours, theirs, strict=True)), strict=True)
    )
    split, draw, places = len(ours[0]), random.Random(0), range(count)
    gains = []
    for _ in range(DRAWS):
        drawn = itemgetter(*draw.choices(places, k=count))
        sums = [sum(drawn(column)) for column in columns]
        gains.append(measure(sums[:split], count) - measure(sums[split:], count))
    return sorted(gains)[int(DRAWS * LOW)]

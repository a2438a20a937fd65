"""How many articles a site has, by capture and recapture: two samples that know little of each other."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

EACH_WAY = 0.025
"""The chance that the true number lies below the interval, and that it lies above."""
NEGLIGIBLE = 1e-12


class Estimate(NamedTuple):
    """The number of articles on a site by capture and recapture, with its 95 % interval.

    ``high`` is ``None`` where the samples share too little to exclude any number. All of it assumes
    that standing on a listing says nothing about being linked by other articles; where it
    makes that likelier, as with popular stories, the true number is higher, and only ``low``
    holds.
    """

    listed: int
    linked: int
    both: int
    total: float
    low: int
    high: int | None


def estimate(listed: int, linked: int, both: int) -> Estimate | None:
    """Return the estimate from two samples, ``None`` where one of them is empty.

    The number is Chapman's (1951); the interval is exact: from the least to the greatest number
    at which an overlap as far off as this one, to that side, has a chance of 2.5 %, after Clopper
    and Pearson (1934), here of the hypergeometric distribution (Seber, The Estimation of Animal
    Abundance, 1982, chapter 3). Its upper end is the first number excluded, so that it has a width
    also where the samples are the same.
    """
    if not listed or not linked:
        return None
    samples = listed, linked, both
    total = (listed + 1) * (linked + 1) / (both + 1) - 1
    low = _first(listed + linked - both, lambda number: _fewer(number, *samples) > EACH_WAY)
    high = _first(low + 1, lambda number: _more(number, *samples) <= EACH_WAY) if both else None
    return Estimate(*samples, total, low, high)


def _first(start: int, holds: Callable[[int], bool]) -> int:
    """Return the first number from ``start`` on for which something holds, as for all after it."""
    step = 1
    while not holds(start + step - 1):
        step *= 2
    return start + bisect_left(range(step), x=True, key=lambda each: holds(start + each))


def _more(number: int, listed: int, linked: int, both: int) -> float:
    """Return the chance that two samples at so many articles share ``both`` or more."""
    if both > listed * linked / number:
        return _tail(number, listed, linked, both, 1)
    return 1 - _tail(number, listed, linked, both - 1, -1)


def _fewer(number: int, listed: int, linked: int, both: int) -> float:
    if both < listed * linked / number:
        return _tail(number, listed, linked, both, -1)
    return 1 - _tail(number, listed, linked, both + 1, 1)


def _tail(number: int, listed: int, linked: int, shared: int, step: int) -> float:
    """Return the chance of an overlap of ``shared`` or beyond, on the far side of the mean."""
    neither = number - listed - linked
    if not max(0, -neither) <= shared <= min(listed, linked):
        return 0.0
    chance = math.exp(
        _ways(listed, shared) + _ways(number - listed, linked - shared) - _ways(number, linked)
    )
    total = 0.0
    while chance > total * NEGLIGIBLE:
        total += chance
        if step > 0:
            chance *= (listed - shared) * (linked - shared)
            chance /= (shared + 1) * (neither + shared + 1)
        else:
            chance *= shared * (neither + shared)
            chance /= (listed - shared + 1) * (linked - shared + 1)
        shared += step
    return total


def _ways(of: int, taken: int) -> float:
    """Return the logarithm of the number of ways to take some of many."""
    return math.lgamma(of + 1) - math.lgamma(taken + 1) - math.lgamma(of - taken + 1)

"""How surely a text is the whole article and nothing else: named doubts, each with a weight.

Each doubt is as strong as its sign, 0 to 1, and against a text speak the sums of strength and
weight. The weights and ``FOR`` are of a logistic regression over the tuned half of the pages that
the project is measured on: whether less than four fifths of a text were right (F1). They were
drawn towards ``USUAL``, so that what is rare there has a say too. ``python -m
tests.quality.calibrate`` makes them again, and prints how well they part the pages of both halves.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

DOUBTFUL = 0.9
"""Confidence below which a text is doubtful: that of a tenth of the articles it was made from."""
TOLD = 0.3
"""Strength from which a doubt is told."""
USUAL = 0.4
"""Weight of a doubt of which nothing is known."""


class Doubt(StrEnum):
    """What speaks against a text."""

    SHORT = "few words"
    SHORTER = "fewer words than declared"
    UNDECLARED = "the page does not call itself an article"
    UNDECIDED = "hardly told from pages of other kinds"
    PAID = "behind a paywall"
    FAR = "far from the headline"
    HEADLINES = "another main heading inside"
    ELSEWHERE = "sentences elsewhere on the page"
    RIVAL = "another part of the page has as much"
    OTHERWISE = "most paragraphs together are elsewhere"
    ALIKE = "what looks like it is left out"
    WITHIN = "prose left out inside"
    GAP = "a long stretch left out inside"
    BROKEN = "broken up by labels"
    NAMED = "in what is called boilerplate"
    FOOTER = "after a footer"
    LEADS = "headings inside that lead elsewhere"
    LISTS = "a page of many links to articles"
    SCATTERED = "spread over many boxes"
    LUMP = "most of it is one block"
    BARE = "text outside paragraphs"
    UNENDED = "lines that are no sentences"
    LINKED = "much of it is links"
    REPEATED = "said twice on the page"
    CUT = "ends in an ellipsis"


WEIGHTS: Mapping[Doubt, float] = {
    Doubt.SHORT: 1.28,
    Doubt.SHORTER: 0.34,
    Doubt.UNDECLARED: 0.80,
    Doubt.UNDECIDED: 0.30,
    Doubt.PAID: 0.25,
    Doubt.FAR: 1.05,
    Doubt.HEADLINES: 0.05,
    Doubt.ELSEWHERE: 1.60,
    Doubt.RIVAL: 0.66,
    Doubt.OTHERWISE: 0.07,
    Doubt.ALIKE: 0.80,
    Doubt.WITHIN: 0.50,
    Doubt.GAP: 0.64,
    Doubt.BROKEN: 0.71,
    Doubt.NAMED: 0.53,
    Doubt.FOOTER: 0.11,
    Doubt.LEADS: 0.61,
    Doubt.LISTS: 0.44,
    Doubt.SCATTERED: 0.60,
    Doubt.LUMP: 0.39,
    Doubt.BARE: 0.56,
    Doubt.UNENDED: 0.91,
    Doubt.LINKED: 0.31,
    Doubt.REPEATED: 0.37,
    Doubt.CUT: 0.36,
}
FOR = 4.54
"""What speaks for a text without any doubt."""

Strengths = dict[Doubt, float]


class Weighed(NamedTuple):
    confidence: float
    doubts: list[str]


def weigh(found: Strengths) -> Weighed:
    """Return what doubts of these strengths come to; the strong ones are told, the weightiest first."""
    against = {doubt: WEIGHTS[doubt] * strength for doubt, strength in found.items()}
    confidence = 1 / (1 + math.exp(sum(against.values()) - FOR))
    told = [each for each in found if found[each] >= TOLD and against[each] > 0]
    told.sort(key=lambda each: -against[each])
    return Weighed(round(confidence, 3), [str(each) for each in told])

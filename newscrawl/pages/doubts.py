"""How surely a text is the whole article and nothing else: named doubts, each with a weight.

Each doubt is as strong as its sign, 0 to 1. The weights and ``EVEN`` are of a logistic regression:
what confidence says is the share of texts like this one whose words were right by 80 % and more.
They were made from the tuned half of the pages that ``python -m tests.quality`` scores;
``python -m tests.quality.calibrate`` makes them again, and says how well they part the pages.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

DOUBTFUL = 0.8
"""Confidence below which a text is doubtful: about a tenth of the pages it was made from."""
TOLD = 0.3
"""Strength from which a doubt is told."""


class Doubt(StrEnum):
    """What speaks against a text."""

    SHORT = "few words"
    UNDECLARED = "the page does not call itself an article"
    SHORTER = "not as long as declared"
    FAR = "far from the headline"
    HEADLINES = "another headline inside"
    SMALL = "small part of the page"
    BEFORE = "prose left out before"
    WITHIN = "prose left out inside"
    GAP = "long gap inside"
    AFTER = "prose left out after"
    RIVAL = "another part of the page has as much"
    NAMED = "in what is called boilerplate"
    FOOTER = "after a footer"
    TEASERS = "headings that lead elsewhere"
    LINKED = "many links"
    SCATTERED = "spread over many boxes"
    LUMP = "most of it is one block"
    BARE = "text outside paragraphs"
    UNENDED = "sentences without an end"
    REPEATED = "said twice on the page"
    DESCRIBED = "what the page says of itself stands elsewhere"
    CUT = "ends in an ellipsis, or behind a paywall"


WEIGHTS: Mapping[Doubt, float] = {
    Doubt.SHORT: 0.5,
    Doubt.UNDECLARED: 0.4,
    Doubt.SHORTER: 0.5,
    Doubt.FAR: 0.9,
    Doubt.HEADLINES: 0.7,
    Doubt.SMALL: 0.8,
    Doubt.BEFORE: 0.5,
    Doubt.WITHIN: 0.9,
    Doubt.GAP: 0.9,
    Doubt.AFTER: 0.9,
    Doubt.RIVAL: 0.5,
    Doubt.NAMED: 0.6,
    Doubt.FOOTER: 0.3,
    Doubt.TEASERS: 0.6,
    Doubt.LINKED: 0.3,
    Doubt.SCATTERED: 0.6,
    Doubt.LUMP: 0.5,
    Doubt.BARE: 0.4,
    Doubt.UNENDED: 0.7,
    Doubt.REPEATED: 0.3,
    Doubt.DESCRIBED: 0.3,
    Doubt.CUT: 0.3,
}
EVEN = -4.6
"""What speaks for a text without any doubt."""

Strengths = dict[Doubt, float]


class Weighed(NamedTuple):
    confidence: float
    doubts: list[str]


def weigh(found: Strengths) -> Weighed:
    """Return what doubts of these strengths come to; the strong ones are named, the weightiest first."""
    against = {doubt: WEIGHTS[doubt] * strength for doubt, strength in found.items()}
    confidence = 1 / (1 + math.exp(EVEN + sum(against.values())))
    told = (doubt for doubt, strength in found.items() if strength >= TOLD and WEIGHTS[doubt])
    return Weighed(
        round(confidence, 3), [str(each) for each in sorted(told, key=lambda each: -against[each])]
    )

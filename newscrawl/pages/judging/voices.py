"""Whether a page with text is an article: what speaks for it and against it, weighed together.

No single mark is to be trusted: WordPress calls its contact page an article, a shop sells below
its guides, a short story stands among forty teasers. The weights are those of a logistic
regression over pages of many kinds, rounded: a sum of 0 is as likely an article as not.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.judging.evidence import Evidence, Template

if TYPE_CHECKING:
    from collections.abc import Callable

FLOW = 200
"""Words of a text that neither speaks for an article nor against it."""
BY_ITSELF = 3.0
"""What a page with text has before anything is looked at: most are articles."""


class Voice(NamedTuple):
    name: str
    weight: float
    says: Callable[[Evidence], float]


class Weighed(NamedTuple):
    """``total`` is 0 or more for an article; ``told_by`` names what spoke loudest for that side."""

    total: float
    told_by: str


def _flow(seen: Evidence) -> float:
    """Doublings of that; old layouts have no paragraphs, which says nothing."""
    if not seen.shape.paragraphs:
        return 0.0
    return max(-3.0, min(3.0, log2((seen.shape.flow + 25) / FLOW)))


def _times(count: int, most: float) -> float:
    return min(log2(1 + count), most)


VOICES = (
    Voice("running text", 0.5, _flow),
    Voice("own claim", 1.0, lambda seen: seen.typed or seen.dated),
    Voice("og:type", 0.4, lambda seen: seen.shared),
    Voice("date at the headline", 1.3, lambda seen: seen.shape.near),
    Voice("author", 0.7, lambda seen: seen.shape.signed),
    Voice("tags", 0.8, lambda seen: seen.shape.tagged),
    Voice("headline in the title", 0.4, lambda seen: seen.shape.titled),
    Voice("words of the address", 0.1, lambda seen: min(seen.shape.slug, 6)),
    Voice("number in the address", 1.0, lambda seen: seen.shape.numbered),
    Voice("short", -0.5, lambda seen: seen.is_short),
    Voice("texts in boxes", -0.8, lambda seen: seen.shape.boxes),
    Voice("headings in boxes", -0.35, lambda seen: _times(seen.shape.sections, 5)),
    Voice("articles before the text", -0.1, lambda seen: _times(seen.shape.between, 6)),
    Voice("buttons", -0.35, lambda seen: _times(seen.shape.buttons, 5)),
    Voice("marks of a shop", -0.27, lambda seen: _times(seen.shape.goods, 7)),
    Voice("product", -1.2, lambda seen: seen.shape.sold),
    Voice("template of a page", -0.9, lambda seen: seen.template is Template.PAGE),
)


def weigh(seen: Evidence) -> Weighed:
    said = [(each.weight * each.says(seen), each.name) for each in VOICES]
    total = round(BY_ITSELF + sum(weight for weight, _ in said), 2)
    loudest = max(said) if total >= 0 else min(said)
    return Weighed(total, loudest[1])

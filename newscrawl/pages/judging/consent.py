"""Regions of a page that ask for consent to cookies, by their names."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from newscrawl.pages.documents.document import holds
from newscrawl.pages.documents.elements import may_have
from newscrawl.pages.documents.layout import edge_words
from newscrawl.pages.documents.remembered import Remembered

if TYPE_CHECKING:
    from newscrawl.pages.documents.document import Element

MAX_ANCESTORS = 400
REGIONS = frozenset({"div", "section", "aside", "dialog", "form", "main"})
CONSENT = re.compile(
    r"(?:cookie|consent|gdpr|cmp-?(?:box|modal|banner|container|wrapper|dialog|ui)|onetrust"
    r"|privacy-?(?:wall|gate|manager|prompt))(?!.?(?:policy|declaration|page|statement))",
    re.IGNORECASE,
)
"""In the name of an element."""
CONSENT_BY = ("cookie", "consent", "gdpr", "cmp", "onetrust", "privacy")
CONSENTING = Remembered[bool](lambda named: CONSENT.search(named) is not None)


def asks_consent(element: Element | None) -> bool:
    """Whether an element is, or stands in, a region named for consent."""
    if element is None:
        return False
    around = islice(element.iterancestors(), MAX_ANCESTORS)
    return is_consent_region(element) or any(map(is_consent_region, around))


def names_consent(names: str) -> bool:
    """Whether a region for consent is among many names, of which most pages have none."""
    return may_have(names, CONSENT_BY) and CONSENT.search(names) is not None


def is_consent_region(element: Element) -> bool:
    """By the name of an element, unless it wraps a page that shows such a region."""
    if element.tag not in REGIONS:
        return False
    named = f"{element.get('id') or ''} {element.get('class') or ''}"
    if not CONSENTING[named]:
        return False
    tokens = (each for each in named.split() if CONSENT.search(each))
    parts = (child for child in element if holds(child, ("main", "article", "nav")))
    return bool(edge_words(tokens)) and next(parts, None) is None

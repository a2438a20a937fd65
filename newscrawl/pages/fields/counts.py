"""Numbers as pages write them: counters, and how long a story takes to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newscrawl.pages.documents.metadata import listed, strings, types

if TYPE_CHECKING:
    from newscrawl.pages.documents.document import Document
    from newscrawl.pages.documents.metadata import JsonObject

MAX_DIGITS = 12
COUNT = re.compile(r"(\d[\d.,\u00a0\u202f]*)\s*([km])?(?!\w)", re.IGNORECASE)
DURATION = re.compile(r"P(?:\d+D)?T?(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d+S)?$")
MOST = 10**MAX_DIGITS
MAX_NESTING = 3
COUNTERS = ("commentCount", "interactionCount")
COMMENTING = ("commentaction", "usercomments")
"""What schema.org calls it, and what it once did."""


def declared_comments(story: JsonObject) -> int | None:
    """``commentCount``, else that of the interactions which is of comments."""
    if not story:
        return None
    told = number(story.get("commentCount"))
    if told is not None:
        return told
    counters = (*listed(story.get("interactionStatistic")), *listed(story.get("interactionCount")))
    found = (number(commented(each)) for each in counters)
    return next((each for each in found if each is not None), None)


def commented(counter: Any) -> Any:
    """The number in ``"UserComments:12"``, or in an object of that type or for that action."""
    if isinstance(counter, str):
        kind, _, count_of_it = counter.partition(":")
        return count_of_it if kind.strip().lower() in COMMENTING else None
    if not isinstance(counter, dict):
        return None
    action = counter.get("interactionType")
    named = [*listed(action), *strings(action, "@id"), *strings(action, "@type")]
    kinds = types({"@type": named}) | types(counter)
    if kinds.isdisjoint(COMMENTING):
        return None
    told = counter.get("userInteractionCount")
    return counter.get("interactionCount") if told is None else told


def number(declared: Any) -> int | None:
    """A count as JSON has it, as a number, a text, or either in an object or a list of one."""
    if declared is None:
        return None
    for _ in range(MAX_NESTING):
        if isinstance(declared, list) and len(declared) == 1:
            declared = declared[0]
        elif isinstance(declared, dict):
            declared = declared.get("@value")
    if isinstance(declared, str):
        return count(declared)
    whole = isinstance(declared, int | float) and not isinstance(declared, bool)
    return int(declared) if whole and 0 <= declared < MOST else None


def count(text: str | None) -> int | None:
    """The first number of a counter: ``1,204``, ``1.2k``, ``٣ تعليقات``."""
    match = COUNT.search(text or "")
    if not match:
        return None
    digits, scale = match.groups()
    if scale:
        whole, _, part = digits.replace(",", ".").partition(".")
        factor = 1_000 if scale in "kK" else 1_000_000
        return (
            int(whole) * factor + int(f"{part:0<6.6}") * factor // 1_000_000
            if (whole + (part or "0")).isdecimal() and len(whole) < MAX_DIGITS
            else None
        )
    plain = "".join(filter(str.isdecimal, digits))
    return int(plain) if len(plain) < MAX_DIGITS else None


def minutes(duration: str | None) -> int | None:
    """Whole minutes of an ISO 8601 duration, as in schema.org ``timeRequired``."""
    match = DURATION.match(duration or "")
    if not match or not any(match.groups()):
        return None
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def labelled_minutes(document: Document) -> int | None:
    """Yoast's pair of Twitter labels and data."""
    for number in ("1", "2"):
        if "reading time" in (document.meta(f"twitter:label{number}") or "").lower():
            return count(document.meta(f"twitter:data{number}"))
    return None

"""Numbers as pages write them: counters, and how long a story takes to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.pages.documents.document import Document

MAX_DIGITS = 12
COUNT = re.compile(r"(\d[\d.,\u00a0\u202f]*)\s*([km])?(?!\w)", re.IGNORECASE)
DURATION = re.compile(r"P(?:\d+D)?T?(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d+S)?$")


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

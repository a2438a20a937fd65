"""When a headline, a list of authors, a date and a lead picture are right.

A headline is right with equal letters, white space folded. A date is right on the same day in
either's own offset. A picture is right whatever its size: scheme, query and a size at the end of
its name say nothing.

Authors are right if the names are those of the truth. Where the truth is a list, names and order
are equal letter by letter. Where it is one string, case and order say nothing, and it may be read
in three ways, any of which will do: as one name; as several, parted by commas, semicolons, strokes
and words for "and"; and so without what is a degree and no name ("DVM", "Ph.D."), that is a part
without lower-case letters or with a dot inside, where the first name has lower-case letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from tests.quality.bodies import folded

BETWEEN = re.compile(r"\s*[,;|/&]\s*|\s+(?:and|und|et|y)\s+")
LED = re.compile(r"(?:written\s+)?by\s+", re.IGNORECASE)
DEGREE = re.compile(r"\w+\.\w[\w.]*|[^a-z]*")
SIZED = re.compile(r"-\d+x\d+(?=\.\w+$)")


def same_title(found: str | None, wanted: str) -> bool:
    return folded(found or "") == folded(wanted)


def same_people(found: Sequence[str], wanted: str | Sequence[str]) -> bool:
    if not isinstance(wanted, str):
        return list(map(folded, found)) == list(map(folded, wanted))
    return {folded(each).casefold() for each in found} in readings(wanted)


def readings(wanted: str) -> list[set[str]]:
    """The ways in which a byline of one string may be read."""
    whole = LED.sub("", folded(wanted), count=1) if LED.match(folded(wanted)) else folded(wanted)
    parts = [part for part in BETWEEN.split(whole) if part]
    has_degrees = not DEGREE.fullmatch(parts[0]) if parts else False
    names = [part for part in parts if not (has_degrees and DEGREE.fullmatch(part))]
    return [{each.casefold() for each in way} for way in ([whole], parts, names)]


def day(wanted: Any) -> datetime | None:
    """What a truth says; ``None`` where it is no day, and is not counted."""
    try:
        return datetime.fromisoformat(wanted)
    except (TypeError, ValueError):
        return None


def same_day(found: datetime | None, when: datetime) -> bool:
    if found is None:
        return False
    has_both = when.tzinfo is not None and found.tzinfo is not None
    local = found.astimezone(when.tzinfo) if has_both else found
    return when.date() in {found.date(), local.date()}


def same_picture(found: str | None, wanted: str) -> bool:
    return found is not None and picture(found) == picture(wanted)


def picture(url: str) -> str:
    path = unquote(url).partition("?")[0]
    return SIZED.sub("", re.sub(r"^https?:", "", path))

"""Readers for what a page says about itself: JSON-LD, dates, counts, languages."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JsonObject = dict[str, Any]

JSON_LD_TYPE = "application/ld+json"
MAX_JSON_LD = 1_000_000
"""Characters of one block; an article with its whole body stays far below."""
MAX_OBJECTS = 500
ARTICLE_TYPES = frozenset(
    {
        "advertisercontentarticle",
        "analysisnewsarticle",
        "article",
        "askpublicnewsarticle",
        "backgroundnewsarticle",
        "blogposting",
        "liveblogposting",
        "newsarticle",
        "opinionnewsarticle",
        "report",
        "reportagenewsarticle",
        "reviewnewsarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "techarticle",
    }
)
LISTING_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage"})
ASSUMED_UTC = ":assumed-utc"

WRAPPING = re.compile(r"^\s*(?:<!--|(?://\s*)?<!\[CDATA\[)|(?:(?://\s*)?\]\]>|-->)\s*$")
LANGUAGE = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_].*)?$", re.IGNORECASE
)
MAX_DIGITS = 12
COUNT = re.compile(r"(\d[\d.,\u00a0\u202f]*)\s*([km])?(?!\w)", re.IGNORECASE)
DURATION = re.compile(r"P(?:\d+D)?T?(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d+S)?$")


def json_ld_objects(blocks: Iterable[str]) -> Iterator[JsonObject]:
    """The objects of all blocks in order, lists and ``@graph`` opened, at most 500."""
    left = MAX_OBJECTS
    for block in blocks:
        pending: list[Any] = [loads(block)]
        while pending and left:
            value = pending.pop(0)
            if isinstance(value, list):
                pending[:0] = value[:left]
            elif isinstance(value, dict):
                left -= 1
                yield value
                pending[:0] = [value.get("@graph")]


def loads(block: str) -> Any:
    """JSON as pages write it: raw line breaks, comments around it, a semicolon after it."""
    if len(block) > MAX_JSON_LD:
        return None
    try:
        return json.loads(block, strict=False)
    except RecursionError:
        return None
    except ValueError:
        try:
            return json.loads(WRAPPING.sub("", block).strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            return None


def types(item: JsonObject) -> set[str]:
    """The types in lower case, without a namespace: JNews writes ``article``."""
    declared = item.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return {name.rpartition("/")[2].lower() for name in names if isinstance(name, str)}


def of_type(objects: Iterable[JsonObject], wanted: frozenset[str]) -> Iterator[JsonObject]:
    return (item for item in objects if not wanted.isdisjoint(types(item)))


def strings(value: Any, key: str = "name") -> list[str]:
    """The texts of a string, an object's ``key``, or a list of either; many escape them twice."""
    found = []
    for each in value if isinstance(value, list) else [value]:
        text = each.get(key) if isinstance(each, dict) else each
        if isinstance(text, str) and (text := " ".join(unescape(text).split())):
            found.append(text)
    return found


class Moment(NamedTuple):
    """``raw`` is the text as found; ``note`` says what was assumed to read it."""

    when: datetime
    raw: str
    note: str = ""


def moment(raw: str | None) -> Moment | None:
    """ISO 8601 or RFC 822; a time without offset counts as UTC and says so."""
    if not raw or len(raw) > 64:  # noqa: PLR2004 - no date is longer
        return None
    try:
        when = datetime.fromisoformat(raw.strip())
    except ValueError:
        try:
            when = parsedate_to_datetime(raw)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if when.utcoffset() is None:
        return Moment(when.replace(tzinfo=UTC), raw, ASSUMED_UTC)
    return Moment(when, raw)


def language(declared: str | None) -> str | None:
    """A BCP 47 tag of language, script and region in its usual letter case."""
    match = LANGUAGE.match((declared or "").strip())
    if not match:
        return None
    name, script, region = match.groups()
    parts = [name.lower(), script and script.title(), region and region.upper()]
    return "-".join(filter(None, parts))


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

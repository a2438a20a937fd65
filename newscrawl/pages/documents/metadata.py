"""Readers for what a page says about itself: JSON-LD, counts, languages."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

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

OPENING = r"^\s*(?:<!--|(?:/[/*]\s*)?<!\[CDATA\[(?:\s*\*/)?)"
CLOSING = r"(?:(?:/[/*]\s*)?\]\]>(?:\s*\*/)?|-->)\s*$"
WRAPPING = re.compile(rf"{OPENING}|{CLOSING}")
LANGUAGE = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_].*)?$", re.IGNORECASE
)
FALSE, TRUE = frozenset({"false", "no", "0"}), frozenset({"true", "yes", "1"})
TIERS = {"free": False, "metered": True, "locked": True}
MAX_WRAPPINGS = 3
"""A comment around CDATA around a semicolon."""
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
BACKSLASH = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
FILLING = re.compile(r"[\s\ufeff,;]*")
DECODER = json.JSONDecoder(strict=False)
NO_LANGUAGES = frozenset({"utf", "und", "mul", "xx"})
"""What stands for none: a charset in the wrong place, ISO 639-2's special codes."""
KEYWORD_ENDS = re.compile(r"[,;|、،]")
LABEL = re.compile(r"[^:]{2,30}:\s*\S")
MANY_LABELS = 3
"""A single tag may have a colon in it."""
CODE = re.compile(r"[@_]|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE)
MAX_KEYWORDS = 100
MAX_DIGITS = 12
COUNT = re.compile(r"(\d[\d.,\u00a0\u202f]*)\s*([km])?(?!\w)", re.IGNORECASE)
DURATION = re.compile(r"P(?:\d+D)?T?(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d+S)?$")


def json_ld_objects(blocks: Iterable[str]) -> Iterator[JsonObject]:
    """The objects of all blocks in order, at most 500; lists, graphs and main entities opened."""
    left = MAX_OBJECTS
    for block in blocks:
        pending = loads(block)
        while pending and left:
            value = pending.pop(0)
            if isinstance(value, list):
                pending[:0] = value[:left]
            elif isinstance(value, dict):
                left -= 1
                yield value
                pending[:0] = [value.get("@graph"), value.get("mainEntity")]


def loads(block: str) -> list[Any]:
    """The values of one block, as pages write JSON.

    Raw line breaks, comments around it, a semicolon after it, trailing commas, backslashes that
    escape nothing, quotation marks as entities, several objects one after the other.
    """
    if len(block) > MAX_JSON_LD:
        return []
    for mend in (str, unwrapped, mended, unescape):
        try:
            block = mend(block)
            return list(values(block))
        except RecursionError:
            return []
        except ValueError:
            continue
    return []


def unwrapped(block: str) -> str:
    for _ in range(MAX_WRAPPINGS):
        block = WRAPPING.sub("", block).strip().rstrip(";")
    return block


def mended(block: str) -> str:
    escaped = BACKSLASH.sub(lambda match: match[0] if match[1] else r"\\", block)
    return TRAILING_COMMA.sub(r"\1", escaped)


def values(block: str) -> Iterator[Any]:
    """Every value up to the end of the text."""
    place = FILLING.match(block).end()  # type: ignore[union-attr] # it matches nothing too
    while place < len(block):
        value, place = DECODER.raw_decode(block, place)
        yield value
        place = FILLING.match(block, place).end()  # type: ignore[union-attr] # as above


def types(item: JsonObject) -> set[str]:
    """The types in lower case, without a namespace: JNews writes ``article``."""
    declared = item.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return {name.rpartition("/")[2].lower() for name in names if isinstance(name, str)}


def of_type(objects: Iterable[JsonObject], wanted: frozenset[str]) -> Iterator[JsonObject]:
    return (item for item in objects if not wanted.isdisjoint(types(item)))


def stands_at(article: JsonObject, pages: Iterable[str]) -> bool:
    """Whether the object says that its page is one of these."""
    declared = [article.get(key) for key in ("url", "@id", "mainEntityOfPage")]
    return not {bare(each) for value in declared for each in strings(value, "@id")}.isdisjoint(
        map(bare, filter(None, pages))
    )


def bare(url: str) -> str:
    return url.partition("#")[0].rpartition("://")[2].removeprefix("www.").rstrip("/")


def strings(value: Any, key: str = "name") -> list[str]:
    """The texts of a string, an object's ``key``, or a list of either; many escape them twice."""
    named = (each.get(key) if isinstance(each, dict) else each for each in listed(value))
    texts = (text for each in named for text in listed(each) if isinstance(text, str))
    return list(filter(None, (" ".join(unescape(text).split()) for text in texts)))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def keywords(texts: Iterable[str]) -> list[str]:
    """Each once, however they are strung together; without a publisher's labels for machines."""
    words = [word.strip(" #") for text in texts for word in KEYWORD_ENDS.split(unescape(text))]
    labels = [word for word in words if LABEL.match(word)]
    machine = set(labels) if len(labels) >= MANY_LABELS else set()
    found = dict.fromkeys(word for word in words if word and word not in machine)
    return [word for word in found if not CODE.match(word)][:MAX_KEYWORDS]


def language(declared: str | None) -> str | None:
    """A BCP 47 tag of language, script and region in its usual letter case."""
    match = LANGUAGE.match((declared or "").strip())
    if not match or match[1].lower() in NO_LANGUAGES:
        return None
    name, script, region = match.groups()
    parts = [name.lower(), script and script.title(), region and region.upper()]
    return "-".join(filter(None, parts))


def paywalled(article: JsonObject) -> bool | None:
    """schema.org ``isAccessibleForFree`` the other way round; a locked part locks the article."""
    free = truth(article.get("isAccessibleForFree"))
    if free is not None:
        return not free
    for part in listed(article.get("hasPart")):
        if isinstance(part, dict) and truth(part.get("isAccessibleForFree")) is False:
            return True
    return None


def truth(value: Any) -> bool | None:
    """A boolean as pages write it: ``False``, ``"false"``, ``"http://schema.org/False"``."""
    word = str(value).rpartition("/")[2].strip().lower()
    return word in TRUE if word in TRUE | FALSE else None


def tier(declared: str | None) -> bool | None:
    """Facebook's ``article:content_tier``; schema.org too counts what is metered as not free."""
    return TIERS.get((declared or "").strip().lower())


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

"""Readers for what a page says about itself: JSON-LD, keywords, language, paywall."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

JsonObject = dict[str, Any]

JSON_LD_TYPE = "application/ld+json"
MAX_JSON_LD = 1_000_000
"""Characters of one block; an article with its whole body stays far below."""
MAX_OBJECTS = 500
MAX_UNIX_TIME = 1e14
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
NO_STORY_PAGES = LISTING_TYPES | {"profilepage"}
SITE_TYPES = frozenset({"website", "organization", "newsmediaorganization"})

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


def story_of(objects: Iterable[JsonObject], pages: Iterable[str], most: int) -> JsonObject:
    """The object of the page's own article; empty where there is none, or one a teaser.

    ``pages`` are the addresses of the page; more than ``most`` articles are teasers.
    """
    articles = of_type(objects, ARTICLE_TYPES)
    titled = [each for each in articles if each.get("headline") or each.get("name")]
    if len(titled) > 1:
        titled = [each for each in titled if stands_at(each, pages)] or titled
    return titled[0] if 0 < len(titled) <= most else {}


def page_of(objects: Iterable[JsonObject], pages: Collection[str]) -> JsonObject:
    """The ``WebPage`` that stands at one of the addresses, or says no address; else empty."""
    for each in objects:
        named = any(name.endswith("page") for name in types(each) - NO_STORY_PAGES)
        if named and (stands_at(each, pages) or not (each.get("url") or each.get("@id"))):
            return each
    return {}


def date_in(item: JsonObject, keys: Iterable[str]) -> str | None:
    """The first date of an object under one of the keys, also as a number or a typed value."""
    for key in keys:
        for value in listed(item.get(key)):
            if isinstance(value, (int, float)) and 0 < value < MAX_UNIX_TIME:
                return str(int(value))
            if found := strings(value, "@value"):
                return found[0]
    return None


def site_names(objects: Iterable[JsonObject]) -> Iterator[str]:
    """The names of publishers, and of the objects of a site itself."""
    for each in objects:
        yield from strings(each.get("publisher"))
        if not SITE_TYPES.isdisjoint(types(each)):
            yield from strings(each)


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

"""Readers for what a page says about itself: JSON-LD, keywords, language, paywall."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from newscrawl.pages.documents.json_text import MAX_LENGTH, loads
from newscrawl.pages.documents.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

JsonObject = dict[str, Any]

JSON_LD_TYPES = frozenset({"application/ld+json", "application/json+ld"})
MAX_JSON_LD = MAX_LENGTH
MAX_OBJECTS = 500
OPENED = ("@graph", "@included", "mainEntity")
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

LANGUAGE = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_].*)?$", re.IGNORECASE
)
NAMESPACE = re.compile(r"[/#:]")
EMPTY: tuple[Any, ...] = (None, "", [], {})
MAX_NESTING = 5
"""Of a text in lists and objects around it."""
FALSE, TRUE = frozenset({"false", "no", "0"}), frozenset({"true", "yes", "1"})
TIERS = {"free": False, "metered": True, "locked": True}
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
        pending = loads(block) if len(block) <= MAX_JSON_LD else []
        while pending and left:
            value = pending.pop(0)
            if isinstance(value, list):
                pending[:0] = value[:left]
            elif isinstance(value, dict):
                left -= 1
                yield value
                pending[:0] = [*map(value.get, OPENED), story_page(value)]


def story_page(item: JsonObject) -> Any:
    """The article in ``mainEntityOfPage``, where an object should have it in ``mainEntity``."""
    page = item.get("mainEntityOfPage")
    return page if isinstance(page, dict) and types(page) & ARTICLE_TYPES else None


def types(item: JsonObject) -> frozenset[str]:
    """The types in lower case, without a namespace: JNews writes ``article``."""
    declared = item.get("@type")
    if isinstance(declared, str):
        return PLAIN_TYPES[declared]
    names = (name for name in listed(declared) if isinstance(name, str))
    return frozenset().union(*(PLAIN_TYPES[name] for name in names))


def _plain_type(name: str) -> frozenset[str]:
    return frozenset({NAMESPACE.split(name.strip().rstrip("/"))[-1].lower()})


PLAIN_TYPES = Remembered(_plain_type)


def is_news(item: JsonObject) -> bool:
    """Whether it is an ``Article``, a ``NewsArticle`` or a live blog: no ``BlogPosting``."""
    return any(name.endswith(("article", "liveblogposting")) for name in types(item))


def of_type(objects: Iterable[JsonObject], wanted: frozenset[str]) -> Iterator[JsonObject]:
    return (item for item in objects if not wanted.isdisjoint(types(item)))


def story_of(objects: Iterable[JsonObject], pages: Iterable[str], most: int) -> JsonObject:
    """The object of the page's own article; empty where there is none, or one a teaser.

    ``pages`` are the addresses of the page; more than ``most`` articles are teasers. What the
    object itself leaves out is taken from others of the same ``@id`` or headline.
    """
    objects, pages = list(objects), list(pages)
    titled = [each for each in of_type(objects, ARTICLE_TYPES) if title_of(each)]
    if len(titled) > 1:
        main = {name for each in objects for name in strings(each.get("mainEntity"), "@id")}
        titled = (
            [each for each in titled if stands_at(each, pages)]
            or [each for each in titled if each.get("@id") in main]
            or titled
        )
    if not 0 < len(titled) <= most:
        return {}
    story = dict(titled[0])
    for other in objects:
        kinds = types(other)
        if is_same(other, story) and (not kinds or kinds & ARTICLE_TYPES):
            said = {key: value for key, value in story.items() if value not in EMPTY}
            story = {**other, **said}
    return story


def title_of(article: JsonObject) -> str:
    return next(iter(strings(article.get("headline")) or strings(article.get("name"))), "")


def is_same(other: JsonObject, story: JsonObject) -> bool:
    declared = other.get("@id")
    if isinstance(declared, str) and declared:
        return declared == story.get("@id")
    return bool(title_of(other)) and title_of(other) == title_of(story)


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


def sole_date(
    objects: Iterable[JsonObject], pages: Collection[str], keys: Collection[str]
) -> str | None:
    """The one date that the objects tell, whatever they are; ``None`` where they tell several.

    Those that stand at another address than ``pages`` tell none.
    """
    found = {
        date
        for each in objects
        if not (each.get("url") or each.get("@id")) or stands_at(each, pages)
        if (date := date_in(each, keys))
    }
    return found.pop() if len(found) == 1 else None


def site_names(objects: Iterable[JsonObject]) -> Iterator[str]:
    """The names of publishers, and of the objects of a site itself."""
    for each in objects:
        yield from strings(each.get("publisher"))
        if not SITE_TYPES.isdisjoint(types(each)):
            yield from strings(each)


def stands_at(article: JsonObject, pages: Iterable[str]) -> bool:
    """Whether the object says that its page is one of these."""
    declared = [article.get(key) for key in ("url", "@id", "mainEntityOfPage")]
    urls = {bare(each) for key in ("@id", "url") for each in strings(declared, key)}
    return not urls.isdisjoint(map(bare, filter(None, pages)))


def bare(url: str) -> str:
    return url.partition("#")[0].rpartition("://")[2].removeprefix("www.").rstrip("/")


def strings(value: Any, key: str = "name") -> list[str]:
    """The texts of a string, an object's ``key``, or a list of either; many escape them twice."""
    if value is None:
        return []
    told = (value,) if isinstance(value, str) else texts(value, key)
    return [folded for text in told if (folded := " ".join(unescape(text).split()))]


def texts(value: Any, key: str, depth: int = 0) -> Iterator[str]:
    """Strings as they stand, also those with a language (``@value``) and an object in its place."""
    if isinstance(value, str):
        yield value
    elif depth <= MAX_NESTING:
        for each in listed(value):
            inner = each.get(key, each.get("@value")) if isinstance(each, dict) else each
            if inner is not value:
                yield from texts(inner, key, depth + 1)


def listed(value: Any) -> list[Any]:
    if isinstance(value, dict) and (found := value.get("@list") or value.get("@set")):
        value = found
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
    free = next((truth(each) for each in listed(article.get("isAccessibleForFree"))), None)
    if free is not None:
        return not free
    for part in listed(article.get("hasPart")):
        if isinstance(part, dict) and truth(part.get("isAccessibleForFree")) is False:
            return True
    return None


def truth(value: Any) -> bool | None:
    """A boolean as pages write it: ``False``, ``"false"``, ``"http://schema.org/False"``."""
    if isinstance(value, dict):
        inner = value.get("@value")
        value = inner if isinstance(inner, str | bool) else None
    word = str(value).rpartition("/")[2].strip().lower()
    return word in TRUE if word in TRUE | FALSE else None


def tier(declared: str | None) -> bool | None:
    """Facebook's ``article:content_tier``; schema.org too counts what is metered as not free."""
    return TIERS.get((declared or "").strip().lower())

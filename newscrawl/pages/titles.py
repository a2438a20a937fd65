"""Headlines and names without what a site adds to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SEPARATORS = "-–—|·•»:"
SUFFIX = re.compile(rf"\s*[{SEPARATORS}]+\s+|\s+[{SEPARATORS}]+\s*|\s*[|»]\s*")
ORIGIN = re.compile(r"^(?P<title>.{8,}?)(?:\s*[:|]\s*|\s+[-–—]\s+)(?P<origin>[^:|–—]{2,30})$")
ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,5}$")
BY = re.compile(r"^(?:(?:written|posted|reported)\s+)?by\s*:?\s+", re.IGNORECASE)
MAX_NAME = 100
"""Characters; a longer byline is a sentence."""


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def without_site(headline: str, names: Callable[[], Iterable[str]]) -> str:
    """Cut the names off the end, as long as something is left; asks for them only if need be."""
    if not SUFFIX.search(headline):
        return headline
    wanted = {letters(name) for name in names()} - {""}
    while wanted:
        cut = next(
            (
                match.start()
                for match in SUFFIX.finditer(headline)
                if match.start() and letters(headline[match.end() :]) in wanted
            ),
            0,
        )
        if not cut:
            break
        headline = headline[:cut].rstrip()
    return headline


def title_tail(title: str, headline: str) -> str:
    """What a ``<title>`` adds to the headline at its end: mostly the site's name."""
    if not headline or not title.startswith(headline):
        return ""
    return title[len(headline) :].strip(f" {SEPARATORS}")


def named_after(tail: str, url: str) -> bool:
    """Whether a name and a host are spelt alike: "Buyer's Insight", ``buyersinsight.net``."""
    try:
        labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    except ValueError:
        return False
    name = letters(tail)
    return (
        len(name) > 1
        and any(
            name == label or (len(name) > 3 and name in label) or (len(label) > 3 and label in name)  # noqa: PLR2004 - shorter runs match by chance
            for label in map(letters, labels[:-1])
        )
    )


def split_origin(headline: str, source_url: str | None) -> tuple[str, str | None]:
    """``"…: NPR"`` and its name, if the source's host bears it or it is a plain acronym."""
    match = ORIGIN.match(headline) if source_url else None
    if not match or not source_url:
        return headline, None
    origin = match["origin"].strip()
    if named_after(origin, source_url) or (ACRONYM.match(origin) and ":" in headline):
        return match["title"].rstrip(), origin
    return headline, None


def people(names: Iterable[str], sites: Iterable[str]) -> list[str]:
    """Each person once, without "by", addresses and the site itself."""
    barred = {letters(site) for site in sites}
    found: dict[str, str] = {}
    for name in names:
        person = BY.sub("", " ".join(name.split())).strip(" ,;|")
        key = letters(person)
        if key and key not in barred and len(person) <= MAX_NAME and "://" not in person:
            found.setdefault(key, person)
    return list(found.values())


def unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))

"""Articles split over several pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.addresses.permalinks import named_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newscrawl.items import Article, Image

JOINED = ("text", "html", "headings", "images")
MAX_PARTS = 100
NUMBER = re.compile(r"^(?P<stem>.*?)/(?:page/)?(?P<number>\d{1,3})/?$")
INDEX = re.compile(r"/index\.(?:html?|php)$")
PAGE_QUERY = re.compile(r"(?:^|&)(?:paged?|pg|seite)=(\d{1,3})(?:&|$)")


def part_number(url: str, page: str) -> int | None:
    """The number of ``url`` among the parts of ``page``: ``/story/``, ``/story/2/``, ``?page=2``."""
    stem, number = numbered(url)
    here, at = numbered(page)
    if stem in {here, bare(page)} and number <= MAX_PARTS:
        return number
    return 1 if at > 1 and bare(url) == here else None


def part_after(before: str | None, page: str) -> int:
    """The number of a page that names the part before it; 1 for any other."""
    if not before:
        return 1
    number = numbered(page)[1]
    return number if part_number(before, page) == number - 1 else 1


def is_numbered_among(numbers: Mapping[int, str], page: str) -> bool:
    """Whether ``page`` is itself a later one of the numbered pages: ``/story/7/`` beside ``/story/8/``.

    What it leads to are then no parts of its own: the first page has them, or the numbers are ids.
    """
    stem, at = numbered(page) if numbers else ("", 1)
    return at > 1 and any(numbered(url)[0] == stem for url in numbers.values())


def numbered_links(urls: Iterable[str | None], page: str) -> dict[int, str]:
    """The first link to each part of ``page``, by number."""
    found: dict[int, str] = {}
    for url in urls:
        if url and (number := part_number(url, page)):
            found.setdefault(number, url)
    return found


def numbered(url: str) -> tuple[str, int]:
    """An address without its page number, and the number: 1 where it has none."""
    path = bare(url)
    if query := PAGE_QUERY.search(urlsplit(url).query):
        return path, int(query[1])
    if (match := NUMBER.match(path)) and int(match["number"]) > 1:
        return match["stem"], int(match["number"])
    return path, 1


def bare(url: str) -> str:
    """An address without its page number; a front page's path has the page that its query names."""
    parts = urlsplit(url)
    path = INDEX.sub("", parts.path).rstrip("/")
    return (parts.hostname or "") + (path or named_page(parts.query))


def parts_between(numbers: Mapping[int, str]) -> list[str]:
    """The parts after the first, in order; numbers that the page skips ("1 2 … 9") are filled."""
    last = max(numbers, default=1)
    if last > MAX_PARTS:
        return []
    found = []
    for number in range(2, last + 1):
        url = numbers.get(number) or renumbered(numbers[last], last, number)
        if url:
            found.append(url)
    return found


def renumbered(url: str, last: int, number: int) -> str | None:
    head, mark, tail = url.rpartition(str(last))
    return f"{head}{number}{tail}" if mark else None


def join_parts(first: Article, rest: Sequence[Article]) -> Article:
    """One article of all its parts; each picture once, so no part repeats the lead."""
    parts = [first, *rest]
    return replace(
        first,
        text="\n\n".join(part.text for part in parts if part.text),
        html="\n".join(part.html for part in parts if part.html),
        headings=[heading for part in parts for heading in part.headings],
        images=_once(image for part in parts for image in part.images),
        confidence=_least(parts),
        doubts=list(dict.fromkeys(doubt for part in parts for doubt in part.doubts)),
        provenance=_rules(first, rest),
    )


def _least(parts: Sequence[Article]) -> float | None:
    """The confidence of the part that has the least; unknown where that of one is."""
    found = [part.confidence for part in parts if part.confidence is not None]
    return min(found) if len(found) == len(parts) else None


def _rules(first: Article, rest: Sequence[Article]) -> dict[str, str]:
    """The rules of the first part, and for what only a later one has, the rules of that."""
    rules = dict(first.provenance)
    for part in rest:
        for name in JOINED:
            if name in part.provenance:
                rules.setdefault(name, part.provenance[name])
    return rules


def _once(images: Iterable[Image]) -> list[Image]:
    found: dict[str, Image] = {}
    for image in images:
        found.setdefault(image.url, image)
    return list(found.values())

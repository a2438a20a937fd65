"""Which articles of all sites tell the same story, who told it first, and who carries whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import xxhash

from newscrawl.addresses.address import identity, site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.dataset.originals import rank_of
from newscrawl.history.queries import StoryFacts

MAX_OF_SOURCE = 5
"""Articles of one site that may name one page as their source: more, and it is no single story."""
_NEVER = datetime.max.replace(tzinfo=UTC)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class First(NamedTuple):
    """The article that told a story first: the earliest published, as among copies."""

    unknown: bool
    published: datetime
    canonical_url: str
    id: str
    site: str
    first_seen: datetime


class Telling(NamedTuple):
    """One article of a story that several tell; ``how`` is ``first``, ``source`` or a kind of copy."""

    story: str
    story_first_seen: datetime
    id: str
    url: str
    site: str
    published: datetime | None
    first_seen: datetime
    how: str


class Edge(NamedTuple):
    """How many stories of one site another one carries.

    ``how`` is ``source`` where the carrier names the origin, and ``copy`` where an article
    of the origin tells the same story and was published earlier. ``origin`` is empty where
    a source is only named, not linked.
    """

    carrier: str
    origin: str
    origin_name: str
    how: str
    stories: int
    first_seen: datetime
    last_seen: datetime
    example_url: str


@dataclass(slots=True)
class _Carried:
    stories: int = 0
    names: Counter[str] = field(default_factory=Counter)
    first_seen: datetime = _NEVER
    last_seen: datetime = _LONG_AGO
    example_url: str = ""

    def add(self, article: StoryFacts, name: str) -> None:
        self.stories += 1
        self.names.update([name] if name else [])
        if article.first_seen < self.first_seen:
            self.first_seen, self.example_url = article.first_seen, article.url
        self.last_seen = max(self.last_seen, article.last_seen)


class Stories:
    """Groups articles that are copies of each other or name the same page as their source.

    ``articles`` is asked for all articles again in each of its passes, so that memory holds
    some numbers an article and never a text.
    """

    def __init__(self, articles: Callable[[], Iterable[StoryFacts]]) -> None:
        self._articles = articles
        self._parents: dict[int, int] = {}
        self._firsts: dict[int, First] = {}
        self._sizes: Counter[int] = Counter()
        self._group()

    def tellings(self) -> Iterator[Telling]:
        """Yield the articles of stories that more than one article tells."""
        for article in self._articles():
            story = self._story(article)
            if self._sizes[story] > 1:
                first = self._firsts[story]
                yield Telling(
                    first.id,
                    first.first_seen,
                    article.id,
                    article.url,
                    article.site,
                    article.published,
                    article.first_seen,
                    "first" if article.id == first.id else article.duplicate_kind or "source",
                )

    def edges(self) -> list[Edge]:
        """Return who carries whose stories, most first."""
        found: dict[tuple[str, str, str, str], _Carried] = {}
        for article in self._articles():
            for origin, name, how in self._origins(article):
                key = (article.site, origin, "" if origin else name, how)
                found.setdefault(key, _Carried()).add(article, name)
        edges = [
            Edge(
                carrier,
                origin,
                next((name for name, _ in carried.names.most_common(1)), ""),
                how,
                carried.stories,
                carried.first_seen,
                carried.last_seen,
                carried.example_url,
            )
            for (carrier, origin, _, how), carried in found.items()
        ]
        return sorted(edges, key=lambda edge: (-edge.stories, edge[:4]))

    def _origins(self, article: StoryFacts) -> Iterator[tuple[str, str, str]]:
        origin, name = _site(article.source_url), article.source_name or ""
        if origin != article.site and (origin or name):
            yield origin, name, "source"
        first = self._firsts[self._story(article)]
        if first.site != article.site:
            yield first.site, name if first.site == origin else "", "copy"

    def _group(self) -> None:
        for article in self._articles():
            self._join(article.id, article.duplicate_of or article.id)
            self._join(article.id, f"text {article.content_hash}")
            self._join(article.id, f"page {identity(article.url)}")
        for source, ids in self._sources().items():
            for key in ids:
                self._join(key, source)
        for article in self._articles():
            story = self._story(article)
            self._sizes[story] += 1
            rank = _rank(article)
            self._firsts[story] = min(self._firsts.get(story, rank), rank)

    def _sources(self) -> dict[str, list[str]]:
        """Return the articles by the page they name as their source, if that can be one story."""
        by_source: dict[str, dict[str, list[str]]] = {}
        for article in self._articles():
            if source := _page(article.source_url):
                by_source.setdefault(source, {}).setdefault(article.site, []).append(article.id)
        return {
            source: [key for ids in by_site.values() for key in ids]
            for source, by_site in by_source.items()
            if max(map(len, by_site.values())) <= MAX_OF_SOURCE
        }

    def _story(self, article: StoryFacts) -> int:
        return self._root(_number(article.id))

    def _join(self, one: str, other: str) -> None:
        roots = self._root(_number(one)), self._root(_number(other))
        self._parents[max(roots)] = min(roots)

    def _root(self, key: int) -> int:
        while (parent := self._parents.setdefault(key, key)) != key:
            self._parents[key] = key = self._parents[parent]
        return key


def _number(key: str) -> int:
    return xxhash.xxh3_64_intdigest(key.encode())


def _rank(article: StoryFacts) -> First:
    rank = rank_of(article.published, article.canonical_url, article.id)
    return First(*rank, article.site, article.first_seen)


def _site(url: str | None) -> str:
    try:
        return site_of(url) if url else ""
    except UnfetchableURL:
        return ""


def _page(url: str | None) -> str:
    """Return the key of a source that may be an article; a front page is none."""
    try:
        page = identity(url) if url else ""
    except UnfetchableURL:
        return ""
    parts = urlsplit(page)
    return f"page {page}" if parts.path.strip("/") or parts.query else ""

"""The posts of a generated site: their order, dates, filing and changes over time.

Numbers run from 0, the oldest post. Every twenty-fifth post is an exact copy
of an earlier one. Nothing here reads a clock: the newest post of generation 0
always has the same date.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from newscrawl.demo.content import text
from newscrawl.demo.content.taxonomy import AUTHORS, CATEGORIES, HOUSE_AUTHOR, LEADING, SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.demo.content.taxonomy import Author, Source

NEWEST = datetime(2025, 10, 9, 18, 5, 43, tzinfo=UTC)
"""Publication of the newest post of generation 0."""
LOCAL = timedelta(hours=-4)
"""The site's own time zone, which its pages name nowhere."""
_STEP = timedelta(minutes=37)
_BLOCK = 25
_COPY = 24  # place of the exact copy within its block
_TWO_PARTS, _THREE_PARTS = 10, 21  # places of the split posts, the second in every other block
_EDITED, _SYNDICATED = 0.4, 0.3  # shares of the posts
_FEWEST_CHANGES = 12  # posts below this number carry the special cases

UNDATED, UNSIGNED, MALFORMED, MISDECLARED = 1, 2, 3, 4
"""Posts whose page lacks a date or an author, is broken, or declares a wrong charset."""
FLAKY, THROTTLED, SLOW = 6, 8, 9
"""Posts that answer badly once, ask for patience once, or take their time."""

_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "for",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "the",
        "to",
        "was",
        "with",
    ]
)
_WORD = re.compile(r"[A-Za-z]{3,}")


class Card(NamedTuple):
    """What a listing shows of a post; ``headline`` ends in the source's name if it has one."""

    number: int
    post_id: int
    headline: str
    slug: str
    published: datetime
    author: Author
    sections: tuple[str, ...]
    source: Source | None
    excerpt: str
    image: str


class Evolution(NamedTuple):
    """What has happened to the posts of generation 0, by number."""

    edited: dict[int, int]
    deleted: frozenset[int]


class Index(NamedTuple):
    """Numbers by slug, and newest first by tag and author; deleted posts keep their slug."""

    slugs: dict[str, int]
    tags: dict[str, array[int]]
    authors: dict[str, array[int]]


def tag_label(word: str) -> str:
    """The site-wide spelling of a tag; some were first typed in lower case."""
    return word.lower() if crc32(word.lower().encode()) % 3 == 0 else word


def tags_of(headline: str) -> list[str]:
    words = {word.lower(): word for word in _WORD.findall(headline)}
    return [tag_label(words[key]) for key in sorted(words) if key not in _STOP_WORDS]


def _posts_for(originals: int) -> int:
    full, rest = divmod(originals, _BLOCK - 1)
    return full * _BLOCK + rest


class Posts:
    def __init__(self, articles: int, seed: int, generation: int) -> None:
        self.articles = articles
        self.seed = seed
        self.generation = generation
        self.first_count = _posts_for(articles)
        self._fresh = max(1, articles // 20)
        self.count = _posts_for(articles + generation * self._fresh)
        self.evolution = self._evolve()
        self.card = lru_cache(maxsize=4096)(self._card)

    def _evolve(self) -> Evolution:
        edited: dict[int, int] = {}
        deleted: set[int] = set()
        candidates = [
            number
            for number in range(_FEWEST_CHANGES, self.first_count)
            if number % _BLOCK < _FEWEST_CHANGES
        ]
        for generation in range(1, self.generation + 1):
            rnd = Random(f"{self.seed}:evolution:{generation}")
            share = min(len(candidates) // 3, max(2, self.articles // 30))
            chosen = rnd.sample(candidates, share * 2)
            edited.update(
                (number, generation) for number in chosen[:share] if number not in deleted
            )
            deleted.update(number for number in chosen[share:] if number not in edited)
        return Evolution(edited, frozenset(deleted))

    def copy_of(self, number: int) -> int | None:
        """The post that ``number`` repeats word for word."""
        if number % _BLOCK != _COPY:
            return None
        return number - 5 - number // _BLOCK % 7

    def parts(self, number: int) -> int:
        if number % _BLOCK == _TWO_PARTS:
            return 2
        return 3 if number % (2 * _BLOCK) == _THREE_PARTS else 1

    def variant(self, number: int) -> str | None:
        """How listings link a second URL of a post: under ``edition`` or with a ``query``."""
        return {5: "edition", 11: "query"}.get(number % _BLOCK)

    def born(self, number: int) -> int:
        """The generation in which a post first appears."""
        born = 0
        while number >= _posts_for(self.articles + born * self._fresh):
            born += 1
        return born

    def published(self, number: int) -> datetime:
        shift = timedelta(days=self.born(number)) if number >= self.first_count else timedelta()
        jitter = timedelta(seconds=crc32(f"{self.seed}/t/{number}".encode()) % 1500)
        if number == self.first_count - 1:
            jitter = timedelta()
        return NEWEST + shift - (self.first_count - 1 - number) * _STEP - jitter

    def modified(self, number: int) -> datetime | None:
        """When the post was last changed, if it ever was."""
        edit = self.evolution.edited.get(number)
        if edit:
            return NEWEST + timedelta(days=edit, minutes=number % 600)
        draw = crc32(f"{self.seed}/m/{number}".encode())
        if draw % 1000 >= 1000 * _EDITED or self.copy_of(number) is not None:
            return None
        published = self.published(number)
        since = NEWEST + timedelta(days=self.born(number)) - published
        return (published + since * (draw // 1000 % 997) / 1000).replace(microsecond=0)

    def changed(self, number: int) -> datetime:
        """When the post was last changed, or else published."""
        return self.modified(number) or self.published(number)

    @property
    def today(self) -> datetime:
        """The day on which every page of this generation is rendered."""
        return NEWEST + timedelta(days=self.generation)

    def sections(self, number: int) -> tuple[str, ...]:
        """Slugs by name, as WordPress orders them; the leading category need not come first."""
        lead, draw = self._lead(number)
        slugs = {lead}
        parent = CATEGORIES[lead].parent
        if parent and draw >> 12 & 1:
            slugs.add(parent)
        if draw >> 8 & 3 == 0:
            slugs.add("top-stories")
        return tuple(sorted(slugs, key=lambda slug: CATEGORIES[slug].name))

    def leading(self, number: int) -> str:
        return self._lead(number)[0]

    def _lead(self, number: int) -> tuple[str, int]:
        source = self.copy_of(number)
        draw = crc32(f"{self.seed}/{number if source is None else source}".encode())
        return LEADING[draw % len(LEADING)], draw

    def draft(self, number: int) -> tuple[Card, text.Cast, Random]:
        """A post's card with the cast and the random numbers its story goes on with."""
        original = self.copy_of(number)
        told = number if original is None else original
        lead, draw = self._lead(number)
        rnd = Random(f"{self.seed}:{told}")
        place = text.place_name(told // text.PLACE_NAMES * text.PLACE_NAMES + self._mix(told))
        cast = text.make_cast(place, lead, rnd)
        source = (
            SOURCES[(draw >> 20) % len(SOURCES)]
            if (draw >> 22) % 1000 < 1000 * _SYNDICATED
            else None
        )
        headline = text.headline(cast, rnd)
        if source:
            headline = f"{headline}: {source.name}"
        slug = text.slugify(headline)
        published = self.published(number)
        card = Card(
            number=number,
            post_id=1200 + number * 3,
            headline=headline,
            slug=slug if original is None else f"{slug}-2",
            published=published,
            author=HOUSE_AUTHOR if source else AUTHORS[(draw >> 16) % len(AUTHORS)],
            sections=self.sections(number),
            source=source,
            excerpt=text.lead(cast, rnd),
            image=f"/wp-content/uploads/{published:%Y/%m}/{text.slugify(place)}-{told}",
        )
        return card, cast, rnd

    def _mix(self, number: int) -> int:
        return (number * 7919 + self.seed * 104729) % text.PLACE_NAMES

    def _card(self, number: int) -> Card:
        return self.draft(number)[0]

    def __contains__(self, number: int) -> bool:
        return 0 <= number < self.count and number not in self.evolution.deleted

    @cached_property
    def newest(self) -> Sequence[int]:
        return array("l", [n for n in range(self.count - 1, -1, -1) if n in self])

    def latest(self, limit: int) -> list[int]:
        return list(self.newest[:limit])

    def older(self, number: int) -> int | None:
        return next((other for other in range(number - 1, -1, -1) if other in self), None)

    def newer(self, number: int) -> int | None:
        return next((other for other in range(number + 1, self.count) if other in self), None)

    def related(self, number: int, limit: int = 6) -> list[int]:
        """Posts of the leading category; another choice in every generation."""
        filed = self.by_category[self.leading(number)]
        place = bisect_left(filed, -number, key=lambda other: -other)
        start = place + 1 + 2 * self.generation
        chosen: dict[int, None] = {}
        for step in range(min(len(filed), 2 * limit)):
            other = filed[(start + 3 * step) % len(filed)]
            if other != number:
                chosen[other] = None
        return list(chosen)[:limit]

    @cached_property
    def by_category(self) -> dict[str, Sequence[int]]:
        """Numbers per category slug, newest first; a parent holds its children's posts."""
        filed: dict[str, array[int]] = {slug: array("l") for slug in CATEGORIES}
        for number in self.newest:
            slugs = set(self.sections(number))
            for slug in tuple(slugs):
                parent = CATEGORIES[slug].parent
                if parent:
                    slugs.add(parent)
            for slug in slugs:
                filed[slug].append(number)
        return dict(filed)

    @cached_property
    def index(self) -> Index:
        """Takes some 80 µs a post, once."""
        index = Index({}, {}, {author.slug: array("l") for author in AUTHORS})
        for number in range(self.count - 1, -1, -1):
            card = self.card(number)
            index.slugs[card.slug] = number
            if number in self:
                index.authors[card.author.slug].append(number)
                for tag in tags_of(card.headline):
                    index.tags.setdefault(tag.lower(), array("l")).append(number)
        return index

    def published_between(self, start: datetime, end: datetime) -> list[int]:
        """Numbers of ``start <= published < end``, newest first."""
        numbers = range(self.count)
        low = bisect_left(numbers, start, key=self.published)
        high = bisect_left(numbers, end, key=self.published)
        return [number for number in range(high - 1, low - 1, -1) if number in self]

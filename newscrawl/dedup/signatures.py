"""Signatures of an article's content: what makes two texts the same, and two versions differ."""

from __future__ import annotations

import re

import xxhash

from newscrawl.items import Article
from newscrawl.urls import identity

SAME_STORY = 0.6
"""Share of the distinct words of the shorter text; unrelated news of one site share about a third."""
_WORDS = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return _WORDS.findall(text)


def article_id(canonical_url: str) -> str:
    """Return 16 hex digits: XXH3-64 of the identity of the canonical URL."""
    return xxhash.xxh3_64_hexdigest(identity(canonical_url).encode())


def tells_the_same(a: str, b: str) -> bool:
    """Whether one text holds most of the words of the other: an excerpt, an edit, a copy."""
    of_a, of_b = set(words(a.casefold())), set(words(b.casefold()))
    smaller = min(len(of_a), len(of_b))
    return smaller == 0 or len(of_a & of_b) >= SAME_STORY * smaller


def content_hash(text: str) -> str:
    """Return 32 hex digits that ignore case, punctuation and white space."""
    return xxhash.xxh3_128_hexdigest(" ".join(words(text.casefold())).encode())


def revision_hash(article: Article) -> str:
    """Return 32 hex digits over what a reader would call the article.

    Headline, subtitle, authors, publication and text; counters, related blocks,
    tags, images and ``modified`` never make a revision.
    """
    published = article.published.isoformat() if article.published is not None else ""
    parts = (
        article.headline,
        article.subtitle or "",
        "\x1f".join(article.authors),
        published,
        article.text,
    )
    return xxhash.xxh3_128_hexdigest("\x1e".join(parts).encode())

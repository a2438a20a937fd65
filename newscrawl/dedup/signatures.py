"""Signatures of an article's content: what makes two texts the same, and two versions differ."""

from __future__ import annotations

import re

import xxhash

from newscrawl.items import Article

_WORDS = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return _WORDS.findall(text)


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

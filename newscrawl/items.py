"""The schema of the dataset: one article and its parts.

Field order is output order in every file that newscrawl writes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any


@dataclass(slots=True, kw_only=True)
class Heading:
    """A heading inside the body; ``level`` is 1 to 6."""

    level: int
    text: str


@dataclass(slots=True, kw_only=True)
class Image:
    """A picture of the article; ``url`` is the full-size file, never a placeholder.

    ``path`` is where it is kept in the folder ``NEWSCRAWL_IMAGES_STORE``, if it is.
    """

    url: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None
    path: str | None = None


@dataclass(slots=True, kw_only=True)
class Comment:
    """What a reader says; ``published`` is ISO 8601.

    ``reply_to`` is the place in the list, from 0, of the comment that it answers.
    """

    author: str | None = None
    published: str | None = None
    text: str = ""
    url: str | None = None
    reply_to: int | None = None


@dataclass(slots=True, kw_only=True)
class Post:
    """An entry of a live blog; ``published`` is ISO 8601."""

    headline: str | None = None
    author: str | None = None
    published: str | None = None
    text: str = ""
    url: str | None = None


@dataclass(slots=True, kw_only=True)
class Article:
    """One article as stored and exported.

    Page objects fill what the page says; the pipelines add identity, hashes
    and counts; the store adds duplicate marks, revision and dates of sight.
    ``None`` means unknown, never zero.
    """

    id: str = ""
    """16 hex digits: XXH3-64 of the identity of the canonical URL."""
    url: str
    """The address that was fetched."""
    canonical_url: str = ""
    """The address the page names as its own, where it is believed; else ``url``."""
    site: str = ""
    """Registered domain."""
    headline: str = ""
    """Without the names of the site and of the origin."""
    subtitle: str | None = None
    """Standfirst below the headline."""
    authors: list[str] = field(default_factory=list)
    """People; a newsroom only where nobody else is named."""
    published: datetime | None = None
    """With the offset of the page; where it gives none in ``timezone``, else UTC."""
    published_raw: str | None = None
    """The date as the page writes it."""
    modified: datetime | None = None
    """As the page declares it."""
    sections: list[str] = field(default_factory=list)
    """Categories, the main one first."""
    tags: list[str] = field(default_factory=list)
    """From the links, never from their glued text."""
    breadcrumbs: list[str] = field(default_factory=list)
    """From the front page down."""
    language: str | None = None
    """BCP 47, as declared, else detected (extra ``language``)."""
    paywalled: bool | None = None
    """As the page declares it; metered counts as paywalled."""
    text: str = ""
    """Paragraphs joined by a blank line."""
    html: str = ""
    """The body in allow-listed tags, without scripts, styles and event handlers."""
    headings: list[Heading] = field(default_factory=list)
    """Headings inside the body."""
    images: list[Image] = field(default_factory=list)
    """Pictures of the article, the lead first, in full size."""
    source_url: str | None = None
    """The page a syndicated story comes from."""
    source_name: str | None = None
    """Who is named as its origin."""
    reading_minutes: int | None = None
    """As the page says."""
    comment_count: int | None = None
    """As the server wrote it; a counter that a script fills is unknown."""
    share_count: int | None = None
    """As ``comment_count``."""
    view_count: int | None = None
    """As ``comment_count``."""
    comments: list[Comment] | None = None
    """Readers' comments where the page marks them, at most 1,000; empty where it says there are none."""
    posts: list[Post] | None = None
    """Entries of a live blog where the page marks them, at most 1,000."""
    word_count: int = 0
    """Words of ``text``; where no spaces part words, characters."""
    confidence: float | None = None
    """How surely ``text`` is the whole article and nothing else, 0 to 1; unknown where a site's own code took it."""
    doubts: list[str] = field(default_factory=list)
    """What speaks against it, the weightiest first."""
    previous_url: str | None = None
    """The article before it on the site."""
    next_url: str | None = None
    """The article after it."""
    related_urls: list[str] = field(default_factory=list)
    """Articles that the page calls related."""
    content_hash: str = ""
    """XXH3-64 of the normalised text."""
    revision_hash: str = ""
    """XXH3-64 of headline, subtitle, authors, published and text: it alone makes a revision."""
    duplicate_of: str | None = None
    """``id`` of the original, if this is a copy."""
    duplicate_kind: str | None = None
    """``exact``, ``near`` or ``canonical``."""
    similarity: float | None = None
    """Share of the shorter text found in the other, 0 to 1."""
    revision: int = 1
    """1 for the first text seen, one more with each change."""
    first_seen: datetime | None = None
    """When it was stored, UTC."""
    last_seen: datetime | None = None
    """When it was last found to be there, UTC."""
    found_via: str = ""
    """The strongest way to it: ``category``, ``pagination``, ``related``, ``sitemap`` …"""
    provenance: dict[str, str] = field(default_factory=dict)
    """Field name to the rule that gave its value, e.g. ``jnews:css`` or ``json-ld``."""
    extra: dict[str, Any] = field(default_factory=dict)
    """The fields that an own item or page object has beyond these, by name; any JSON."""


FIELDS = tuple(field.name for field in fields(Article))


def plain(value: Any) -> Any:
    """Return what JSON can hold of a value inside an article."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (Heading, Image, Comment, Post)):
        return {name: getattr(value, name) for name in value.__slots__}
    raise TypeError(f"{type(value).__name__} is no value of an article")


compact_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=plain).encode
"""JSON without spaces. One encoder for all: ``json.dumps`` would make one a value."""


def record(article: Article) -> dict[str, Any]:
    """Return the fields of ``article`` without copying them, as ``asdict`` would at ten times the cost."""
    return {name: getattr(article, name) for name in FIELDS}

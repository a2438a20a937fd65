"""The schema of the dataset: one article and its parts.

Field order is output order in every file that newscrawl writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


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
class Article:
    """One article as stored and exported.

    Page objects fill what the page says; the pipelines add identity, hashes
    and counts; the store adds duplicate marks, revision and dates of sight.
    ``None`` means unknown, never zero.
    """

    id: str = ""
    """16 hex digits: XXH3-64 of the identity of the canonical URL."""
    url: str
    canonical_url: str = ""
    site: str = ""
    headline: str = ""
    subtitle: str | None = None
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    published_raw: str | None = None
    modified: datetime | None = None
    sections: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    breadcrumbs: list[str] = field(default_factory=list)
    language: str | None = None
    paywalled: bool | None = None
    text: str = ""
    html: str = ""
    headings: list[Heading] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    source_url: str | None = None
    source_name: str | None = None
    reading_minutes: int | None = None
    comment_count: int | None = None
    share_count: int | None = None
    view_count: int | None = None
    word_count: int = 0
    previous_url: str | None = None
    next_url: str | None = None
    related_urls: list[str] = field(default_factory=list)
    content_hash: str = ""
    revision_hash: str = ""
    duplicate_of: str | None = None
    duplicate_kind: str | None = None
    similarity: float | None = None
    revision: int = 1
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    found_via: str = ""
    provenance: dict[str, str] = field(default_factory=dict)
    """Field name to the rule that gave its value, e.g. ``jnews:css`` or ``json-ld``."""

"""What a source names: pages, with the dates and sections that it gives them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from newscrawl.dates import ANYWHERE, Locale, read_date, untrue

MAX_DATE = 80
_MONTH = re.compile(r"\d{4}-\d\d")
_YEAR = re.compile(r"\d{4}")


class SourceKind(StrEnum):
    """Lists that a site publishes of its own pages, by how they are read."""

    SITEMAP = "sitemap"
    FEED = "feed"
    API = "api"


SOURCES = frozenset(SourceKind)
"""Kinds of rows that are no pages."""


class Entry(NamedTuple):
    """A page of a source; ``url`` and ``sections`` (names or slugs) as they are written."""

    url: str
    published: datetime | None = None
    modified: datetime | None = None
    sections: tuple[str, ...] = ()


def date_of(text: str | None, locale: Locale = ANYWHERE) -> datetime | None:
    """Return a date in UTC, in any spelling that pages have; ``None`` for none that can be true.

    Without an offset it is taken for UTC: a date of a source is compared with what the
    same site said before.
    """
    text = (text or "").strip()
    if not text or len(text) > MAX_DATE:
        return None
    if _MONTH.fullmatch(text):
        text += "-01"
    elif _YEAR.fullmatch(text):
        text += "-01-01"
    found = read_date(text, locale)
    if found is None or untrue(found.when):
        return None
    try:
        return found.when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stamp(date: datetime) -> str:
    """Return a date of :func:`date_of` as text that sorts as the dates do."""
    return date.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")

"""What a feed says of its site beside its entries: its language, and the clock of its dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from newscrawl.dates import ANYWHERE, read_date
from newscrawl.discovery.records import read_records, unpacked
from newscrawl.discovery.written import text_of

MAX_DATES = 50
_DATES = ("pubDate", "published", "issued", "date", "updated")
_LANGUAGES = ("channel/language", "language")
_WITH_OFFSET = 2
"""The precision of a time that names its offset."""


class FeedHead(NamedTuple):
    """``dates`` have the offsets that they are written with, those of whole days left out."""

    language: str
    dates: list[datetime]


def read_head(body: bytes, content_type: str | None = None) -> FeedHead:
    """Return what an RSS or Atom feed says of its site, nothing for another document."""
    text = text_of(unpacked(body)[0], content_type)
    found = read_records(text, ("item", "entry"), (*_DATES, *_LANGUAGES), ("rss", "rdf", "feed"))
    languages = (field.text for field in found.outside if field.path in _LANGUAGES)
    written = [field.text for record in found.records for field in record if field.path in _DATES]
    return FeedHead(next(languages, ""), list(_moments(written[:MAX_DATES])))


def _moments(written: list[str]) -> Iterator[datetime]:
    for text in written:
        found = read_date(text, ANYWHERE)
        if found is not None and found.precision == _WITH_OFFSET:
            yield found.when

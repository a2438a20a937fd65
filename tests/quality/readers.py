"""Ours and the peers, each of which reads a page once and says what is on it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import trafilatura as trafilatura_itself
from htmldate import find_date
from lxml import etree, html
from readability import Document
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML may not hold; readability would give up."""
BLOCK = re.compile(
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr"
    "|li|main|nav|ol|p|pre|section|table|td|th|tr|ul"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader says of a page; ``None`` is what it does not say or was not asked."""

    text: str = ""
    title: str | None = None
    authors: Sequence[str] | None = None
    published: datetime | None = None
    lead: str | None = None
    kind: str = ""
    confidence: float | None = None
    names: frozenset[str] = field(default_factory=frozenset)
    """The fields that the reader can tell at all."""


def newscrawl(response: HttpResponse) -> Reading:
    """Text, kind and item in one pass."""
    found = NewsPage(response)
    text, kind = found.page.text or "", str(found.kind)
    item = asyncio.run(found.to_item())
    marked = [image for image in item.images if getattr(image, "lead", False)]
    pictures = [image.url for image in marked or item.images]
    return Reading(
        text=text,
        title=item.headline,
        authors=item.authors,
        published=item.published,
        lead=pictures[0] if pictures else None,
        kind=kind,
        confidence=getattr(item, "confidence", None),
        names=frozenset({"body", "title", "authors", "dates", "lead_image"}),
    )


def trafilatura(response: HttpResponse, *, has_tables: bool) -> Reading:
    """As its users call it; the tables of a page are kept where the truth has them."""
    names = frozenset({"body", "title", "authors", "dates", "lead_image"})
    said = trafilatura_itself.bare_extraction(
        bytes(response.body),  # its detector of charsets takes no subclass
        url=str(response.url),
        include_comments=False,
        include_tables=has_tables,
        with_metadata=True,
    )
    if said is None or isinstance(said, dict):
        return Reading(names=names)
    return Reading(
        text=said.text or "",
        title=said.title,
        authors=said.author.split("; ") if said.author else (),
        published=moment(said.date),
        lead=said.image,
        names=names,
    )


def readability(response: HttpResponse) -> Reading:
    names = frozenset({"body", "title"})
    page = Document(FORBIDDEN.sub(" ", response.text), url=str(response.url))
    with suppress(Exception):  # whatever it raises, it has not read the page
        return Reading(text=lines(page.summary()), title=page.short_title(), names=names)
    return Reading(names=names)


def htmldate(response: HttpResponse) -> Reading:
    names = frozenset({"dates"})
    with suppress(Exception):  # as above
        said = find_date(response.text, url=str(response.url), original_date=True)
        return Reading(published=moment(said), names=names)
    return Reading(names=names)


def moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def lines(markup: str) -> str:
    """Return the text of markup, blocks apart, which ``text_content`` alone would glue together."""
    if not markup.strip():
        return ""
    root = html.fromstring(markup)
    for element in root.iter(etree.Element):
        if BLOCK.fullmatch(str(element.tag)):
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    return str(root.text_content())

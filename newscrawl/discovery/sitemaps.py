"""Sitemaps (sitemaps.org): which pages a site names, and when it changed them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import NamedTuple

from newscrawl.discovery import records
from newscrawl.discovery.entries import Entry, date_of
from newscrawl.discovery.links import LinkKind
from newscrawl.discovery.records import Field, read_records, unpacked
from newscrawl.discovery.written import resolved, text_of

USUAL_PLACES = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/wp-sitemap.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
)
"""Where a site has its sitemap if robots.txt names none that can be read."""
ENOUGH_DATES = 10
"""Pages that are not all changed at one moment: the date is then that of the file."""

_NEWS_DATE = "news/publication_date"
_PATHS = ("loc", "lastmod", _NEWS_DATE)
_ROOTS = ("urlset", "sitemapindex")
_LINE = re.compile(r"(?:https?:)?//[^\s<>/.]+\.[^\s<>]+|https?://[^\s<>]+", re.IGNORECASE)
_FURTHER = re.compile(r"/[^\s<>]*")
_ENDINGS = re.compile(r"\r\n?|\n")
_SAID_BEFORE = re.compile(
    r"(?:<br ?/?>)?\s*(?:<b>)?(?:PHP )?(?:Warning|Notice|Deprecated|Fatal error|Parse error"
    r"|Strict Standards)(?:</b>)?:|<br ?/?>|<font|<!--|#|$",
    re.IGNORECASE,
)
"""Lines that a server may put before a list of addresses."""
_OF_LISTINGS = re.compile(
    r"(?:^|[/._-])(?:category|categories|tags?|post_tag|post_format|authors?|users|taxonom(?:y|ies)"
    r"|images?|videos?|attachments?|products?|product_cat|product_tag)(?=[\d/._-]|$)",
    re.IGNORECASE,
)
_LISTINGS: Mapping[str, LinkKind] = {
    "category": LinkKind.CATEGORY,
    "tag": LinkKind.TAG,
    "tags": LinkKind.TAG,
    "author": LinkKind.AUTHOR,
    "authors": LinkKind.AUTHOR,
}


class Sitemap(NamedTuple):
    """Entries for pages, or for further sitemaps; ``whole`` is false where the file ends early.

    At least so many as ``left_out`` are beyond a limit and were not read.
    """

    pages: list[Entry]
    sitemaps: list[Entry]
    whole: bool = True
    left_out: int = 0


def read_sitemap(body: bytes, url: str = "", content_type: str | None = None) -> Sitemap | None:
    """Return what the sitemap at ``url`` says, ``None`` where the document is none.

    The body may be XML or a list of addresses, either of them gzipped. ``lastmod`` is the
    date ``modified``; where all of many entries have the same, it tells of none of them.
    """
    body, whole = unpacked(body)
    is_full = records.is_full(body)
    text = text_of(body, content_type)
    del body  # it may be 50 MB
    document = read_records(text, ("url", "sitemap"), _PATHS, _ROOTS)
    if document.root not in _ROOTS:
        return _read_lines(text, url, document.root, whole, is_full)
    entries = [entry for record in document.records if (entry := _entry(record, url))]
    dates = {entry.modified for entry in entries}
    if len(entries) >= ENOUGH_DATES and len(dates) == 1:
        entries = [entry._replace(modified=None) for entry in entries]
    left_out = document.left_out + (is_full and not document.whole)
    whole &= document.whole or is_full
    if document.root == "sitemapindex":
        return Sitemap([], entries, whole, left_out)
    return Sitemap(entries, [], whole, left_out)


def lists_no_articles(url: str) -> bool:
    """Whether the name of a sitemap says that it names listings, authors or files."""
    return _OF_LISTINGS.search(url.partition("?")[0].rpartition("/")[2]) is not None


def listing_kind(path: str) -> LinkKind | None:
    """Return what kind of listing the path of a page names, ``None`` for most pages."""
    first = path.strip("/").partition("/")[0].casefold()
    return _LISTINGS.get(first)


def _entry(record: Sequence[Field], base: str) -> Entry | None:
    values = {field.path: field.text for field in reversed(record)}
    found = (
        resolved(field.text or field.attributes.get("href", ""), base, field.base)
        for field in record
        if field.path == "loc"
    )
    url = next(filter(None, found), None)
    if url is None:
        return None
    return Entry(
        url, published=date_of(values.get(_NEWS_DATE)), modified=date_of(values.get("lastmod"))
    )


def _read_lines(text: str, base: str, root: str, whole: bool, is_full: bool) -> Sitemap | None:
    """Read a list of addresses: the first line is one, but for what servers put before it."""
    lines = dropwhile(_SAID_BEFORE.match, _lines(text, is_cut=is_full or not whole))
    first = next(lines, "")
    if not _LINE.fullmatch(first):
        return None if whole or root else Sitemap([], [], whole=False)
    further = (line for line in lines if _LINE.fullmatch(line) or _FURTHER.fullmatch(line))
    found = [first, *further]
    urls = (resolved(line, base) for line in found[: records.MAX_RECORDS])
    entries = [Entry(url) for url in urls if url is not None]
    return Sitemap(entries, [], whole, max(len(found) - records.MAX_RECORDS, 0) + is_full)


def _lines(text: str, *, is_cut: bool) -> Iterator[str]:
    """Yield the lines of a text, not the last one where it is cut off."""
    start = 0
    for ending in _ENDINGS.finditer(text):
        yield text[start : ending.start()].strip()
        start = ending.end()
    if not is_cut:
        yield text[start:].strip()

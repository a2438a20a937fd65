"""Sitemaps (sitemaps.org): which pages a site names, and when it changed them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from newscrawl.discovery.entries import Entry, date_of
from newscrawl.discovery.links import LinkKind
from newscrawl.discovery.records import MAX_RECORDS, Field, read_records, unpacked

USUAL_PLACES = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/wp-sitemap.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
)
"""Where a site has its sitemap that names none in robots.txt."""
ENOUGH_DATES = 10
"""Pages that are not all changed at one moment: the date is then that of the file."""

_NEWS_DATE = "news/publication_date"
_PATHS = ("loc", "lastmod", _NEWS_DATE)
_LINE = re.compile(r"https?://[^\s<>]+")
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
    """Entries for pages, or for further sitemaps; not ``whole`` are those that end early."""

    pages: list[Entry]
    sitemaps: list[Entry]
    whole: bool = True


def read_sitemap(body: bytes) -> Sitemap | None:
    """Return what a sitemap says, ``None`` where the document is none.

    The body may be XML or a list of addresses, either of them gzipped. ``lastmod`` is the
    date ``modified``; where all of many entries have the same, it tells of none of them.
    """
    body, whole = unpacked(body)
    document = read_records(body, ("url", "sitemap"), _PATHS)
    if document.root not in {"urlset", "sitemapindex"}:
        return None if document.root else _read_lines(body, whole=whole)
    entries = [entry for record in document.records if (entry := _entry(record))]
    dates = {entry.modified for entry in entries}
    if len(entries) >= ENOUGH_DATES and len(dates) == 1:
        entries = [entry._replace(modified=None) for entry in entries]
    whole &= document.whole
    is_index = document.root == "sitemapindex"
    return Sitemap([], entries, whole) if is_index else Sitemap(entries, [], whole)


def lists_no_articles(url: str) -> bool:
    """Whether the name of a sitemap says that it names listings, authors or files."""
    return _OF_LISTINGS.search(url.partition("?")[0].rpartition("/")[2]) is not None


def listing_kind(path: str) -> LinkKind | None:
    """Return what kind of listing the path of a page names, ``None`` for most pages."""
    first = path.strip("/").partition("/")[0].casefold()
    return _LISTINGS.get(first)


def _entry(record: Sequence[Field]) -> Entry | None:
    values = {field.path: field.text for field in record}
    url = values.get("loc")
    if not url:
        return None
    return Entry(
        url, published=date_of(values.get(_NEWS_DATE)), modified=date_of(values.get("lastmod"))
    )


def _read_lines(body: bytes, *, whole: bool) -> Sitemap | None:
    lines = body.decode("utf-8-sig", "replace").split("\n", MAX_RECORDS)[:MAX_RECORDS]
    urls = [line.strip() for line in (lines if whole else lines[:-1])]
    entries = [Entry(url) for url in urls if _LINE.fullmatch(url)]
    if whole and not (entries and _LINE.fullmatch(urls[0])):
        return None
    return Sitemap(entries, [], whole)

"""XML sitemaps (sitemaps.org): which pages a site names, and when it changed them."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple, cast

from lxml import etree

MAX_ENTRIES = 50_000
"""The protocol's own limit; what is beyond it is not read."""


class Entry(NamedTuple):
    """A URL of a sitemap; ``lastmod`` as it is written, for it is only ever compared with itself."""

    url: str
    lastmod: str | None


class Sitemap(NamedTuple):
    """Entries for pages, or for further sitemaps."""

    pages: list[Entry]
    sitemaps: list[Entry]


def read_sitemap(body: bytes) -> Sitemap | None:
    """Return what a sitemap says, ``None`` where the document is none.

    Entities are not resolved and nothing is loaded; a broken document gives what
    comes before the break.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        # a recovering parser returns None where nothing is left, whatever its types say
        root = cast("etree._Element | None", etree.fromstring(body, parser))  # noqa: SLF001 - lxml exports no other name
    except etree.XMLSyntaxError:
        return None
    if root is None or (kind := _name(root)) not in {"urlset", "sitemapindex"}:
        return None
    entries = [entry for child in islice(root, MAX_ENTRIES) if (entry := _entry(child))]
    return Sitemap(entries, []) if kind == "urlset" else Sitemap([], entries)


def _entry(element: etree._Element) -> Entry | None:
    values = {_name(child): (child.text or "").strip() for child in element}
    url = values.get("loc")
    return Entry(url, values.get("lastmod") or None) if url else None


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""

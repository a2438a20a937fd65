"""Feeds: RSS 0.9x to 2.0, RSS 1.0, Atom (RFC 4287) and JSON Feed 1.x."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from newscrawl.dates import Locale
from newscrawl.discovery.entries import Entry, date_of
from newscrawl.discovery.records import Field, is_full, read_records, unpacked
from newscrawl.discovery.written import json_of, resolved, text_of
from newscrawl.url_parts import split
from newscrawl.zones import countries_of

MAX_ENTRIES = 2000
MAX_SECTIONS = 30

_ROOTS = ("rss", "rdf", "feed")
_GENERATORS = ("channel/generator", "generator")
_NEXT = ("channel/link", "link")
_LANGUAGE = "channel/language"
_PUBLISHED = ("pubDate", "published", "issued", "date")
_MODIFIED = ("updated", "modified")
_WANTED = (
    *_PUBLISHED,
    *_MODIFIED,
    *_GENERATORS,
    *_NEXT,
    _LANGUAGE,
    *("guid", "origLink", "category", "subject"),
)
_WORDPRESS = re.compile(r"wordpress", re.IGNORECASE)
_JSON_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/")
_FEED_PATH = re.compile(r"/feed(?:/(?:rss2?|rdf|atom))?/?$")


class Feed(NamedTuple):
    """Entries, newest first as a rule, and the address of those that follow them.

    Not ``whole`` is one that ends early; at least so many entries as ``left_out`` are beyond a
    limit and were not read.
    """

    entries: list[Entry]
    following: str | None = None
    whole: bool = True
    left_out: int = 0


def read_feed(body: bytes, url: str, content_type: str | None = None) -> Feed | None:
    """Return what the feed at ``url`` says, ``None`` where the document is none.

    What follows is as the feed names it (RFC 5005, ``next_url``); a feed of WordPress
    is paged by ``paged``, whether or not there is another page.
    """
    body, whole = unpacked(body)
    is_cut = is_full(body)
    text = text_of(body, content_type)
    del body  # it may be 50 MB
    if not whole and text[:1] in {"", "{"}:
        return Feed([], whole=False)
    if text.startswith("{"):
        return _read_json(text, url)
    document = read_records(text, ("item", "entry"), _WANTED, _ROOTS)
    if document.root not in _ROOTS:
        return _read_json(text, url)
    languages = [field.text for field in document.outside if field.path == _LANGUAGE]
    locale = Locale(countries=countries_of(languages[:1], _host(url)))
    found = (_entry(record, url, locale) for record in document.records[:MAX_ENTRIES])
    entries = [entry for entry in found if entry is not None]
    is_cut = is_cut and not document.whole
    left_out = max(len(document.records) - MAX_ENTRIES, 0) + document.left_out + is_cut
    following = next(
        (
            resolved(field.attributes.get("href", ""), url, field.base)
            for field in document.outside
            if field.path in _NEXT and _rel(field) == "next"
        ),
        None,
    )
    is_wordpress = any(
        field.path in _GENERATORS and _WORDPRESS.search(field.text) for field in document.outside
    )
    if following is None and is_wordpress and entries:
        following = next_paged(url)
    return Feed(entries, following, whole and (document.whole or is_cut), left_out)


def next_paged(url: str) -> str | None:
    """Return the page of a WordPress feed after ``url``, ``None`` where that is no such feed."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not _FEED_PATH.search(parts.path) and "feed" not in query:
        return None
    paged = query.get("paged", "1")
    if not re.fullmatch(r"[0-9]{1,6}", paged):
        return None
    query["paged"] = str(int(paged) + 1)
    return parts._replace(query=urlencode(query)).geturl()


def _entry(record: Sequence[Field], base: str, locale: Locale) -> Entry | None:
    link, within = _link(record)
    url = resolved(link, base, within)
    if url is None:
        return None
    values = {field.path: field.text for field in reversed(record)}
    return Entry(
        url,
        published=_date(values, _PUBLISHED, locale),
        modified=_date(values, _MODIFIED, locale),
        sections=tuple(
            name
            for field in record
            if field.path in {"category", "subject"}
            and (name := field.text or field.attributes.get("term", ""))
        )[:MAX_SECTIONS],
    )


def _link(record: Sequence[Field]) -> tuple[str, str]:
    """Return an address and its ``xml:base``: RSS's text or Atom's alternate link, else an RSS ``guid`` that is a permalink.

    A service in between that counts readers keeps the site's own address in ``origLink``.
    """
    permalink = ("", "")
    links = []
    for field in record:
        if field.path == "origLink" and field.text:
            return field.text, field.base
        if field.path == "link" and _rel(field) == "alternate":
            links.append((field.attributes.get("href") or field.text, field.base))
        elif field.path == "guid" and field.attributes.get("ispermalink", "true") == "true":
            is_address = field.text.lower().startswith(("https://", "http://"))
            permalink = (field.text, field.base) if is_address else permalink
    return next((link for link in links if link[0]), permalink)


def _rel(field: Field) -> str:
    """Return what a link is; Atom has names for it, and addresses that end in them."""
    rel = field.attributes.get("rel", "alternate").strip().lower()
    return rel.rpartition("/")[2]


def _date(values: dict[str, str], names: Sequence[str], locale: Locale) -> datetime | None:
    return next(filter(None, (date_of(values.get(name), locale) for name in names)), None)


def _host(url: str) -> str:
    try:
        return split(url).hostname or ""
    except ValueError:
        return ""


def _read_json(text: str, base: str) -> Feed | None:
    feed = json_of(text)
    if not isinstance(feed, dict) or not _JSON_FEED.match(_text(feed.get("version"))):
        return None
    items = feed.get("items")
    items = items if isinstance(items, list) else []
    found = (_json_entry(item, base) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    entries = [entry for entry in found if entry is not None]
    following = resolved(_text(feed.get("next_url")), base)
    return Feed(entries, following, left_out=max(len(items) - MAX_ENTRIES, 0))


def _json_entry(item: dict[str, Any], base: str) -> Entry | None:
    url = resolved(_text(item.get("url")).strip(), base)
    if url is None:
        return None
    tags = item.get("tags")
    tags = tags[:MAX_SECTIONS] if isinstance(tags, list) else []
    return Entry(
        url,
        published=date_of(_text(item.get("date_published"))),
        modified=date_of(_text(item.get("date_modified"))),
        sections=tuple(filter(None, map(_text, tags))),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

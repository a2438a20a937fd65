"""Feeds: RSS 0.9x to 2.0, RSS 1.0, Atom (RFC 4287) and JSON Feed 1.x."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from newscrawl.dates import Locale
from newscrawl.discovery.entries import Entry, date_of
from newscrawl.discovery.records import Field, read_records, unpacked
from newscrawl.zones import countries_of

MAX_ENTRIES = 2000
MAX_SECTIONS = 30
MAX_URL = 2083

_ROOTS = frozenset({"rss", "rdf", "feed"})
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

    Not ``whole`` is one that ends early.
    """

    entries: list[Entry]
    following: str | None = None
    whole: bool = True


def read_feed(body: bytes, url: str) -> Feed | None:
    """Return what the feed at ``url`` says, ``None`` where the document is none.

    What follows is as the feed names it (RFC 5005, ``next_url``); a feed of WordPress
    is paged by ``paged``, whether or not there is another page.
    """
    body, whole = unpacked(body)
    if not whole and body.lstrip()[:1] in {b"", b"{"}:
        return Feed([], whole=False)
    if body.lstrip()[:1] == b"{":
        return _read_json(body, url)
    document = read_records(body, ("item", "entry"), _WANTED)
    if document.root not in _ROOTS:
        return None
    languages = [field.text for field in document.outside if field.path == _LANGUAGE]
    locale = Locale(countries=countries_of(languages[:1], _host(url)))
    found = (_entry(record, url, locale) for record in document.records[:MAX_ENTRIES])
    entries = [entry for entry in found if entry is not None]
    following = next(
        (
            _absolute(field.attributes.get("href", ""), url)
            for field in document.outside
            if field.path in _NEXT and field.attributes.get("rel") == "next"
        ),
        None,
    )
    is_wordpress = any(
        field.path in _GENERATORS and _WORDPRESS.search(field.text) for field in document.outside
    )
    if following is None and is_wordpress and entries:
        following = next_paged(url)
    return Feed(entries, following, whole and document.whole)


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
    url = _absolute(_link(record), base)
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


def _link(record: Sequence[Field]) -> str:
    """Return RSS's text or Atom's alternate link, else an RSS ``guid`` that is a permalink.

    A service in between that counts readers keeps the site's own address in ``origLink``.
    """
    original = next((field.text for field in record if field.path == "origLink"), "")
    if original:
        return original
    guid = ""
    for field in record:
        if field.path == "link":
            is_alternate = field.attributes.get("rel", "alternate") == "alternate"
            if field.text or (is_alternate and field.attributes.get("href")):
                return field.text or field.attributes["href"]
        elif field.path == "guid" and field.attributes.get("isPermaLink", "true") == "true":
            guid = field.text
    return guid if guid.startswith(("https://", "http://")) else ""


def _date(values: dict[str, str], names: Sequence[str], locale: Locale) -> datetime | None:
    return next(filter(None, (date_of(values.get(name), locale) for name in names)), None)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _absolute(url: str, base: str) -> str | None:
    if not url or len(url) > MAX_URL:
        return None
    try:
        return urljoin(base, url)
    except ValueError:
        return None


def _read_json(body: bytes, base: str) -> Feed | None:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or not _JSON_FEED.match(_text(feed.get("version"))):
        return None
    items = feed.get("items")
    items = items[:MAX_ENTRIES] if isinstance(items, list) else []
    found = (_json_entry(item, base) for item in items if isinstance(item, dict))
    entries = [entry for entry in found if entry is not None]
    return Feed(entries, _absolute(_text(feed.get("next_url")), base))


def _json_entry(item: dict[str, Any], base: str) -> Entry | None:
    url = _absolute(_text(item.get("url")), base)
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

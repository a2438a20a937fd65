"""Events for readers of feeds: Atom (RFC 4287, deleted entries RFC 6721) and JSON Feed 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from newscrawl.events.events import Event, Kind
from newscrawl.items import compact_json

ATOM, DELETED = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
VERSION = "https://jsonfeed.org/version/1.1"
TITLE = "Articles"
SUMMARY = 300
"""Characters of a text that stand in a feed: the rest is at the site."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = ElementMaker(namespace=ATOM, nsmap={None: ATOM, "at": DELETED})


def atom(events: Sequence[Event], address: str) -> bytes:
    """Return events as Atom, UTF-8; ``address`` is the feed's own name, any URI.

    What is gone is a deleted entry. An entry's id is the canonical URL of its article.
    """
    feed = _ATOM.feed(
        _ATOM.title(_title(events)),
        _ATOM.id(_xml(address)),
        _ATOM.updated(_updated(events)),
        _ATOM.author(_ATOM.name("newscrawl")),
        *map(_entry, events),
    )
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)


def json_feed(events: Sequence[Event]) -> bytes:
    """Return events as JSON Feed, UTF-8; what happened is in ``_newscrawl``."""
    items = [_item(event) for event in events]
    whole = {"version": VERSION, "title": _title(events), "items": items}
    return f"{compact_json(whole)}\n".encode(errors="replace")


def _entry(event: Event) -> Any:
    article = event.article
    if event.kind is Kind.GONE:
        name = etree.QName(DELETED, "deleted-entry")
        ref = _xml(article.canonical_url)
        return etree.Element(name, {"ref": ref, "when": event.at.isoformat()})
    parts = [
        _ATOM.title(_xml(article.headline)),
        _ATOM.id(_xml(article.canonical_url)),
        _ATOM.link(rel="alternate", href=_xml(article.url)),
        _ATOM.updated(event.at.isoformat()),
        *(_ATOM.author(_ATOM.name(_xml(name))) for name in article.authors),
        *(_ATOM.category(term=_xml(name)) for name in article.sections),
    ]
    if article.published is not None:
        parts.append(_ATOM.published(_moment(article.published)))
    if article.text:
        parts.append(_ATOM.summary(_xml(_beginning(article.text))))
    return _ATOM.entry(*parts)


def _item(event: Event) -> dict[str, object]:
    article = event.article
    told: Iterator[tuple[str, object]] = iter(
        [
            ("id", article.canonical_url),
            ("url", article.url),
            ("title", article.headline),
            ("content_text", _beginning(article.text) or article.headline),
            ("date_published", article.published and _moment(article.published)),
            ("date_modified", event.at.isoformat()),
            ("authors", [{"name": name} for name in article.authors]),
            ("tags", [*article.sections, *article.tags]),
            ("language", article.language),
            ("_newscrawl", {"event": event.kind, "id": article.id, "site": article.site}),
        ]
    )
    return {name: value for name, value in told if value not in (None, "", [])}


def _title(events: Sequence[Event]) -> str:
    sites = sorted({event.article.site for event in events})
    return f"{TITLE} of {', '.join(sites)}" if sites else TITLE


def _updated(events: Sequence[Event]) -> str:
    latest = max((event.at for event in events), default=datetime.fromtimestamp(0, UTC))
    return latest.isoformat()


def _moment(date: datetime) -> str:
    """As RFC 3339 has it; what came without an offset was taken for UTC."""
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).isoformat(timespec="seconds")


def _beginning(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= SUMMARY else f"{folded[: SUMMARY - 1].rstrip()}…"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

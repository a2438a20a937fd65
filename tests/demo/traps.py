"""Names for the addresses of the generated site that a crawler should not fetch."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

TRACKING = frozenset(("fbclid", "gclid", "utm_source", "utm_medium", "utm_campaign"))
_API = "/wp-json/wp/"
_PARAMETERS = {
    "s": "search",
    "replytocom": "reply",
    "add-to-cart": "cart",
    "remove_item": "cart",
    "orderby": "sort",
    "share": "share",
    "print": "print",
    "attachment_id": "attachment",
    "ajax-request": "ajax",
    "PHPSESSID": "session",
    "p": "shortlink",
    **dict.fromkeys(TRACKING, "tracking"),
}
_PATHS = (
    (re.compile(r"/\d{4}/\d{2}/(\d{2}/)?$"), "calendar"),
    (re.compile(r"/(wp-admin|private)/"), "robots"),
    (re.compile(r"/(cart|checkout|my-account)/"), "cart"),
    (re.compile(r"/comments/feed/"), "comment-feed"),
    (re.compile(r"/(?!category/|tag/|author/|feed/).+/feed/"), "comment-feed"),
    (re.compile(r"/[^/]+/attachment/"), "attachment"),
    (re.compile(r"/wp-json/oembed/"), "oembed"),
    (re.compile(r"/xmlrpc\.php"), "xmlrpc"),
)


def trap(path_and_query: str) -> str | None:
    """The name of the trap a request path belongs to."""
    parts = urlsplit(path_and_query)
    if parts.path.startswith(_API):
        return None
    for name, _ in parse_qsl(parts.query, keep_blank_values=True):
        if name in _PARAMETERS:
            return _PARAMETERS[name]
    return next((name for pattern, name in _PATHS if pattern.match(parts.path)), None)

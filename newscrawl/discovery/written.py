"""What a source has written: its text whatever its charset, its JSON whatever stands around it."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any
from urllib.parse import urlsplit

from newscrawl.charset import decode_mixed
from newscrawl.url_parts import resolve

MAX_BEFORE = 100_000
"""Characters in which JSON has to begin."""

_MARKS = (BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE)
_ASCII_SPACE = b" \t\r\n"
_SPACE = " \t\r\n\f\v\x00\ufeff"
_JSON = re.compile(r"\[\s*\{\s*\"|\{\s*\"|\[\s*\](?=\s*(?:\Z|<!--))")
_PAGE = re.compile(r"<(?:!doctype|html|head|body|script)\b", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DOTS = re.compile(r"(?:^|/)\.\.?(?:/|[?#]|$)")


def text_of(body: bytes, content_type: str | None = None) -> str:
    """Return the text of a source: what it declares counts as far as its bytes bear it out."""
    begun = body.lstrip(_ASCII_SPACE)
    body = begun if begun.startswith(_MARKS) else body
    return decode_mixed(body, content_type).lstrip(_SPACE)


def json_of(text: str) -> Any:
    """Return the value of JSON, ``None`` where there is none.

    Warnings of PHP may stand before it, and comments after it. JSON within a web page is none.
    """
    found = _JSON.search(text, 0, MAX_BEFORE)
    if found is None or _PAGE.search(text, 0, found.start()):
        return None
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text, found.start())
    except (ValueError, RecursionError):
        return None
    return value


def resolved(url: str, base: str, within: str = "") -> str | None:
    """Return the address that ``url`` means in the document ``base``, else as it is written.

    ``within`` is the ``xml:base`` around it. An address that is only
    completed keeps its bytes. ``None`` where there is no address.
    """
    if not url:
        return None
    if _SCHEME.match(url):
        return url
    try:
        return _joined(_base(base, within), url) if base else url
    except ValueError:
        return None


def _base(base: str, within: str) -> str:
    try:
        joined = resolve(base, within)
        return joined if urlsplit(joined).scheme in {"http", "https"} else base
    except ValueError:
        return base


def _joined(base: str, url: str) -> str:
    parts = urlsplit(base)
    if url.startswith("//"):
        return f"{parts.scheme}:{url}"
    path, _, _ = url.partition("?")
    if "\\" in path or _DOTS.search(url):
        return resolve(base, url.replace("\\", "/") if "?" not in url else url)
    if url.startswith("/"):
        return f"{parts.scheme}://{parts.netloc}{url}"
    folder = parts.path if url.startswith(("?", "#")) else parts.path.rpartition("/")[0] + "/"
    return f"{parts.scheme}://{parts.netloc}{folder or '/'}{url}"

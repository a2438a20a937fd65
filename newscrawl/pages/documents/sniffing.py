"""What an answer is, told by its bytes; what the server says of it decides only between texts.

The signatures and the tags are those of browsers (WHATWG MIME Sniffing, 4 to 7), which sniff only
where a server says nothing. Here the bytes are asked first: servers declare HTML as pictures, and
pictures as HTML.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum

from newscrawl.charset import unmarked_wide


class Media(StrEnum):
    """The kinds of answers that are read in different ways; what is no text is binary."""

    HTML = "html"
    XML = "xml"
    JSON = "json"
    TEXT = "text"
    BINARY = "binary"


HEAD = 1_445
"""Bytes in which binary data is looked for (the standard's resource header)."""
MARKUP_HEAD = 16_384
"""Bytes in which markup is looked for behind warnings and comments."""
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
"""Binary data bytes: they stand in no text."""
SURE = re.compile(
    rb"%PDF-\d|%!PS-Adobe-|\{\\rtf\d|GIF8[79]a|\xff\xd8\xff|\x89PNG\r\n|\x1f\x8b\x08|PK\x03\x04"
    rb"|\xd0\xcf\x11\xe0\xa1\xb1|\x7fELF|\x1aE\xdf\xa3|\xfd7zXZ\0|7z\xbc\xaf'\x1c"
)
"""Signatures that no text has by chance."""
SIGNATURES = re.compile(
    rb"RIFF.{4}(?:WEBPVP|WAVE|AVI )|BM|II\*\0|MM\0\*|\0\0[\x01\x02]\0|8BPS|\xff\x0a|\0\0\0\x0c(?:JXL|jP)"
    rb"|.{4}ftyp|OggS\0|fLaC|ID3|FORM.{4}AIFF|MThd\0\0\0\x06|\.snd|\xff[\xe2\xe3\xf2-\xfb]"
    rb"|FLV\x01|\0\0\x01[\xb3\xba]|[FCZ]WS[\x01-\x32]|AT&TFORM"
    rb"|PK(?:\x05\x06|\x07\x08)|Rar ?!?\x1a\x07|BZh[1-9]1AY|\x28\xb5\x2f\xfd|\x04\"M\x18|.{257}ustar"
    rb"|wOF[F2]|OTTO\0|\0\x01\0\0\0|ttcf|.{34}LP|MZ|\xca\xfe\xba\xbe|\0asm|SQLite format 3\0",
    re.DOTALL,
)
"""Signatures that count where binary data follows."""
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xfe\xff": "utf-16", b"\xff\xfe": "utf-16"}
BLANKS = re.compile(rb"[\t\n\x0c\r \x00]*")
DOCTYPE = re.compile(rb"<!doctype\s+html\b", re.IGNORECASE)
WITHIN = re.compile(
    rb"<!doctype\s+html[\s>]|<(?:html|head|body)[\s>]"
    rb"|</(?:title|head|body|html|p|div|h[1-6]|a|article|main|ul|table|script)\s*>",
    re.IGNORECASE,
)
"""What only markup has, wherever it stands."""
PROLOGUE = re.compile(rb"<\?xml[\s?]", re.IGNORECASE)
ROOT = re.compile(rb"<([a-z_][\w.-]{0,99}(?::[\w.-]{1,99})?)", re.IGNORECASE)
BEFORE_ROOT = ((b"<!--", b"-->"), (b"<?", b">"), (b"<!", b">"))
"""How what may stand before the first element begins and ends."""
MOST_BEFORE_ROOT = 100
PAGES = frozenset({b"html", b"head", b"body", b"div", b"p", b"table", b"center"})
FORMATS = frozenset({b"rss", b"feed", b"rdf:rdf", b"urlset", b"sitemapindex", b"opml"})
"""Elements that XML begins with, also where it does not say that it is XML."""
SVG = b"svg"
OBJECT = re.compile(rb'\[?\s*\{\s*(?:\}|"[^"\\\n]{0,200}"\s*:)|\[\s*\]')
"""How data begins."""
DECLARED_XML = re.compile(rb"(?:text/xml|application/xml|[\w.-]+/[\w.-]+\+xml)", re.IGNORECASE)
DECLARED_JSON = re.compile(rb"(?:application/(?:x-)?json|[\w.-]+/[\w.-]+\+json)", re.IGNORECASE)
DECLARED_PLAIN = re.compile(rb"text/(?!html|xml)[\w.-]+", re.IGNORECASE)
DECLARED_OTHER = re.compile(
    rb"(?:image|audio|video|font|model)/[\w.+-]+|application/(?!x?html|unknown)[\w.+-]+",
    re.IGNORECASE,
)
"""What is not declared as text."""


def media_of(body: bytes, declared: bytes | None = None) -> Media:
    """Return what the body of an answer is; ``declared`` is its ``Content-Type``."""
    declared = (declared or b"").strip()
    if SURE.match(body) or (_is_signed(body) and CONTROLS.search(body, 0, HEAD)):
        return Media.BINARY
    text = _narrow(body)
    if (found := _by_first_element(text, declared)) is not None:
        return found
    if OBJECT.match(text, _after_blanks(text, 0)) and _is_data(body, text):
        return Media.JSON
    return _by_what_it_holds(text, declared)


def _is_signed(body: bytes) -> bool:
    return not body.startswith(b"<") and SIGNATURES.match(body) is not None


def _by_what_it_holds(text: bytes, declared: bytes) -> Media:
    is_markup = WITHIN.search(text) is not None
    if CONTROLS.search(text, 0, HEAD):
        is_said = not DECLARED_PLAIN.match(declared) and not DECLARED_OTHER.match(declared)
        return Media.HTML if is_markup and is_said else Media.BINARY
    if PROLOGUE.match(text, _after_blanks(text, 0)):
        return Media.XML
    if is_markup and not DECLARED_PLAIN.match(declared):
        return Media.HTML
    return _as_declared(declared)


def _narrow(body: bytes) -> bytes:
    """Return the beginning of a body without its mark, one byte a character."""
    mark = next((mark for mark in MARKS if body.startswith(mark)), b"")
    wide = MARKS[mark] if mark else unmarked_wide(body)
    if wide in {None, "utf-8"}:
        return body[len(mark) : MARKUP_HEAD]
    return (
        body[: 4 * MARKUP_HEAD]
        .decode(wide or "", "ignore")
        .lstrip("\ufeff")
        .encode("ascii", "replace")
    )


def _after_blanks(text: bytes, at: int) -> int:
    found = BLANKS.match(text, at)
    return found.end() if found else at


def _by_first_element(text: bytes, declared: bytes) -> Media | None:
    """Return what begins with markup; ``None`` for all that does not."""
    root = _first_element(text)
    is_xml = PROLOGUE.match(text, _after_blanks(text, 0)) is not None
    if root is None:
        return None
    if root == SVG:
        return Media.HTML if DOCTYPE.search(text) else Media.BINARY
    if root in PAGES:
        return Media.HTML
    if is_xml or root in FORMATS or DECLARED_XML.match(declared):
        return Media.XML
    return Media.HTML


def _first_element(text: bytes) -> bytes | None:
    """Return the name of the element that a document begins with, in lower case.

    A document type, or a comment without an end, says that it is HTML.
    """
    at = _after_blanks(text, 0)
    for _ in range(MOST_BEFORE_ROOT):
        if DOCTYPE.match(text, at):
            return b"html"
        if found := ROOT.match(text, at):
            return found[1].lower()
        start, end = next(
            (each for each in BEFORE_ROOT if text.startswith(each[0], at)), (b"", b"")
        )
        if not start:
            return None
        closed = text.find(end, at + len(start))
        if closed < 0:
            return b"html" if start == b"<!--" else None
        at = _after_blanks(text, closed + len(end))
    return None


def _is_data(body: bytes, text: bytes) -> bool:
    """Whether what begins as data is data to its end; what is broken is, unless it holds markup."""
    try:
        json.loads(body)
    except RecursionError:
        return True
    except ValueError:
        return WITHIN.search(text) is None
    return True


def _as_declared(declared: bytes) -> Media:
    """Return what text without markup is."""
    if DECLARED_JSON.match(declared):
        return Media.JSON
    if DECLARED_XML.match(declared):
        return Media.XML
    if DECLARED_PLAIN.match(declared):
        return Media.TEXT
    return Media.BINARY if DECLARED_OTHER.match(declared) else Media.HTML

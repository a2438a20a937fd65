"""Pages that send their readers on by themselves: ``<meta http-equiv=refresh>`` and its header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.addresses.joining import join
from newscrawl.pages.judging.marks import wording_of
from newscrawl.pages.judging.wordings import Wording
from newscrawl.pages.judging.words import seen_words

if TYPE_CHECKING:
    from newscrawl.pages.documents.document import Document, Element

LONGEST_DELAY = 10
"""Seconds up to which nobody is meant to stay."""
OWN_WORDS = 250
"""Words from which a page is there to be read before it sends on, or while it loads again."""
STANDING = frozenset({Wording.BOT, Wording.NOT_FOUND})
"""What a page says that is no way to another, wherever it leads."""

_SPACE = "\t\n\f\r "
_DELAY = re.compile(r"([0-9]*)([0-9.]*)")
_NAMED = re.compile(rf"url[{_SPACE}]*=[{_SPACE}]*", re.IGNORECASE)
_METAS = etree.XPath("//meta[@http-equiv and @content][not(ancestor::noscript|ancestor::template)]")


class Refresh(NamedTuple):
    """Whole seconds, and the address as it stands, empty for the page itself."""

    delay: int
    reference: str


def read_refresh(text: str) -> Refresh | None:
    """Read the value of a refresh as browsers do (HTML, shared declarative refresh steps)."""
    text = text.lstrip(_SPACE)
    match = _DELAY.match(text)
    if match is None or not match[0]:
        return None
    delay, rest = int(match[1][:9] or 0), text[match.end() :]
    if rest and rest[0] not in f";,{_SPACE}":
        return None
    rest = rest.lstrip(_SPACE)
    rest = (rest[1:] if rest[:1] in {";", ","} else rest).lstrip(_SPACE)
    if named := _NAMED.match(rest):
        rest = rest[named.end() :]
    if rest[:1] in {'"', "'"}:
        rest = rest[1:].partition(rest[0])[0]
    return Refresh(delay, rest.strip(_SPACE))


def sends_on(document: Document, header: str = "") -> str | None:
    """Return where a page leads like a redirect, ``None`` for a page that is to be read.

    ``header`` is the value of ``Refresh``, which comes before what the page says.
    """
    refresh, base = read_refresh(header), document.url
    if refresh is None:
        refresh, base = _declared(document), document.base
    if refresh is None or refresh.delay > LONGEST_DELAY:
        return None
    try:
        target = join(base, refresh.reference) if refresh.reference else document.url
        is_web = urlsplit(target).scheme in {"http", "https"}
    except ValueError:
        return None
    bare, _, fragment = target.partition("#")
    is_itself = bare == document.url
    if not is_web or (is_itself and (fragment or refresh.delay)):
        return None
    return None if _is_read(document, at_once=not refresh.delay and not is_itself) else target


def _is_read(document: Document, *, at_once: bool) -> bool:
    if wording_of(document) in STANDING:
        return True
    return not at_once and seen_words(document.root).seen >= OWN_WORDS


def _declared(document: Document) -> Refresh | None:
    metas = (
        each
        for each in cast("list[Element]", _METAS(document.root))
        if (each.get("http-equiv") or "").strip().lower() == "refresh"
    )
    return next(filter(None, (read_refresh(each.get("content") or "") for each in metas)), None)

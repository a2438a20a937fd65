"""What a page says about its use by machines: robots directives and reservations of rights."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web_poet import HttpResponse

    from newscrawl.pages.documents.document import Document

DIRECTIVES = ("noindex", "nofollow", "noarchive", "nosnippet", "noai", "noimageai")
TDM = "tdm-reservation"
SIGNALS = (*DIRECTIVES, TDM)
_NONE = "none"
"""Stands for ``noindex, nofollow``."""
_AGENT = re.compile(r"^\s*([a-z0-9_-]+)\s*:\s*(.*)$", re.IGNORECASE)
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
MAX_SAID = 1_000
"""Characters of one header or meta element that are read."""


def signals_of(document: Document, response: HttpResponse, agent: str) -> list[str]:
    """Return the signals of a page in the order of ``SIGNALS``.

    From ``<meta name="robots">`` or our own name, ``X-Robots-Tag`` headers that name no agent or
    ours, and the header or meta element ``tdm-reservation`` (TDM Reservation Protocol, W3C
    community report 2024).
    """
    name = agent.partition("/")[0].strip().lower()
    said = [*document.metas("robots"), *(document.metas(name) if name else ())]
    for value in response.headers.getall("X-Robots-Tag", []):
        rule = _for_us(str(value)[:MAX_SAID], name)
        if rule is not None:
            said.append(rule)
    found = set(_words(said))
    if _NONE in found:
        found |= {"noindex", "nofollow"}
    reserved = [*document.metas(TDM), *response.headers.getall(TDM, [])]
    if any(str(each).strip() == "1" for each in reserved):
        found.add(TDM)
    return [signal for signal in SIGNALS if signal in found]


def _for_us(value: str, name: str) -> str | None:
    match = _AGENT.match(value)
    if match is None or match[1].lower() in _VALUED:
        return value
    return match[2] if match[1].lower() == name else None


def _words(values: Iterable[str]) -> Iterable[str]:
    for value in values:
        for word in value[:MAX_SAID].lower().split(","):
            yield word.strip()

"""The file behind an ``img`` element: in full size, and no placeholder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.items import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.pages.documents.document import Element

    Resolve = Callable[[str], str | None]

NO_PICTURES = frozenset({"avatar", "gravatar", "wp-smiley", "emoji", "tracking-pixel"})
LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file")
SIZE_SUFFIX = re.compile(r"-\d{1,4}x\d{1,4}(?=\.\w{3,4}$)")
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)


def picture(img: Element, resolve: Resolve, full: str | None = None) -> Image | None:
    """The full-size file behind an ``img``: ``full``, then lazy attributes, no placeholder."""
    tokens = (img.get("class") or "").split()
    if not NO_PICTURES.isdisjoint(tokens) or "1" in {img.get("width"), img.get("height")}:
        return None
    candidates = [full if full and PICTURE_FILE.search(full) else None, *map(img.get, LAZY)]
    candidates += [_largest(img.get("data-srcset")), img.get("src"), _largest(img.get("srcset"))]
    for candidate in candidates:
        if candidate and (url := picture_url(candidate, resolve)):
            return Image(url=url, alt=" ".join((img.get("alt") or "").split()) or None)
    return None


def picture_url(address: str, resolve: Resolve) -> str | None:
    """WordPress keeps the original beside its ``-750x375`` copies, under the name without it."""
    if address.lstrip()[:5].lower() == "data:" or "jeg-empty.png" in address:
        return None
    url = resolve(address)
    return SIZE_SUFFIX.sub("", url) if url and "/uploads/" in url else url


def _largest(srcset: str | None) -> str | None:
    """The candidate with the largest descriptor; a bare address counts as ``1x``."""
    best, size = None, -1.0
    for part in (srcset or "").split(", ")[:20]:
        address, _, descriptor = part.strip().rstrip(",").partition(" ")
        try:
            value = float(descriptor.strip().rstrip("wx") or 1)
        except ValueError:
            value = 0.0
        if address and value > size:
            best, size = address, value
    return best

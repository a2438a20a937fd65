"""The picture that a page declares for its story, where the body shows none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Image
from newscrawl.pages.bodies.pictures import picture_url
from newscrawl.pages.documents import metadata

if TYPE_CHECKING:
    from newscrawl.pages.bodies.pictures import Resolve
    from newscrawl.pages.documents.document import Document
    from newscrawl.pages.documents.metadata import JsonObject


def declared_picture(story: JsonObject, resolve: Resolve) -> list[Image]:
    """The first picture of the story's own object; later ones are mostly other sizes of it."""
    first = next(iter(metadata.listed(story.get("image"))), None)
    told = first if isinstance(first, dict) else {}
    address = next(iter(metadata.strings(told or first, "url")), None)
    url = picture_url(address, resolve) if address else None
    if not url:
        return []
    caption, credit = (
        next(iter(metadata.strings(told.get(key))), None) for key in ("caption", "creditText")
    )
    return [Image(url=url, caption=caption, credit=credit)]


def shared_picture(document: Document) -> list[Image]:
    """What is shown where others share the page (OpenGraph, Twitter)."""
    address = document.meta("og:image", "og:image:url", "twitter:image")
    url = picture_url(address, document.absolute) if address else None
    return [Image(url=url, alt=document.meta("og:image:alt"))] if url else []

"""The picture that a page declares for its story, where the body shows none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.items import Image
from newscrawl.pages.bodies.pictures import picture_url
from newscrawl.pages.documents import metadata

if TYPE_CHECKING:
    from newscrawl.pages.bodies.pictures import Resolve
    from newscrawl.pages.documents.document import Document
    from newscrawl.pages.documents.metadata import JsonObject

MAX_DECLARED = 20


def declared_picture(story: JsonObject, resolve: Resolve) -> list[Image]:
    """The first picture of the story's own object; later ones are mostly other sizes of it."""
    for key in ("image", "thumbnailUrl"):
        for each in metadata.listed(story.get(key))[:MAX_DECLARED]:
            told = each if isinstance(each, dict) else {}
            address = next(iter(addresses(each)), None)
            if address and (url := picture_url(address, resolve)):
                caption, credit = (
                    next(iter(metadata.strings(told.get(name))), None)
                    for name in ("caption", "creditText")
                )
                return [Image(url=url, caption=caption, credit=credit)]
    return []


def addresses(picture: Any) -> list[str]:
    """Of an object that of the file, before that which may be a page about it."""
    if not isinstance(picture, dict):
        return metadata.strings(picture)
    found = (metadata.strings(picture.get(key), "@id") for key in ("contentUrl", "url"))
    names = (each for each in metadata.strings(picture.get("@id")) if "#" not in each)
    return next(filter(None, found), None) or list(names)


def shared_picture(document: Document) -> list[Image]:
    """What is shown where others share the page (OpenGraph, Twitter)."""
    address = document.meta("og:image", "og:image:url", "twitter:image")
    url = picture_url(address, document.absolute) if address else None
    return [Image(url=url, alt=document.meta("og:image:alt"))] if url else []

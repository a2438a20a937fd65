"""The picture of a story outside its body: shown before it, or declared where it shows none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.items import Image
from newscrawl.pages.bodies.body import read_lead
from newscrawl.pages.bodies.pictures import picture_url
from newscrawl.pages.bodies.skipped import is_boilerplate
from newscrawl.pages.documents import metadata

if TYPE_CHECKING:
    from newscrawl.pages.bodies.pictures import Resolve
    from newscrawl.pages.documents.document import Document, Element
    from newscrawl.pages.documents.metadata import JsonObject

BESIDE = frozenset({"nav", "aside", "li", "a", "footer", "form"})
SHARED = (
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "twitter:image",
    "twitter:image:src",
)
MAX_BEFORE = 10
"""Figures between headline and body that are looked at."""
MAX_DIGITS = 6
MAX_DECLARED = 50
"""Sizes of a picture that are looked at."""


def picture_between(heading: Element, body: Element, resolve: Resolve) -> Image | None:
    """The picture of the first figure between the headline and the body."""
    above = set(heading.iterancestors())
    around = next((each for each in body.iterancestors() if each in above), None)
    if around is None or body in above:
        return None
    passed: list[Element] = []
    for element in around.iter("h1", "figure", str(body.tag)):
        if element is body or len(passed) > MAX_BEFORE:
            break
        if element is heading or (passed and element.tag == "figure"):
            passed.append(element)
    shown = (read_lead(each, resolve) for each in passed[1:] if not _is_beside(each, around))
    return next(filter(None, shown), None)


def _is_beside(figure: Element, around: Element) -> bool:
    """Whether a figure belongs to a list, or to something else than the story."""
    for each in figure.iterancestors():
        if each is around:
            return False
        if each.tag in BESIDE or is_boilerplate(each):
            return True
    return False


def declared_picture(story: JsonObject, resolve: Resolve) -> list[Image]:
    """The first picture of the story's own object, or the widest where it tells their widths.

    Later ones are mostly other sizes of it.
    """
    for key in ("image", "thumbnailUrl"):
        declared = metadata.listed(story.get(key))[:MAX_DECLARED]
        for each in sorted(declared, key=_width, reverse=True):
            told = each if isinstance(each, dict) else {}
            found = (picture_url(address, resolve) for address in addresses(each))
            if url := next(filter(None, found), None):
                caption, credit = (
                    next(iter(metadata.strings(told.get(name))), None)
                    for name in ("caption", "creditText")
                )
                return [Image(url=url, caption=caption, credit=credit)]
    return []


def addresses(picture: Any) -> list[str]:
    """Of an object those of the file, before those which may be of a page about it."""
    if not isinstance(picture, dict):
        return metadata.strings(picture)
    found = [
        each for key in ("contentUrl", "url") for each in metadata.strings(picture.get(key), "@id")
    ]
    return found or [each for each in metadata.strings(picture.get("@id")) if "#" not in each]


def _width(declared: object) -> int:
    width = declared.get("width") if isinstance(declared, dict) else None
    text = str(width).removesuffix("px").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < MAX_DIGITS else 0


def shared_picture(document: Document) -> list[Image]:
    """What is shown where others share the page (OpenGraph, Twitter)."""
    addresses = [*(each for name in SHARED for each in document.metas(name))]
    addresses += document.head.links.get("image_src", [])
    found = (picture_url(address, document.absolute) for address in addresses)
    url = next(filter(None, found), None)
    return [Image(url=url, alt=document.meta("og:image:alt"))] if url else []

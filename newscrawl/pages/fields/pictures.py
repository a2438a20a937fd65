"""The picture of a story outside its body: shown before it, or declared for it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from newscrawl.items import Image
from newscrawl.pages.bodies.body import read_lead
from newscrawl.pages.bodies.pictures import IMAGE_TAGS, PLAIN, picture_url, same_file
from newscrawl.pages.bodies.skipped import is_boilerplate
from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.site_marks import leads_home
from newscrawl.url_parts import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
MAX_LINKS = 1_000
MAX_LOGOS = 20
SIZES = re.compile(r"(?:[-_]\d{2,4}x\d{2,4}|-scaled|-e\d{9,}|@[234]x)+$")
MIN_NAME, LONG_NAME = 8, 16
"""Letters of a file's name that tell it from others: with a number of some digits, and without."""
NUMBER = re.compile(r"\d{3}")


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


def declared_picture(story: JsonObject, resolve: Resolve) -> Image | None:
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
                return Image(url=url, caption=caption, credit=credit)
    return None


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


def shared_picture(document: Document) -> Image | None:
    """What is shown where others share the page (OpenGraph, Twitter)."""
    addresses = [*(each for name in SHARED for each in document.metas(name))]
    addresses += document.head.links.get("image_src", [])
    found = (picture_url(address, document.absolute) for address in addresses)
    url = next(filter(None, found), None)
    return Image(url=url, alt=document.meta("og:image:alt")) if url else None


def site_pictures(document: Document) -> Iterator[str]:
    """The files of pictures that stand for the site: its declared logos, and what leads home."""
    for each in document.json_ld:
        for publisher in (each, *metadata.listed(each.get("publisher"))):
            logo = publisher.get("logo") if isinstance(publisher, dict) else None
            found = (address for each in metadata.listed(logo) for address in addresses(each))
            yield from (document.absolute(address) or "" for address in found)
    yield from (document.absolute(address) or "" for address in document.metas("og:logo"))
    for _, href, image in document.anchors_around(MAX_LINKS, *IMAGE_TAGS):
        if leads_home(document, href):
            yield document.absolute(image.get("src") or "") or ""


def with_lead(lead: Image | None, shown: list[Image], logos: Iterable[str] = ()) -> list[Image]:
    """The pictures of an article with the declared one before them, which is listed once.

    Its other sizes tell its caption; what stands for the site is none.
    """
    files = cache(same_file)
    if lead is None or _is_one_of(lead.url, islice(logos, MAX_LOGOS), files):
        return shown
    others = []
    for each in shown:
        if not _is_one_of(lead.url, [each.url], files):
            others.append(each)
            continue
        (key, size), (other, larger) = files(lead.url), files(each.url)
        lead = replace(
            lead,
            url=each.url if key == other and larger > size else lead.url,
            alt=each.alt or lead.alt,
            caption=each.caption or lead.caption,
            credit=each.credit or lead.credit,
        )
    return [lead, *others]


def is_same_picture(one: str, other: str) -> bool:
    return _is_one_of(one, [other], same_file)


def _is_one_of(url: str, others: Iterable[str], files: Callable[[str], tuple[str, float]]) -> bool:
    """Whether any address is a size of one file, or of one with the same telling name."""
    others = dict.fromkeys(others)
    if not others:
        return False
    file, name = files(url)[0], _name(url)
    telling = len(name) >= LONG_NAME or (len(name) >= MIN_NAME and NUMBER.search(name))
    return any(files(each)[0] == file or (telling and _name(each) == name) for each in others)


def _name(url: str) -> str:
    if plain := PLAIN.fullmatch(url):
        path = plain[1].partition("/")[2]
    else:
        try:
            path = split(url).path
        except ValueError:
            return ""
    file = path.rstrip("/").rpartition("/")[2]
    return SIZES.sub("", file.partition(".")[0].lower())

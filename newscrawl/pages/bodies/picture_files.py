"""The files that a picture's markup names: which are placeholders, and which is the largest."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from newscrawl.pages.documents.remembered import Remembered
from newscrawl.url_parts import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newscrawl.pages.documents.document import Element

MAX_CANDIDATES = 60
"""Of one ``srcset``."""
MAX_REMEMBERED = 2_000
"""Characters of an address that is remembered for the next picture."""
TINY = 100
"""Pixels of width below which a file is there to be looked at until the picture comes."""
NO_BLUR = 1e9
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
CANDIDATE = re.compile(r"[\s,]*+(\S++)(?:(?<=,)|((?:[^,(]++|\([^)]*+(?:\)|\Z))*+))")
"""An address and its descriptors, of which one that ends with a comma has none."""
DESCRIPTOR = re.compile(r"(\d+)([wh])|((?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)x", re.ASCII)
LEAST_WIDTH = re.compile(r"min-width\s*:\s*(\d{1,5})(?:\.\d+)?\s*(px|r?em)", re.ASCII)
NARROW = re.compile(r"max-width|portrait|print|prefers-color-scheme\s*:\s*dark")
EM = 16
"""Pixels of a media query's ``em``."""
ORIGINALS = (
    "data-orig-file", "data-original-file", "data-full-url", "data-full-src", "data-fullsrc",
    "data-full", "data-full-size", "data-hi-res-src", "data-hires", "data-highres", "data-hi-res",
    "data-zoom-image", "data-zoom-src", "data-large-image", "data-large-file", "data-large-src",
    "data-src-large", "data-large", "data-raw-src",
)  # fmt: skip
"""Where pages keep the address of the picture in full size, the surer ones first."""
LAZY = (
    "data-src", "data-lazy-src", "data-original", "data-actualsrc", "data-lazy", "data-lazyload",
    "data-lazy-load", "data-ll-src", "data-echo", "data-cfsrc", "data-defer-src", "data-real-src",
    "data-original-src", "data-delayed-url", "data-pagespeed-lazy-src", "data-pagespeed-high-res-src",
    "lazy-src", "lazysrc", "nitro-lazy-src",
)  # fmt: skip
"""Where scripts keep the address until the picture is scrolled to."""
KEEPING, WAITING = frozenset(ORIGINALS), frozenset(LAZY)
LAZY_CLASS = re.compile(r"(?:^|[\s_-])(?:lazy|lqip|blur)", re.IGNORECASE)
OTHER = re.compile(r"(?:^|-)(?:src|url|image|img|file|picture|photo|original)$")
"""Ends of names of attributes that may keep it too."""
NOT_THIS = re.compile(
    "placeholder|fallback|thumb|small|low|lq|blur|preview|pin|permalink|icon|avatar|logo|error"
    "|share|poster|href|link"
)
PLACEHOLDERS = frozenset({"blank", "placeholder", "spacer", "transparent", "lqip", "1x1"})
"""Words in the names of files that are nothing by themselves, of any type."""
DRAWN_PLACEHOLDERS = frozenset(
    {"empty", "spinner", "loading", "loader", "lazy", "lazyload", "preloader", "pixel", "grey"}
    | {"gray", "clear", "dot", "trans", "dummy"}
)
"""The same of files that are no photographs."""
TOLD = (*(PLACEHOLDERS | DRAWN_PLACEHOLDERS),)
BESIDE = frozenset(
    {"image", "images", "img", "picture", "photo", "pic", "default", "post", "ajax", "load"}
    | {"jeg", "cp", "icon", "small", "large", "bg", "background", "gif", "svg", "white", "black"}
    | {"thumb", "thumbnail", "article", "news", "square", "wide", "the", "for", "lazy", "loading"}
)
"""Words beside these."""
DRAWN = (".gif", ".svg", ".png", ".webp")
NAME_WORDS = re.compile(r"\d+x\d+|[a-z]+|\d+")
RATIO = re.compile(r"\d+(?:x\d+)?")
READ_BY_FEW = {"avif": 2, "heic": 2, "jxl": 2, "webp": 1}
"""Types that fewer programs read than JPEG and PNG."""


Source = tuple[tuple[float, float, int], str]
"""The rank of a file, and its address.

By its width in pixels (0 is unknown, below it for what is meant for less than the whole), by its
density, by how few programs read its type.
"""


def in_order(element: Element, beside: Iterable[Element] = ()) -> Iterator[str]:
    """The addresses of the files of a picture, the best first, placeholders left out.

    ``beside`` are ``source`` elements, and the ``img`` for readers without scripts. Most ask for
    the first alone.
    """
    return filter(_is_one, _in_order(element, beside))


def _in_order(element: Element, beside: Iterable[Element]) -> Iterator[str]:
    every = [(each, _attributes(each)) for each in (element, *beside)]
    for _, own in every:
        if not KEEPING.isdisjoint(own):
            yield from (own[name] for name in ORIGINALS if name in own)
    sources: list[Source] = []
    last: list[str] = []
    for each, own in every:
        others = [value for name, value in own.items() if ROLES[name] == "other"]
        waits = each is element and "src" in own and _is_lazy(own)
        sources += _sources(str(each.tag), own, others, waits=waits)
        last += [value for value in others if "/" in value and " " not in value]
    sources.sort(key=RANK, reverse=True)
    yield from (address for _, address in sources)
    yield from last


def _attributes(element: Element) -> dict[str, str]:
    return cast("dict[str, str]", dict(element.items()))


def is_lazy(element: Element) -> bool:
    """Whether a script is to put the picture in its place."""
    return _is_lazy(_attributes(element))


def _is_lazy(own: dict[str, str]) -> bool:
    if not WAITING.isdisjoint(own) and any(own.get(name) for name in LAZY):
        return True
    if NAMED_LAZY[own.get("class", "")]:
        return True
    return not _is_one(own.get("src", "")) and not any(
        _is_one(address) for address, _, _ in _set(own.get("srcset", ""))
    )


def _sources(tag: str, own: dict[str, str], others: list[str], *, waits: bool) -> Iterator[Source]:
    """What each attribute names; the ``src`` of what waits for a script is the last of its size."""
    least = MEDIA[own.get("media") or ""] if tag == "source" else 0.0
    found: list[tuple[str, float, float]] = []
    if not WAITING.isdisjoint(own):
        found = [(own[name], 0.0, 1.0) for name in LAZY if name in own]
    found += [(value, 0.0, 1.0) for value in others if PICTURE_FILE.search(_path(value))]
    if "src" in own:
        found.append((own["src"], 0.0, 0.5 if waits else 1.0))
    for name, value in own.items():
        if ROLES[name] == "srcset":
            found += _set(value)
    few = READ_BY_FEW.get(own["type"].partition("/")[2].strip().lower(), 0) if "type" in own else 0
    for address, told, density in found:
        width = told or (least * density if least > 0 else least)
        if 0 < told < TINY:
            width = -1.0
        yield (width, density, -max(few, _few(address))), address


def _few(address: str) -> int:
    """How few programs read the type that a file's name tells."""
    path = address.partition("?")[0].partition("#")[0].lower()
    if "%" in path:
        path = _path(path)
    kind = path.rpartition(".")[2]
    return READ_BY_FEW.get(kind.rstrip(), 0)


def _role_of(name: str) -> str:
    """What an attribute holds by its name: ``srcset``, an address by some ``other`` name, or none."""
    if name in WAITING or name in KEEPING or name == "src" or NOT_THIS.search(name):
        return ""
    if name.endswith("srcset"):
        return "srcset"
    return "other" if OTHER.search(name) else ""


def _set(srcset: str) -> Iterator[tuple[str, float, float]]:
    """The address, width and density of each candidate, 0 and 1 where it tells none.

    As browsers read it (HTML, 4.8.4.2.2): what has a wrong descriptor is passed over.
    """
    at = 0
    for _ in range(MAX_CANDIDATES):
        found = CANDIDATE.match(srcset, at)
        if found is None:
            return
        address, descriptors = found.groups("")
        at = found.end()
        size = SIZES[descriptors]
        if address[-1:] == ",":
            address = address.rstrip(",")
        if address and size is not None:
            yield address, *size


def _size(descriptors: str) -> tuple[float, float] | None:
    """Width and density of a candidate; ``None`` for what browsers do not take."""
    values: dict[str, float] = {}
    for each in descriptors.split():
        found = DESCRIPTOR.fullmatch(each)
        kind = (found[2] or "x") if found else ""
        if found is None or kind in values:
            return None
        values[kind] = float(found[1] or found[3])
    whole = all(values.get(kind, 1) > 0 for kind in "wh")
    alone = "x" not in values or len(values) == 1
    if not (whole and alone and ("h" not in values or "w" in values)):
        return None
    return min(values.get("w", 0.0), NO_BLUR), min(values.get("x", 1.0), NO_BLUR)


def _of_media(media: str) -> float:
    """The width that a picture is at least shown in, below 0 where it is for narrow screens."""
    asked = media.lower()
    widths = [
        float(size) * (1 if unit == "px" else EM) for size, unit in LEAST_WIDTH.findall(asked)
    ]
    return max(widths, default=0.0) or (-0.5 if NARROW.search(asked) else 0.0)


RANK = itemgetter(0)
ROLES = Remembered(_role_of)
SIZES = Remembered(_size)
MEDIA = Remembered(_of_media)
NAMED_LAZY = Remembered(lambda classes: LAZY_CLASS.search(classes) is not None)


def _is_one(address: str) -> bool:
    address = address.strip()
    return bool(address) and not is_placeholder(address)


def is_placeholder(address: str) -> bool:
    """Whether an address is there until a script has put another one in its place."""
    start = address.lstrip()[:12].lower()
    if start.startswith(("data:", "about:", "blob:", "javascript:", "#", "{", "[")):
        return True
    is_long = len(address) > MAX_REMEMBERED
    return _names_none(address) if is_long else _remembered(address)


def _names_none(address: str) -> bool:
    if "{" in address or "}" in address or "%7B" in address:
        return True
    if address.isprintable() and "%" not in address:
        end = address.partition("?")[0].partition("#")[0].rpartition("/")[2].lower()
        if not any(word in end for word in TOLD):
            return False
    name = _path(address).rpartition("/")[2].lower()
    stem, _, kind = name.rpartition(".")
    words = NAME_WORDS.findall(stem or kind)
    told = PLACEHOLDERS | DRAWN_PLACEHOLDERS if f".{kind}" in DRAWN else PLACEHOLDERS
    marks = [word for word in words if word in told]
    return bool(marks) and all(
        word in told or word in BESIDE or RATIO.fullmatch(word) for word in words
    )


_remembered = lru_cache(maxsize=1024)(_names_none)


def _path(address: str) -> str:
    try:
        return unquote(split(address.strip()).path)
    except ValueError:
        return ""

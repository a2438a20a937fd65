"""The files that a picture's markup names: which are placeholders, and which is the largest."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

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
CANDIDATE = re.compile(r"[\s,]*+(\S++)")
DESCRIPTORS = re.compile(r"(?:[^,(]++|\([^)]*+(?:\)|\Z))*+")
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
FEW_NAMED = re.compile("%|" + "|".join(READ_BY_FEW), re.IGNORECASE)


class Source(NamedTuple):
    """``width`` is in pixels: 0 is unknown, below it for what is meant for less than the whole."""

    address: str
    width: float = 0.0
    density: float = 1.0
    few: int = 0
    """How few programs read its type."""

    @property
    def rank(self) -> tuple[float, float, int]:
        return self.width, self.density, -self.few


def in_order(element: Element, beside: Iterable[Element] = ()) -> list[str]:
    """The addresses of the files of a picture, the best first, placeholders left out.

    ``beside`` are ``source`` elements, and the ``img`` for readers without scripts.
    """
    originals: list[Source] = []
    sources: list[Source] = []
    last: list[Source] = []
    for each in (element, *beside):
        own = {str(name): str(value) for name, value in each.items()}
        if not KEEPING.isdisjoint(own):
            originals += [Source(own[name]) for name in ORIGINALS if name in own]
        others = _other(own)
        waits = each is element and _is_lazy(own)
        sources += _sources(str(each.tag), own, others, waits=waits)
        last += [Source(value) for value in others if "/" in value and " " not in value]
    pictures = sorted(filter(_is_one, sources), key=lambda found: found.rank, reverse=True)
    kept = [*filter(_is_one, originals), *pictures, *filter(_is_one, last)]
    return list(dict.fromkeys(each.address for each in kept))


def is_lazy(element: Element) -> bool:
    """Whether a script is to put the picture in its place."""
    return _is_lazy({str(name): str(value) for name, value in element.items()})


def _is_lazy(own: dict[str, str]) -> bool:
    if not WAITING.isdisjoint(own) and any(own.get(name) for name in LAZY):
        return True
    if LAZY_CLASS.search(own.get("class", "")):
        return True
    return not any(map(_is_one, _named(own)))


def _named(own: dict[str, str]) -> Iterator[Source]:
    yield Source(own.get("src", ""))
    yield from _set(own.get("srcset", ""))


def _sources(tag: str, own: dict[str, str], others: list[str], *, waits: bool) -> Iterator[Source]:
    """What each attribute names; the ``src`` of what waits for a script is the last of its size."""
    least = _of_media(own.get("media") or "") if tag == "source" else 0.0
    single = []
    if not WAITING.isdisjoint(own):
        single = [Source(own[name]) for name in LAZY if name in own]
    single += [Source(value) for value in others if PICTURE_FILE.search(_path(value))]
    if "src" in own:
        single.append(Source(own["src"], density=0.5 if waits else 1.0))
    few = READ_BY_FEW.get((own.get("type") or "").partition("/")[2].strip().lower(), 0)
    for source in (*single, *(each for value in _sets(own) for each in _set(value))):
        width = source.width or (least * source.density if least > 0 else least)
        if 0 < source.width < TINY:
            width = -1.0
        named = 0
        if FEW_NAMED.search(source.address):
            named = READ_BY_FEW.get(_path(source.address).rpartition(".")[2].lower(), 0)
        yield Source(source.address, width, source.density, max(few, named))


def _sets(own: dict[str, str]) -> list[str]:
    return [value for name, value in own.items() if role_of(name) == "srcset"]


def _other(own: dict[str, str]) -> list[str]:
    """What stands under names that others use for something else too."""
    return [value for name, value in own.items() if role_of(name) == "other"]


@lru_cache(maxsize=1024)
def role_of(name: str) -> str:
    """What an attribute holds by its name: ``srcset``, an address by some ``other`` name, or none."""
    if name in LAZY or name in ORIGINALS or name == "src" or NOT_THIS.search(name):
        return ""
    if name.endswith("srcset"):
        return "srcset"
    return "other" if OTHER.search(name) else ""


def _set(srcset: str) -> Iterator[Source]:
    """As browsers read it (HTML, 4.8.4.2.2): what has a wrong descriptor is passed over."""
    at = 0
    for _ in range(MAX_CANDIDATES):
        found = CANDIDATE.match(srcset, at)
        if found is None:
            return
        address, at = found[1], found.end()
        descriptors: list[str] = []
        if address.endswith(","):
            address = address.rstrip(",")
        elif rest := DESCRIPTORS.match(srcset, at):
            descriptors, at = rest[0].split(), rest.end()
        size = _size(descriptors)
        if address and size is not None:
            yield Source(address, *size)


def _size(descriptors: list[str]) -> tuple[float, float] | None:
    """Width and density of a candidate; ``None`` for what browsers do not take."""
    values: dict[str, float] = {}
    for each in descriptors:
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


def _is_one(source: Source) -> bool:
    address = source.address.strip()
    return bool(address) and not is_placeholder(address)


def is_placeholder(address: str) -> bool:
    """Whether an address is there until a script has put another one in its place."""
    start = address.lstrip()[:12].lower()
    if start.startswith(("data:", "about:", "blob:", "javascript:", "#", "{", "[")):
        return True
    is_long = len(address) > MAX_REMEMBERED
    return _names_none(address) if is_long else _remembered(address)


def _names_none(address: str) -> bool:
    if any(mark in address for mark in ("{", "}", "%7B")):
        return True
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

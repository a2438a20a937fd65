"""The file behind the markup of a picture: in full size, and no placeholder."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from newscrawl.items import Image
from newscrawl.pages.bodies.picture_files import PICTURE_FILE, in_order, is_lazy, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newscrawl.pages.documents.document import Element

    Resolve = Callable[[str], str | None]

NO_PICTURES = frozenset({"avatar", "gravatar", "wp-smiley", "emoji", "tracking-pixel"})
IMAGE_TAGS = frozenset({"img", "amp-img", "amp-anim"})
NOT_ONE = frozenset({"img", "amp-img", "amp-anim", "video", "audio", "iframe", "object", "embed"})
"""What a figure shows in front of its background."""
PIXEL = frozenset({"0", "1", "0px", "1px"})
SIZE_SUFFIX = re.compile(r"-\d{1,4}x\d{1,4}(?=\.\w{3,4}$)")
COPY_SUFFIX = re.compile(r"(?:-(\d{1,4})x\d{1,4}|-scaled|@[234]x)(?=\.\w{3,4}$)")
LONGEST_SUFFIX = 16
"""Characters of a copy's suffix with the file's type."""
TYPES_BEHIND = (".webp", ".avif")
TYPES = (".jpg", ".png", ".gif", ".jpeg")
SIZE_PARAMETERS = frozenset(
    {"w", "h", "width", "height", "resize", "fit", "crop", "q", "quality", "ssl", "strip", "dpr"}
    | {"auto", "format", "fm", "size", "zoom", "scale", "ixlib", "mode", "sharp", "disable"}
)
PLAIN = re.compile(r"https?://([a-zA-Z0-9.-]+/[^?#\s]*)(?:\?([a-zA-Z0-9_.~=&-]*))?")
"""An address, and a query of which nothing is to be unquoted."""
PHOTON = re.compile(r"^i[0-3]\.wp\.com/")
"""WordPress's own cache of pictures, which has the address of the original in its own."""
BACKGROUND = re.compile(r"url\(\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^)\s\"']*+))\s*+\)", re.IGNORECASE)
BACKGROUNDS = (
    "data-bg", "data-background", "data-background-image", "data-bg-image", "data-bg-url",
    "data-src", "data-lazy-background", "data-bgset",
)  # fmt: skip
MAX_STYLE = 5_000
MAX_INSIDE = 50
"""Elements of a figure that are looked at for a background."""


def picture(
    element: Element, resolve: Resolve, full: str | None = None, twin: Element | None = None
) -> Image | None:
    """The full-size file behind an ``img``: ``full``, then the largest, no placeholder.

    ``full`` is where it links to, ``twin`` the same picture for readers without scripts.
    """
    tokens = (element.get("class") or "").split()
    sizes = element.get("width"), element.get("height")
    if not NO_PICTURES.isdisjoint(tokens) or not PIXEL.isdisjoint(sizes):
        return None
    beside = [*_sources(element), *(() if twin is None else (twin, *_sources(twin)))]
    linked = (full,) if full and _is_file(full) else ()
    for candidate in chain(linked, in_order(element, beside)):
        if url := picture_url(candidate, resolve):
            return Image(url=url, alt=next(_alts(element, *beside), None))
    return None


def _alts(*elements: Element) -> Iterator[str]:
    for each in elements:
        for name in ("alt", "data-alt"):
            if alt := " ".join((each.get(name) or "").split()):
                yield alt


def picture_url(address: str, resolve: Resolve) -> str | None:
    """WordPress keeps the original beside its ``-750x375`` copies, under the name without it."""
    if is_placeholder(address):
        return None
    url = resolve(address.strip())
    return SIZE_SUFFIX.sub("", url) if url and "/uploads/" in url else url


def same_file(url: str) -> tuple[str, float]:
    """What all sizes of one picture have in common, and how large this one says it is."""
    query: list[tuple[str, str]]
    if plain := PLAIN.fullmatch(url):
        address, named = plain.groups("")
        parted = (each.partition("=") for each in named.split("&") if each)
        query = [(name, value) for name, _, value in parted]
    else:
        try:
            parts = urlsplit(url)
            query = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return url, 0.0
        address = parts.netloc + parts.path
    path, width = _without_size(address)
    told = [value for name, value in query if name.lower() in {"w", "width"}]
    rest = [(name, value) for name, value in query if name.lower() not in SIZE_PARAMETERS]
    size = float("inf")
    if width is not None:
        size = width
    elif len(rest) < len(query):
        size = float(told[0]) if told and told[0].isascii() and told[0].isdigit() else 0.0
    return f"{path}?{'&'.join(map('='.join, rest)) if plain else urlencode(rest)}", size


def _without_size(address: str) -> tuple[str, float | None]:
    """Host and path of a picture as of all its sizes, and the width that its name told."""
    path = address.lower().removeprefix("www.")
    if path[:1] == "i":
        path = PHOTON.sub("", path)
    if path.endswith(TYPES_BEHIND):
        typed = path.rpartition(".")[0]
        path = typed if typed.endswith(TYPES) else path
    end = path[-LONGEST_SUFFIX:]
    if "-" not in end and "@" not in end:
        return path, None
    found = COPY_SUFFIX.search(path, max(0, len(path) - LONGEST_SUFFIX))
    if found is None:
        return path, None
    return path[: found.start()] + path[found.end() :], float(found[1]) if found[1] else None


def background(figure: Element, resolve: Resolve) -> Image | None:
    """The picture that a figure shows as its background, where it shows no other."""
    inside = [each for each, _ in zip(figure.iter("*"), range(MAX_INSIDE), strict=False)]
    if any(each.tag in NOT_ONE for each in inside):
        return None
    for each in inside:
        for address in _backgrounds(each):
            if url := picture_url(address, resolve):
                return Image(url=url, alt=each.get("aria-label") or each.get("title") or None)
    return None


def _backgrounds(element: Element) -> Iterator[str]:
    style = (element.get("style") or "")[:MAX_STYLE]
    named = [element.get(name) or "" for name in BACKGROUNDS]
    for value in (*named, style if "background" in style.lower() else ""):
        found = BACKGROUND.findall(value[:MAX_STYLE])
        yield from ("".join(each) for each in found)
        if not found and value is not style and ("/" in value or _is_file(value)):
            yield value


def _is_file(address: str) -> bool:
    """Whether an address ends as a picture's does; a wiki's page about one has a colon in it."""
    path = address.partition("#")[0].partition("?")[0]
    return bool(PICTURE_FILE.search(path)) and ":" not in path.rpartition("/")[2]


def _sources(element: Element) -> list[Element]:
    """The ``source`` elements beside an ``img``; the parser puts what follows one into it."""
    frame: Element | None = element
    for _ in range(MAX_INSIDE):
        if frame is None or frame.tag == "picture":
            break
        frame = frame.getparent()
        if frame is not None and frame.tag not in {"picture", "source", "noscript"}:
            return []
    found = () if frame is None or frame.tag != "picture" else frame.iter("source")
    return [each for each, _ in zip(found, range(MAX_INSIDE), strict=False)]


def shown_image(frame: Element) -> Element | None:
    """The ``img`` of a ``picture`` that is not for readers without scripts alone."""
    for image in frame.iter(*IMAGE_TAGS):
        if all(each.tag != "noscript" for each in _between(image, frame)):
            return image
    return None


def _between(inner: Element, outer: Element) -> Iterator[Element]:
    node = inner.getparent()
    while node is not None and node is not outer:
        yield node
        node = node.getparent()


def twins(parent: Element) -> dict[Element, Element]:
    """The ``img`` for readers without scripts of each lazy one that stands beside it."""
    found: dict[Element, Element] = {}
    children = [*parent.iterchildren("*")]
    taken = -1
    for at, (first, second) in enumerate(pairwise(children)):
        plain, other = (first, second) if first.tag == "noscript" else (second, first)
        apart = first.tail and not first.tail.isspace()
        if at == taken or apart or plain.tag != "noscript" or other.tag == "noscript":
            continue
        lazy, image = _only_image(other), _only_image(plain)
        if lazy is not None and image is not None and _are_twins(lazy, image):
            found[lazy] = image
            taken = at + 1
    return found


def _only_image(element: Element) -> Element | None:
    """The one picture of a small element that has no text."""
    inside = [each for each, _ in zip(element.iter("*"), range(MAX_INSIDE + 1), strict=False)]
    images = [each for each in inside if each.tag in IMAGE_TAGS]
    said = any(
        text and not text.isspace()
        for each in inside
        for text in (each.text, each.tail)
        if each is not element
    )
    said |= bool(element.text and not element.text.isspace())
    small = len(inside) <= MAX_INSIDE
    return images[0] if small and len(images) == 1 and not said else None


def _are_twins(lazy: Element, plain: Element) -> bool:
    """Whether two elements are one picture: one waits for a script, or they name one file."""
    return is_lazy(lazy) or not _files(lazy).isdisjoint(_files(plain))


def _files(element: Element) -> set[str]:
    return {same_file(address)[0] for address in in_order(element, _sources(element))}


def once(images: Iterable[Image]) -> dict[str, Image]:
    """Each picture under what its sizes have in common; what a later copy knows more is kept."""
    found: dict[str, Image] = {}
    for image in images:
        key, size = same_file(image.url)
        known = found.setdefault(key, image)
        if known is image:
            continue
        if size > same_file(known.url)[1]:
            known.url = image.url
        known.caption = known.caption or image.caption
        known.credit = known.credit or image.credit
        known.alt = known.alt or image.alt
    return found

"""The body of an article: one walk over its tree gives text, HTML, headings and images."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.items import Heading, Image
from newscrawl.pages.bodies.captions import give_captions, read_labels
from newscrawl.pages.bodies.main_text import MainText
from newscrawl.pages.bodies.passages import HEADINGS, Passage, drop_line_numbers
from newscrawl.pages.bodies.pictures import background, once
from newscrawl.pages.bodies.rendering import as_html, as_text
from newscrawl.pages.bodies.sources import read_source
from newscrawl.pages.bodies.walk import walk_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.bodies.pictures import Resolve
    from newscrawl.pages.documents.document import Element

EVERYTHING = MainText()


@dataclass(slots=True)
class Body:
    """What one body says; ``source_link`` and ``source_name`` are of where it comes from."""

    text: str = ""
    html: str = ""
    headings: list[Heading] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    source_link: str | None = None
    source_name: str | None = None


def read_body(
    root: Element | None,
    resolve: Resolve,
    lead: Image | None = None,
    headline: str = "",
    main: MainText = EVERYTHING,
) -> Body:
    """Read a body; ``lead`` is a picture and ``headline`` a title that the page shows before it.

    ``main`` says what of it is not the article, and what stands before it and is.
    """
    if root is None:
        return Body(images=[lead] if lead else [])
    walk = walk_of(resolve, main)
    for element in (*main.leads, root):
        walk.read(element)
    passages = [item for item in walk.items if isinstance(item, Passage)]
    drop_line_numbers(passages)
    read_labels(passages)
    give_captions(passages)
    images = _pictures(passages, lead)
    _drop_repeats(passages, images, headline)
    source = read_source(passages)
    return Body(
        text=as_text(walk.items),
        html=as_html(walk.items),
        headings=_headings(passages),
        images=images,
        source_link=walk.source_link or source.url,
        source_name=source.name,
    )


def read_lead(element: Element, resolve: Resolve) -> Image | None:
    """The picture of an element that holds nothing else: the first one, or its background."""
    images = read_body(element, resolve).images
    return images[0] if images else background(element, resolve)


def _headings(passages: Iterable[Passage]) -> list[Heading]:
    return [
        Heading(level=HEADINGS[passage.tag], text=passage.text)
        for passage in passages
        if passage.tag in HEADINGS and not passage.dropped
    ]


def _pictures(passages: list[Passage], lead: Image | None) -> list[Image]:
    """Each picture once, in the largest of its sizes."""
    shown = [passage for passage in passages if passage.image is not None]
    found = [passage.image for passage in shown if passage.image is not None]
    images = list(once([lead, *found] if lead else found).values())
    kept = {id(image) for image in images}
    for passage in shown:
        passage.dropped |= id(passage.image) not in kept
    return images


def _drop_repeats(passages: Iterable[Passage], images: Iterable[Image], headline: str) -> None:
    said = {
        text.casefold()
        for image in images
        for text in (image.alt, image.caption, image.credit)
        if text
    }
    called = {headline.casefold()}
    longest = max(map(len, called | said))
    for passage in passages:
        if passage.role == "text":
            known = called if passage.tag == "h1" else said
            repeats = len(passage.text) <= longest and passage.folded in known
            passage.dropped |= not passage.text or (repeats and passage.tag in {"", "p", "h1"})

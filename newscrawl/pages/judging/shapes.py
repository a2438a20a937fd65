"""The shape of a page: what stands around its text, and how the text stands on it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.pages.documents.document import text_of
from newscrawl.pages.documents.layout import Place
from newscrawl.pages.documents.metadata import types
from newscrawl.pages.judging.words import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.pages.documents.document import Document, Element
    from newscrawl.pages.documents.places import Placed

LEAST_WORDS = 8
"""Words of a paragraph that is no label."""
MAX_PARAGRAPHS = 2_000
MAX_HEADINGS = 500
MAX_NAMES = 200_000
"""Letters of names of elements that are looked at."""
MANY = 200
GOODS = ("product", "price", "cart", "basket")
"""Words of shops in the names of elements, which shop systems share in all languages."""
SIGNED = ("author", "byline")
SOLD = frozenset({"aggregateoffer", "offer", "product"})
PRICES = ("product:price:amount", "og:price:amount", "product:availability")
SLUG = re.compile(r"[-_]+")
NUMBER = re.compile(r"\d{4}")
DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./]\d{1,2}[./]\d\d(?!\d)")
SENTENCE_END = re.compile(r"[.!?…](?=\s)|[。！？।؟]")
SENTENCES = 3
"""Ends of sentences from which a text is prose; no more are counted."""
NEAR = 600
"""Letters of what stands close around a headline."""
BOXES = 4
BESIDE = 6
BESIDE_TEXT = ("header", "nav", "footer", "aside")
"""Parts of a page whose buttons are those of every page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What tells a page that is read from one that is chosen from, bought at or asked of."""

    sentences: int = 0
    paragraphs: int = 0
    flow: int = 0
    """Words of the paragraphs that stand side by side in one element, where they are most."""
    boxes: float = 0.5
    """Elements that hold paragraphs, a paragraph: a story has few, a page of blurbs one each."""
    sections: int = 0
    """Elements that hold headings below the first."""
    between: int = 0
    """Own articles linked between the headline and those paragraphs."""
    buttons: int = 0
    goods: int = 0
    """How often names of elements speak of products, prices and carts."""
    sold: bool = False
    """The page says that it offers a product."""
    slug: int = 0
    """Words of the last part of its path."""
    numbered: bool = False
    """The path has a year or a number."""
    headed: bool = False
    """There is a headline."""
    titled: bool = False
    """``<title>`` repeats it."""
    near: bool = False
    """A date stands beside the headline."""
    signed: bool = False
    """Something is named for an author."""
    tagged: bool = False
    """It has tags."""

    @property
    def is_story(self) -> bool:
        """Whether anything looks like a story, however short."""
        marks = self.titled or self.near or self.signed or self.tagged or self.numbered
        return marks or self.flow > 0 or self.sentences >= SENTENCES


def read_shape(
    document: Document, text: str, heading: Element | None, placed: Iterable[Placed]
) -> Shape:
    """``text`` is what would be an article's, ``placed`` the links of the page by place."""
    links = list(placed)
    path = urlsplit(document.url).path
    slug = path.rstrip("/").rpartition("/")[2].partition(".")[0]
    names = " ".join(document.names)[:MAX_NAMES].lower()
    places = {each.place for each in links}
    paragraphs, flow = _paragraphs(document)
    box = next(iter(flow), None)
    headings = islice(document.tagged("h2", "h3", "h4"), MAX_HEADINGS)
    head = "" if heading is None else _letters(text_of(heading))
    return Shape(
        sentences=sum(1 for _ in islice(SENTENCE_END.finditer(text), SENTENCES)),
        paragraphs=paragraphs,
        flow=flow[box] if box is not None else 0,
        boxes=round(len(flow) / paragraphs, 2) if paragraphs else 0.5,
        sections=len({each.getparent() for each in headings}),
        between=_between(document, heading, box, links),
        buttons=sum(map(_is_of_text, document.tagged("button"))),
        goods=sum(names.count(word) for word in GOODS),
        sold=_is_sold(document),
        slug=len([word for word in SLUG.split(slug) if word]),
        numbered=NUMBER.search(path) is not None,
        headed=bool(head),
        titled=bool(head) and head in _letters(document.title),
        near=heading is not None and _is_dated(heading),
        signed=any(word in names for word in SIGNED) or Place.AUTHORS in places,
        tagged=Place.TAGS in places,
    )


def _is_of_text(button: Element) -> bool:
    return next(button.iterancestors(*BESIDE_TEXT), None) is None


def _paragraphs(document: Document) -> tuple[int, dict[Element, int]]:
    """How many there are, and the words of them by what they stand in, most first."""
    found: defaultdict[Element, int] = defaultdict(int)
    count = 0
    for each in islice(document.tagged("p"), MAX_PARAGRAPHS):
        words = count_words(text_of(each))
        around = each.getparent()
        if words >= LEAST_WORDS and around is not None:
            found[around] += words
            count += 1
    return count, dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _between(
    document: Document, heading: Element | None, box: Element | None, links: Sequence[Placed]
) -> int:
    if heading is None:
        return 0
    main = {each.anchor: each.url for each in links if each.place is Place.MAIN}
    urls: set[str] = set()
    for each in document.tagged("a", "p", "h1", "h2", "h3"):
        if each is heading:
            urls.clear()
        elif each.tag == "p" and each.getparent() is box:
            break
        elif each in main:
            urls.add(main[each])
    return sum(map(document.is_own, islice(urls, MANY)))


def _is_sold(document: Document) -> bool:
    if any("product" in each.lower() for each in document.metas("og:type")):
        return True
    if any(document.meta(name) is not None for name in PRICES):
        return True
    types_said = islice(document.item_types, MANY)
    said = (each.rstrip("/").rpartition("/")[2] for each in types_said)
    if not SOLD.isdisjoint(map(str.lower, said)):
        return True
    return any(not SOLD.isdisjoint(types(each)) for each in document.json_ld)


def _is_dated(heading: Element) -> bool:
    """Whether a date stands close around or below a headline, and not in it."""
    box = heading
    for each in islice(heading.iterancestors(), BOXES):
        if each.tag == "body" or len(text_of(each)) > NEAR:
            break
        box = each
    before = heading.getprevious()
    beside = [box, *islice(heading.itersiblings(), BESIDE), *([] if before is None else [before])]
    beside = [each for each in beside if isinstance(each.tag, str)]
    if any(next(each.iter("time"), None) is not None for each in beside):
        return True
    head = text_of(heading)
    told = (text_of(each)[:NEAR].replace(head, " ") for each in beside)
    return any(DATE.search(text) for text in told)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()

"""Other stories that a page carries whole below its own: what a script has loaded while one scrolls."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from lxml import etree

from newscrawl.pages.documents.document import text_of
from newscrawl.pages.documents.headings import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newscrawl.pages.documents.document import Document, Element

BODY_CLASSES = [
    "entry-content",
    "post-content",
    "article-content",
    "wp-block-post-content",
    "td-post-content",
    "post-body",
    "article-body",
    "articleBody",
    "article__body",
    "story-body",
    "e-content",
    "entry__content",
    "post__content",
    "article__content",
    "article-text",
    "story-content",
    "single-content",
]
"""Names by which themes and systems mark the text of a post."""
BODY_TAGS = ("div", "section", "article", "main", "td", "span", "figure")
NO_BODY = frozenset({"html", "head", "body", "meta", "link", "title"})
BODY_PROPERTIES = frozenset({"articleBody", "schema:articleBody", "http://schema.org/articleBody"})
ADDRESSES = [
    "data-url",
    "data-href",
    "data-link",
    "data-permalink",
    "data-post-url",
    "data-article-url",
    "data-story-url",
    "data-canonical",
    "data-canonical-url",
    "data-page-url",
    "data-page",
    "data-path",
    "itemid",
    "about",
    "resource",
]
"""Attributes in which scripts keep the address of a story that they have put on the page."""
ADDRESS_NAMES = frozenset(ADDRESSES)
SIGNS = etree.XPath(
    ".//time | .//*[@rel='author'] | .//article | .//*[contains(@class, 'byline')]"
    " | .//*[contains(@class, 'author')] | .//*[contains(@class, 'date')]"
)
SIGNED = etree.XPath(".//time | .//*[@rel='author'] | .//*[contains(@class, 'byline')]")
"""The surer ones."""
BOXES = ("article", "section", "div", "main")
TITLES = ("h1", "h2", "h3")
MOST = 50
"""Headings, bodies and boxes that are looked at."""
HIGHEST = 200
"""Ancestors of each."""
TOLD = 150
"""Letters of a story beside its headline."""


def marked_bodies(document: Document) -> list[Element]:
    """What the page itself calls the text of an article, by class or property."""
    classed = document.by_each(frozenset(BODY_CLASSES), *BODY_TAGS)
    named = [each for token in BODY_CLASSES for each in classed.get(token, [])]
    properties = (
        (each, f"{each.get('itemprop')} {each.get('property')}".split())
        for each in document.described
        if each.tag not in NO_BODY
    )
    return named + [each for each, names in properties if not BODY_PROPERTIES.isdisjoint(names)]


def other_stories(document: Document, marked: Sequence[Element]) -> list[Element]:
    """Elements that hold another story with its headline; the page's own stands in none of them.

    ``marked`` are what the page calls the text of an article.
    """
    heading = own_heading(document)
    if heading is None:
        return []
    above = [*islice(heading.iterancestors(), HIGHEST)]
    bodies = [*marked[:MOST]]
    found = [
        *_other_articles(document, heading, above, bodies),
        *_beside(document, heading, above, bodies),
        *_addressed(document, heading, above),
    ]
    return list(dict.fromkeys(found))


def own_heading(document: Document) -> Element | None:
    """The first ``h1`` that the page's title repeats, else a heading of lower rank that it is."""
    wanted = [letters(each) for each in (document.title, document.meta("og:title") or "")]
    first = [*islice(document.tagged("h1"), MOST)]
    told = ((each, letters(text_of(each))) for each in first)
    named = (each for each, name in told if name and any(name in title for title in wanted))
    found = next(named, None)
    if found is not None or first:
        return found if found is not None else first[0]
    lower = islice(document.tagged("h2", "h3"), MOST)
    return next((each for each in lower if letters(text_of(each)) in wanted), None)


def _other_articles(
    document: Document, heading: Element, above: list[Element], bodies: list[Element]
) -> Iterator[Element]:
    """Where the page's own story stands in an ``article``, another one that opens with a headline."""
    around = [each for each in above if each.tag == "article"]
    if not around or not _tells(around[-1], heading, bodies):
        return
    own = around[-1]
    for each in islice(document.tagged("article"), MOST):
        if each is not own and each not in above and own not in each.iterancestors("article"):
            title = next(each.iter(*TITLES), None)
            if (
                title is not None
                and _differs(title, heading)
                and _is_of_a_story(each, title, heading)
            ):
                yield each


def _is_of_a_story(element: Element, title: Element, heading: Element) -> bool:
    """Whether a headline is one: of the same rank, a link, or signed; else it heads a section."""
    return title.tag == heading.tag or _is_linked(title) or _has(SIGNED, element)


def _is_linked(title: Element) -> bool:
    inside, around = next(title.iter("a"), None), next(title.iterancestors("a"), None)
    return inside is not None or around is not None


def _has(signs: etree.XPath, element: Element) -> bool:
    return next(cast("Iterator[Element]", iter(signs(element))), None) is not None


def _beside(
    document: Document, heading: Element, above: list[Element], bodies: list[Element]
) -> Iterator[Element]:
    """An element beside the one around the page's own headline: also with a headline and a body."""
    below = dict(zip(above, [heading, *above], strict=False))
    starts = [*islice(document.tagged("h1"), MOST), *bodies]
    for start in starts:
        other, shared = start, start.getparent()
        while shared is not None and shared not in below:
            other, shared = shared, shared.getparent()
        if shared is None or other in below:
            continue
        if (mine := below[shared]) is heading:
            if _follows_another(start, heading, bodies):
                yield start
            continue
        title = next(other.iter(*TITLES), None)
        if title is None or not _differs(title, heading) or start in title.iterancestors():
            continue
        if start.tag == "h1":
            alike = _same_make(mine, other) and _is_signed(other, title, bodies)
        else:
            alike = any(mine in each.iterancestors() for each in bodies)
        if alike and _tells(mine, heading, bodies) and _tells(other, title, bodies):
            yield other


def _follows_another(body: Element, heading: Element, bodies: list[Element]) -> bool:
    """Whether a body stands under a headline of its own that follows another body."""
    before = [*islice(body.itersiblings(preceding=True), MOST)]
    titles = [at for at, each in enumerate(before) if each.tag in {"h1", "h2"}]
    if not titles or not _differs(before[titles[0]], heading):
        return False
    return any(each in bodies for each in before[titles[0] :]) and body in bodies


def _addressed(document: Document, heading: Element, above: list[Element]) -> Iterator[Element]:
    """A box that gives the address of another page of the site as its own."""
    here = {document.url.rstrip("/"), (document.head_link("canonical") or "").rstrip("/")}
    for each in islice(_with_address(document), MOST):
        values = filter(None, map(each.get, ADDRESSES))
        urls = [url for value in values if (url := document.absolute(value))]
        elsewhere = [url for url in urls if url.rstrip("/") not in here and document.is_own(url)]
        title = next(each.iter(*TITLES), None)
        named = title is not None and _differs(title, heading) and _tells(each, title, [])
        if elsewhere and len(elsewhere) == len(urls) and named and each not in above:
            yield each


def _with_address(document: Document) -> Iterator[Element]:
    """The boxes around headlines that give an address."""
    seen: set[Element] = set()
    for title in islice(document.tagged(*TITLES), MOST):
        for each in islice(title.iterancestors(), HIGHEST):
            if each in seen:
                break
            seen.add(each)
            if each.tag in BOXES and not ADDRESS_NAMES.isdisjoint(each.keys()):
                yield each


def _is_signed(element: Element, title: Element, bodies: list[Element]) -> bool:
    """Whether a story of its own stands there and no section: dated, signed, linked or marked."""
    marked = any(element in each.iterancestors() for each in bodies)
    return element.tag == "article" or marked or _is_linked(title) or _has(SIGNS, element)


def _differs(title: Element, heading: Element) -> bool:
    name = letters(text_of(title))
    return title is not heading and bool(name) and name != letters(text_of(heading))


def _tells(element: Element, heading: Element, bodies: list[Element]) -> bool:
    """Whether an element holds more than a headline."""
    if any(element in each.iterancestors() for each in bodies):
        return True
    return len(text_of(element)) - len(text_of(heading)) >= TOLD


def _same_make(one: Element, other: Element) -> bool:
    names = {*(one.get("class") or "").split()} & {*(other.get("class") or "").split()}
    return one.tag == other.tag and one.tag in BOXES and (bool(names) or one.tag == "article")

"""A page parsed once: its headline, its body, and what its JSON-LD says of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from parsel import Selector
from web_poet import WebPage

from newscrawl.items import Article
from newscrawl.pages.bodies.body import Body, read_body
from newscrawl.pages.bodies.main_text import MainText, main_text
from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.document import Document, Element, text_of
from newscrawl.pages.documents.headings import Title, is_akin, letters, repeated, titled, titles_of
from newscrawl.pages.documents.microdata import Items, is_scope, own_item
from newscrawl.pages.documents.references import resolved
from newscrawl.pages.documents.site_marks import is_marked, marked_names
from newscrawl.pages.documents.stories import marked_bodies, other_stories
from newscrawl.pages.fields.pictures import picture_between
from newscrawl.pages.fields.titles import host_names, title_tail, unique
from newscrawl.pages.judging.evidence import ENOUGH_TEASERS
from newscrawl.pages.judging.words import count_words
from newscrawl.pages.threads.marked import comments_in, find_posts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from web_poet import HttpResponse

    from newscrawl.items import Image
    from newscrawl.pages.documents.metadata import JsonObject
    from newscrawl.pages.threads.marked import Found

MAX_HEADINGS = 20
MAX_NAME = 50
"""Letters of the name of a site."""


class ParsedPage(WebPage[Article]):
    """One parse of a page, and the regions that its kind, its links and its fields are read from.

    Each is found when first asked for. A subclass that knows a theme says where it keeps them.
    """

    zone: tzinfo | None = None
    """The zone of dates that name none: a ``ZoneInfo``. The spider's ``timezone`` goes before it.

    ``None`` takes them for UTC, and ``provenance`` says so."""
    fetched: datetime | None = None
    """When the page came, ``None`` if nobody noted it; dates far after it are not believed."""

    @cached_property
    def document(self) -> Document:
        return Document(self.response)

    @cached_property
    def selector(self) -> Selector:
        """Over the one parse, so that ``css()`` and ``xpath()`` in a site's fields cost none."""
        return Selector(root=self.document.root, type="html", base_url=self.document.base)

    def beside(self, response: HttpResponse) -> Self:
        """The page object of another page of the site, read as this one is."""
        page = type(self)(response)
        page.zone, page.fetched = self.zone, self.fetched
        return page

    def elements(self, css: str) -> list[Element]:
        """The elements that a CSS selector fits, in the order of the page, as lxml has them."""
        return [each.root for each in self.css(css)]

    def element(self, css: str) -> Element | None:
        """The first of them; ``None`` where there is none."""
        return next(iter(self.elements(css)), None)

    def _validate_input(self) -> Article | None:
        """Of web-poet, whose cache ties each page into a cycle that awaits the garbage collector."""
        return super()._validate_input() if hasattr(self, "validate_input") else None

    # What the page says about itself

    @cached_property
    def json_ld(self) -> JsonObject:
        """The object of the article itself; empty where there is none, or one a teaser."""
        objects = self.document.json_ld
        story = metadata.story_of(objects, self._addresses, most=ENOUGH_TEASERS - 1)
        return resolved(story, objects, self.document.url)

    @cached_property
    def microdata(self) -> JsonObject:
        """The same in microdata or RDFa."""
        if not any(map(is_scope, self.document.described)):
            return {}
        return own_item(Items(self.document), self.heading_element, self._addresses)

    @cached_property
    def page_object(self) -> JsonObject:
        """The ``WebPage`` that the page itself is; empty where there is none."""
        return metadata.page_of(self.document.json_ld, self._addresses)

    @property
    def _addresses(self) -> list[str]:
        return [self.document.url, self.document.head_link("canonical") or ""]

    def _json_ld(self, *keys: str) -> str | None:
        return next(
            (text for key in keys for text in metadata.strings(self.json_ld.get(key))), None
        )

    def _microdata(self, *keys: str) -> str | None:
        return next(
            (text for key in keys for text in metadata.strings(self.microdata.get(key))), None
        )

    def _declared_body(self) -> str:
        """schema.org ``articleBody``, where it holds more than the page shows."""
        declared = self.json_ld.get("articleBody")
        return declared.strip() if isinstance(declared, str) and "<" not in declared else ""

    @cached_property
    def site_names(self) -> list[str]:
        """Every name the site goes by on this page: no single one is to be trusted."""
        return unique([*self.plain_site_names, *metadata.site_names(self.document.json_ld)])

    @property
    def plain_site_names(self) -> list[str]:
        """Those that cost no JSON."""
        return [*self._named_site, title_tail(self.document.title, self.heading)]

    @property
    def _named_site(self) -> list[str]:
        return self.document.metas("og:site_name") + self.document.metas("application-name")

    @cached_property
    def site_keys(self) -> set[str]:
        """The letters of names that surely are the site's own, and no headline."""
        declared = set(map(letters, metadata.site_names(self.document.json_ld)))
        named = set(map(letters, self._named_site))
        if declared - {""}:
            named -= {letters(metadata.title_of(self.json_ld))} - declared
        document = self.document
        headings = (each for each in document.tagged("h1") if is_marked(document, each))
        shown = map(text_of, headings)
        marked = (*marked_names(document), *shown, *host_names(document.url))
        return (declared | named | set(map(letters, marked))) - {""}

    # Regions of the page

    @cached_property
    def heading_element(self) -> Element | None:
        """The ``h1`` that a title of the page repeats, else the lower heading that is one.

        Else the only ``h1``, and of several the one in the body.
        """
        headings = [
            each
            for each in self.document.tagged("h1")
            if text_of(each) and not self._names_site(each)
        ]
        for titles in self._title_claims():
            found = repeated(headings, titles)
            if found is None and not any(is_akin(each, titles) for each in headings):
                found = self._lower_heading(titles, mainly=bool(headings))
            if found is not None:
                return found
        if len(headings) < 2:  # noqa: PLR2004 - one needs no choice
            return next(iter(headings), None)
        body = self.body_element
        return None if body is None else next(body.iter("h1"), None)

    def _title_claims(self) -> Iterator[list[Title]]:
        """What the page calls itself, the costly ones last."""
        meta = self.document.meta
        yield titles_of((self.document.title, meta("og:title") or "", meta("twitter:title") or ""))
        yield titles_of((metadata.title_of(self.json_ld),))

    def _names_site(self, heading: Element) -> bool:
        return self.is_site_name(text_of(heading)) or is_marked(self.document, heading)

    def is_site_name(self, text: str) -> bool:
        """Whether a text is a name of the site; what is too long for one is not looked for."""
        name = letters(text)
        return len(name) <= MAX_NAME and name in self.site_keys

    def _lower_heading(self, titles: list[Title], *, mainly: bool) -> Element | None:
        lower = self.document.tagged("h2", "h3")
        found = titled(lower, titles, MAX_HEADINGS, mainly=mainly)
        return None if found is None or self._names_site(found) else found

    @cached_property
    def heading(self) -> str:
        return "" if self.heading_element is None else text_of(self.heading_element)

    @cached_property
    def main_text(self) -> MainText:
        return main_text(self.document, self.marked_bodies, foreign=self.other_stories)

    @cached_property
    def marked_bodies(self) -> list[Element]:
        return marked_bodies(self.document)

    @cached_property
    def other_stories(self) -> list[Element]:
        return other_stories(self.document, self.marked_bodies)

    @cached_property
    def comment_elements(self) -> list[Found]:
        """Readers' comments, as elements mark them."""
        return comments_in(self.document, self.response.body)

    @cached_property
    def post_elements(self) -> list[Found]:
        """Entries of a live blog, as microdata marks them."""
        return find_posts(self.document)

    @property
    def body_element(self) -> Element | None:
        """The element that holds the article's text; ``None`` where there is no text.

        A site's own page object may return another one. It is then read whole, without
        ``left_out`` and without what themes name as no text (menus, sharing, advertisements).
        """
        if type(self).body_elements is not ParsedPage.body_elements:
            return _around(self.body_elements)
        return self.main_text.root

    @property
    def body_elements(self) -> list[Element]:
        """What is read as the article's text, one after the other; a site may return others.

        Usually ``body_element``, after it paragraphs that stand before it and belong to the story.
        """
        found = self.main_text
        if type(self).body_element is not ParsedPage.body_element:
            return [] if self.body_element is None else [self.body_element]
        return [] if found.root is None else [*found.leads, found.root]

    @property
    def left_out(self) -> Iterable[Element]:
        """Elements inside the body that are no part of the article; a site may name some."""
        return ()

    @cached_property
    def reading(self) -> MainText:
        """What ``body`` reads: as it was found, or as a site's own page object says."""
        found, elements = self.main_text, self.body_elements
        leads, root = tuple(elements[:-1]), elements[-1] if elements else None
        if root is not found.root:
            found = MainText(root, leads)
        elif leads != found.leads:
            found = replace(found, leads=leads)
        left_out = frozenset(self.left_out)
        return replace(found, dropped=found.dropped | left_out) if left_out else found

    @cached_property
    def lead(self) -> Image | None:
        """The picture that stands before the body."""
        heading, body = self.heading_element, self.body_element
        if heading is None or body is None:
            return None
        return picture_between(heading, body, self.document.absolute)

    @cached_property
    def shown_words(self) -> int:
        """Words of the body."""
        return count_words(self.body.text)

    @cached_property
    def declared_words(self) -> int:
        """Words of the body as JSON-LD has it."""
        return count_words(self._declared_body())

    @cached_property
    def body(self) -> Body:
        """The text, its HTML, headings and pictures, read once; empty where there is no text."""
        reading = self.reading
        return read_body(reading.root, self.document.absolute, self.lead, self.heading, reading)


def _around(elements: list[Element]) -> Element | None:
    """The nearest element that holds several."""
    if len(elements) < 2:  # noqa: PLR2004 - one holds itself
        return next(iter(elements), None)
    above = [{each, *each.iterancestors()} for each in elements[1:]]
    return next(
        (node for node in elements[0].iterancestors() if all(node in each for each in above)), None
    )

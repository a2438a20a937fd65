"""Rules in order, and what several fields are chosen by: claims, people, the source."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from itemadapter import ItemAdapter
from web_poet.fields import get_fields_dict, item_from_fields_sync
from web_poet.utils import ensure_awaitable

from newscrawl.items import FIELDS, Article
from newscrawl.own_items import article_of
from newscrawl.pages.dated import DatedPage
from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.document import own
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.documents.layout import Place
from newscrawl.pages.documents.site_marks import marked_lines
from newscrawl.pages.fields import bylines, topics
from newscrawl.pages.fields.authors import confirmed, declared_authors, meta_authors
from newscrawl.pages.fields.neighbours import neighbour
from newscrawl.pages.fields.people import people
from newscrawl.pages.fields.pictures import declared_picture, shared_picture
from newscrawl.pages.fields.signatures import by_headline, near
from newscrawl.pages.fields.titles import (
    FOUND,
    SHOWN,
    Claim,
    agreed,
    borne_out,
    host_names,
    is_echoed,
    parted,
    shown_part,
    slug,
    split_origin,
    without_host,
    without_site,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newscrawl.items import Image
    from newscrawl.pages.documents.places import Placed
    from newscrawl.pages.fields.boxes import Box

T = TypeVar("T")

AGGREGATOR = ":aggregator-byline"
PLAIN = frozenset({str, list, type(None), bool, int, float, datetime})
"""Types of values that nothing awaits."""
NOTHING: tuple[object, ...] = (None, "", [])
MAX_HEADLINE = 1_000
"""Characters; a longer heading is one that was never closed."""


def _value(item: Article, name: str) -> Any:
    return item.extra[name] if name in item.extra else getattr(item, name, None)


class Titled(NamedTuple):
    """A headline, who is named in it as its origin, and the rule that gave it."""

    text: str
    origin: str | None
    rule: str | None


def first_of(*rules: tuple[str, Callable[[], T | None]]) -> tuple[str | None, T | None]:
    """The first rule that gives something, and what it gives; ``None`` twice where none does."""
    for rule, read in rules:
        if (value := read()) not in NOTHING:
            return rule, value
    return None, None


class RuledPage(DatedPage, skip_nonitem_fields=True):
    """How a field gets its value: by the first of its rules that gives something.

    Here are also the rules that a theme may replace, and the choices that several fields share.
    """

    @cached_property
    def rules(self) -> dict[str, str]:
        """The rule behind each field that was read by ``first``."""
        return {}

    def first(self, name: str, *rules: tuple[str, Callable[[], T | None]]) -> T | None:
        """The first rule that gives something, remembered as the provenance of the field ``name``.

        A rule is a name and a function without arguments. ``None``, an empty text and an empty
        list are nothing, 0 and ``False`` are something. Rules behind it are not read. ``None``
        where no rule gives anything.
        """
        rule, value = first_of(*rules)
        if rule:
            self.rules[name] = rule
        return value

    async def to_item(self) -> Article:
        """The article, with the rule or the class behind each filled field in ``provenance``.

        Fields of the page object that the item does not have are its ``extra``.
        """
        if self.item_cls is not Article or hasattr(self, "validate_input"):
            return await self._own_item()
        values: dict[str, Any] = item_from_fields_sync(self)
        for name, value in values.items():
            if type(value) not in PLAIN and isawaitable(value):
                values[name] = await value
        item = Article(**{name: values[name] for name in FIELDS if name in values})
        item.extra.update((name, values[name]) for name in values if name not in FIELDS)
        item.provenance = self._provenance(values)
        return item

    async def _own_item(self) -> Article:
        """The same, by web-poet alone: for an item of another class, or one of a page's validation."""
        item = await super().to_item()
        declared = {*ItemAdapter(item).field_names(), *FIELDS}
        item = article_of(item)
        if not isinstance(item, Article):
            return item  # type: ignore[no-any-return] # an item of the user's own
        names = get_fields_dict(self)
        for name in names:
            if name not in declared:
                item.extra[name] = await ensure_awaitable(getattr(self, name))  # type: ignore[no-untyped-call]
        item.provenance = self._provenance({name: _value(item, name) for name in names})
        return item

    def _provenance(self, values: Mapping[str, Any]) -> dict[str, str]:
        own = type(self).__name__
        return {
            name: self.rules.get(name, own)
            for name, value in values.items()
            if value not in NOTHING
        }

    @property
    def heading_rule(self) -> str:
        """The rule that found the heading: the page's markup, unless a theme's own mark is absent."""
        return self.markup

    @property
    def body_rule(self) -> str:
        """The rule that found the body: the class, where a site's page object took another one."""
        if self.reading.root is not self.main_text.root:
            return type(self).__name__
        return self.markup if self.main_text.marked else "html:density"

    # The headline

    @cached_property
    def titled(self) -> Titled:
        """The headline without the names of the site and of the origin, and the origin's."""
        claims = self.claims
        sites = set(filter(self._is_site, {each.text for each in claims}))
        claim = agreed([each for each in claims if each.text not in sites])
        if claim is None:
            return Titled("", None, None)
        return Titled(*split_origin(claim.text, self.source), claim.rule)

    def _is_site(self, claim: str) -> bool:
        """Whether it is no more than the site's name, or that with what the site says of itself."""
        if self.is_site_name(claim):
            return True
        name, line = parted(claim)
        return bool(line) and self.is_site_name(name) and letters(line) in self._site_lines

    @cached_property
    def _site_lines(self) -> set[str]:
        sites = metadata.of_type(self.document.json_ld, metadata.SITE_TYPES)
        declared = (text for each in sites for text in metadata.strings(each.get("description")))
        metas = (*self.document.metas("description"), *self.document.metas("og:description"))
        return {letters(each) for each in (*declared, *metas, *marked_lines(self.document))} - {""}

    @property
    def claims(self) -> list[Claim]:
        """What the page calls the story, each without the name of the site.

        What others see of it in their lists (OpenGraph, cards, ``<title>``) is one voice, what
        its own data says another. The heading that a reader sees outweighs both.
        """
        document = self.document
        og, card = (document.meta(name) or "" for name in ("og:title", "twitter:title"))
        rule, declared, weight = self._declared_title()
        title = without_host(document.title, document.url)
        plain = {text: self._plain(text) for text in {declared, og, card, title}}
        story = Claim(rule, plain[declared], weight)
        head = [
            Claim("opengraph", plain[og], 1.0, "head"),
            Claim("meta", plain[card], 1.0, "head"),
            Claim("html", plain[title], 0.5, "head"),
        ]
        shown = self._shown(story.text, [each.text for each in head])
        news = rule == "json-ld" and metadata.is_news(self.json_ld)
        if news:
            head = [each._replace(voice="") for each in head]
            shown = [each._replace(weight=min(each.weight, 1.0)) for each in shown]
        if not shown or not shown[0].weight:
            shown += self._found([document.title, og, card, declared], story)
        if news:
            return [head[0], story, *shown, *head[1:]]
        return [story, *head, *shown]

    def _shown(self, declared: str, shared: list[str]) -> list[Claim]:
        """The heading; of no weight where nothing else that the page is called echoes it."""
        element = self.heading_element
        text = self._plain(without_host(self.heading, self.document.url))
        if element is None or not text:
            return []
        text = self._plain(borne_out(element, text, shared, declared))
        others = [*shared, declared, slug(self.document.url)]
        is_own = self.heading_is_marked or is_echoed(text, others)
        return [Claim(self.heading_rule, text, SHOWN if is_own else 0.0)]

    def _found(self, titles: list[str], story: Claim) -> list[Claim]:
        """What the page shows of its titles by itself, where it has no heading of its own."""
        part = shown_part(self.document, titles)
        key = letters(part)
        if not key or self.is_site_name(part) or key in map(letters, marked_lines(self.document)):
            return []
        return [Claim(story.rule if key == letters(story.text) else "html", part, FOUND)]

    @property
    def heading_is_marked(self) -> bool:
        """Whether the theme itself marks the heading as the post's own title."""
        return False

    def _declared_title(self) -> tuple[str, str, float]:
        """In JSON-LD, else in microdata, unless that is the visible heading again."""
        if found := self._json_ld("headline", "name"):
            return "json-ld", found, 1.0
        names = self.document.metas("headline")
        found = self._microdata("headline", "name") or (names[0] if len(names) == 1 else "")
        return "microdata", found, float(letters(found) != letters(self.heading))

    def _plain(self, headline: str) -> str:
        return without_site(headline[:MAX_HEADLINE], lambda: self.site_names)

    # Where the story comes from

    @property
    def source(self) -> str | None:
        """The page that a syndicated story comes from; ``None`` for the site's own."""
        return self.sourced[1]

    @cached_property
    def sourced(self) -> tuple[str | None, str | None]:
        """The rule that gave the source, and the source."""
        return first_of(*self.source_rules())

    def source_rules(self) -> list[tuple[str, Callable[[], str | None]]]:
        """The rules for ``source_url``; a site may add to them."""
        return [
            ("text", lambda: self.foreign_url(self.body.source_link)),
            (self.canonical_rule, lambda: self.foreign_url(self._canonical())),
        ]

    @property
    def canonical_rule(self) -> str:
        return "html" if self.document.element_link("canonical") else "header"

    def _canonical(self) -> str | None:
        return self.document.head_link("canonical")

    def foreign_url(self, url: str | None) -> str | None:
        return url if url and not own(url, self.document.url) else None

    # Its people

    def _people(self, *rules: tuple[str, Callable[[], list[str]]]) -> list[str]:
        """People if any rule names some; else the newsroom, if the page itself does."""
        found = self.first(
            "authors",
            *((rule, partial(self._named, read)) for rule, read in rules),
            ("json-ld:newsroom", lambda: people(self._declared_authors())),
            ("page:newsroom", lambda: confirmed(self._claimed_authors())),
        )
        if found and self.source:
            self.rules["authors"] += AGGREGATOR
        return found or []

    def _claimed_authors(self) -> Iterator[list[str]]:
        """Whom the head, the elements and the readers' own view name, be it the site."""
        yield people(meta_authors(self.document, ()))
        yield people([*declared_authors(self.microdata, ()), *self._marked_authors])
        yield people([*self._shown_authors, *self._authors_beside, *self._called_authors])

    @cached_property
    def _marked_authors(self) -> list[str]:
        return bylines.declared(self.document, self.heading_element)

    @cached_property
    def _shown_authors(self) -> list[str]:
        return self._bylines()

    @cached_property
    def _called_authors(self) -> list[str]:
        return bylines.called(self.document, self.heading_element)

    @cached_property
    def _authors_beside(self) -> list[str]:
        return by_headline(self._near, letters(self.heading))

    @cached_property
    def _near(self) -> list[Box]:
        return [] if self.heading_element is None else near(self.heading_element)

    def _named(self, read: Callable[[], list[str]]) -> list[str]:
        return people(names, self.newsroom) if (names := read()) else []

    @cached_property
    def newsroom(self) -> list[str]:
        """The names by which a site signs what it names nobody for."""
        handles = [handle.removeprefix("@") for handle in self.document.metas("twitter:site")]
        return [*self.site_names, *handles, *host_names(self.document.url)]

    @cached_property
    def signed(self) -> list[str]:
        """Who a line with "by" near the headline names."""
        return self._named(lambda: by_headline(self._near, letters(self.heading), labelled=True))

    def _unless_signed(self, names: list[str]) -> list[str]:
        """What the page declares, unless its readers are told of other people."""
        told = list(map(letters, self.signed))
        declared = list(map(letters, people(names)))
        same = any(one in other or other in one for one in told for other in declared)
        return names if same or not told else []

    def _as_signed(self, names: list[str]) -> list[str]:
        """What elements say, unless the line with "by" says it otherwise."""
        told = set(map(letters, self.signed))
        return names if not told or told == set(map(letters, people(names))) else []

    def _declared_authors(self) -> list[str]:
        return declared_authors(self.json_ld, self.document.json_ld)

    def _bylines(self) -> list[str]:
        return bylines.shown(self.document, self.heading_element)

    # What its links say

    def _in(self, place: Place) -> list[Placed]:
        return [each for each in self.placed if each.place is place]

    def _linked_tags(self) -> list[str]:
        declared = (self.document.metas("article:tag"), self._json_ld_keywords())
        return topics.linked_tags(self._in(Place.TAGS), declared, self.heading_element)

    def _json_ld_keywords(self) -> list[str]:
        return metadata.strings(self.json_ld.get("keywords"))

    def neighbour(self, side: str) -> str | None:
        return neighbour(self._in(Place.PREVNEXT), side)

    # Its picture

    @cached_property
    def declared_lead(self) -> tuple[str | None, Image | None]:
        """The picture that the page declares for the story, and the rule that read it."""
        document = self.document
        return first_of(
            ("json-ld", lambda: declared_picture(self.json_ld, document.absolute)),
            ("opengraph", lambda: shared_picture(document)),
            ("microdata", lambda: declared_picture(self.microdata, document.absolute)),
        )

"""Any article of any site: JSON-LD, then OpenGraph and meta elements, then the HTML."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast
from urllib.parse import urlsplit

from lxml import etree
from parsel import Selector
from web_poet import WebPage, field
from web_poet.fields import get_fields_dict

from newscrawl.discovery.links import Link, LinkKind, strongest
from newscrawl.items import Article, Heading, Image
from newscrawl.pages import metadata
from newscrawl.pages.body import Body, picture_url, read_body
from newscrawl.pages.document import Document, Element, own, text_of
from newscrawl.pages.kinds import ENOUGH_TEASERS, Judgement, PageKind, judged
from newscrawl.pages.parts import numbered, part_number, parts_between
from newscrawl.pages.places import GENERIC, Layout, Place, Placed, Places
from newscrawl.pages.titles import (
    letters,
    named_after,
    people,
    split_origin,
    title_tail,
    unique,
    without_site,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newscrawl.pages.kinds import Evidence
    from newscrawl.pages.metadata import JsonObject, Moment

T = TypeVar("T")

TEXT_BLOCKS = etree.XPath("//body//*[self::p or self::div or self::td or self::section]")
BODIES = etree.XPath("//*[@itemprop='articleBody']")
TIMES = etree.XPath("//time[@datetime]/@datetime")
BYLINES = etree.XPath("//body//*[@rel='author' or @itemprop='author']")
SKIPPED_PARENTS = frozenset({"footer", "aside", "nav", "form", "blockquote", "figcaption", "li"})
FRONT_PAGES = frozenset({"", "/", "/index.html", "/index.htm", "/index.php"})
ARTICLE_WORDS = 50
"""Words of a body that make a page with an article's metadata an article."""
PLAIN_ARTICLE_WORDS = 150
"""The same for a page that says nothing about itself."""
SITE_TYPES = frozenset({"website", "organization", "newsmediaorganization"})
MAX_BLOCKS = 20_000
AGGREGATOR = ":aggregator-byline"
MAX_RELATED = 100
EXCERPT_LENGTH = 600
"""Characters of text a teaser at most has."""
WHOLE_PAGE = frozenset({"html", "body", "main"})


def split_keywords(texts: list[str]) -> list[str]:
    return unique(word.strip() for text in texts for word in text.split(","))


def lists_teasers(element: Element) -> bool:
    """Headings that are links, with hardly an excerpt each, are a list and no body."""
    teasers = sum(heading_link(heading) for heading in element.iter("h2", "h3", "h4"))
    if teasers < ENOUGH_TEASERS:
        return False
    return sum(len(text_of(each)) for each in element.iter("p")) <= teasers * EXCERPT_LENGTH


def heading_link(heading: Element) -> bool:
    around = heading.getparent()
    return heading.find(".//a") is not None or (around is not None and around.tag == "a")


def own_text(element: Element) -> int:
    """Characters of the text that stands in no child."""
    return len(element.text or "") + sum(len(child.tail or "") for child in element)


class ArticlePage(WebPage[Article]):
    """The fields of an article, its links, and what kind of page it is.

    ``to_item()`` is meant for articles and parts. ``provenance`` names the rule behind each
    filled field; a subclass's field that names none is put down to the subclass.
    """

    layout: ClassVar[Layout] = GENERIC
    markup: ClassVar[str] = "html"
    """The rule's name for what is read off the theme's own markup."""

    @cached_property
    def document(self) -> Document:
        return Document(self.response)

    @cached_property
    def selector(self) -> Selector:
        """Over the one parse, so that ``css()`` and ``xpath()`` in a site's fields cost none."""
        return Selector(root=self.document.root, type="html", base_url=self.document.base)

    @cached_property
    def rules(self) -> dict[str, str]:
        return {}

    def first(self, name: str, *rules: tuple[str, Callable[[], T | None]]) -> T | None:
        """The first rule that gives something, remembered as the provenance of ``name``."""
        for rule, read in rules:
            if (value := read()) not in (None, "", []):
                self.rules[name] = rule
                return value
        return None

    async def to_item(self) -> Article:
        item = await super().to_item()
        item.provenance = {
            name: self.rules.get(name, type(self).__name__)
            for name in get_fields_dict(self)
            if getattr(item, name) not in (None, "", [])
        }
        return item

    # What kind of page

    @cached_property
    def judgement(self) -> Judgement:
        evidence: Evidence = {"teasers": self.teasers}
        if (self.document.status or 200) >= 400:  # noqa: PLR2004 - HTTP's own classes
            return judged(PageKind.PAGE, "status", evidence)
        if self.document.is_feed:
            return judged(PageKind.PAGE, "feed", evidence)
        if urlsplit(self.document.url).path in FRONT_PAGES:
            return judged(PageKind.LISTING, "front page", evidence)
        return self._judged_by_content(evidence)

    def _judged_by_content(self, evidence: Evidence) -> Judgement:
        listed = any(metadata.of_type(self.document.json_ld, metadata.LISTING_TYPES))
        typed = bool(self.json_ld)
        shared = typed or "article" in self.document.metas("og:type")
        shared |= self.document.meta("article:published_time") is not None
        words = len(self.body.text.split())
        evidence |= {"json-ld": typed, "opengraph": shared, "listed": listed, "words": words}
        if listed and not typed and self.teasers >= ENOUGH_TEASERS:
            return judged(PageKind.LISTING, "json-ld", evidence)
        enough = ARTICLE_WORDS if shared else PLAIN_ARTICLE_WORDS
        if words >= enough or (typed and not listed):
            found = PageKind.PART if self.part > 1 else PageKind.ARTICLE
            return judged(found, "json-ld" if typed else "body", evidence)
        if self.teasers >= ENOUGH_TEASERS:
            return judged(PageKind.LISTING, "teasers", evidence)
        return judged(PageKind.PAGE, "neither", evidence)

    @property
    def kind(self) -> PageKind:
        return self.judgement.kind

    @property
    def evidence(self) -> Evidence:
        return self.judgement.evidence

    # Links

    @cached_property
    def placed(self) -> list[Placed]:
        if self.document.is_feed:
            return []
        body = self.body_element
        whole = body is None or body.tag in WHOLE_PAGE
        return Places(self.document, self.layout, None if whole else body, self.foreign).read()

    @cached_property
    def foreign(self) -> list[Element]:
        """Regions that belong to another article."""
        return []

    @cached_property
    def teasers(self) -> int:
        page = self.document.url
        main = {each.url for each in self.placed if each.place is Place.MAIN}
        return sum(own(url, page) for url in main)

    @cached_property
    def links(self) -> list[Link]:
        found = [Link(each.url, self._kind_of(each), each.text) for each in self.placed]
        if self.kind is PageKind.LISTING:
            following = self.document.head_link("next")
            if following and following != self.document.url:
                found.append(Link(following, LinkKind.PAGINATION))
            return strongest(found)
        found += [Link(url, LinkKind.PART) for url in self.part_urls]
        return strongest(link for link in found if link.kind is not LinkKind.PAGINATION)

    def _kind_of(self, placed: Placed) -> LinkKind:
        if placed.kind is LinkKind.ARTICLE and self.kind is not PageKind.LISTING:
            return LinkKind.RELATED
        return placed.kind

    # Parts of a split article

    @cached_property
    def pages(self) -> dict[int, str]:
        """The page links of a split article, by number."""
        found: dict[int, str] = {}
        for each in self.placed:
            if each.place in {Place.PARTS, Place.PAGES}:
                number = part_number(each.url, self.document.url)
                if number:
                    found.setdefault(number, each.url)
        following = self.document.head_link("next")
        if following and (number := part_number(following, self.document.url)):
            found.setdefault(number, following)
        return found

    @cached_property
    def part(self) -> int:
        """The number of this page within a split article, told by the part before it."""
        before = self.document.head_link("prev")
        number = numbered(self.document.url)[1]
        follows = before and part_number(before, self.document.url) == number - 1
        return number if follows else 1

    @cached_property
    def part_urls(self) -> list[str]:
        return parts_between(self.pages) if self.kind is PageKind.ARTICLE else []

    @cached_property
    def first_part_url(self) -> str | None:
        return self.pages.get(1) if self.part > 1 else None

    # What the page says about itself

    @cached_property
    def json_ld(self) -> JsonObject:
        """The object of the article itself; empty where there is none, or one a teaser."""
        articles = metadata.of_type(self.document.json_ld, metadata.ARTICLE_TYPES)
        titled = [each for each in articles if each.get("headline") or each.get("name")]
        return titled[0] if 0 < len(titled) < ENOUGH_TEASERS else {}

    def _json_ld(self, *keys: str) -> str | None:
        return next(
            (text for key in keys for text in metadata.strings(self.json_ld.get(key))), None
        )

    @cached_property
    def site_names(self) -> list[str]:
        """Every name the site goes by on this page: no single one is to be trusted."""
        names = self.plain_site_names
        for each in self.document.json_ld:
            names += metadata.strings(each.get("publisher"))
            if not SITE_TYPES.isdisjoint(metadata.types(each)):
                names += metadata.strings(each)
        return unique(names)

    @property
    def plain_site_names(self) -> list[str]:
        """Those that cost no JSON."""
        names = self.document.metas("og:site_name") + self.document.metas("application-name")
        return [*names, title_tail(self.document.title, self.heading)]

    # Regions of the page

    @cached_property
    def heading_element(self) -> Element | None:
        """The only ``h1``; of several the one that ``<title>`` repeats or the body holds."""
        headings = list(self.document.root.iter("h1"))
        if len(headings) < 2:  # noqa: PLR2004 - one needs no choice
            return headings[0] if headings else None
        title = letters(self.document.title)
        for each in headings:
            if (name := letters(text_of(each))) and name in title:
                return each
        body = self.body_element
        return None if body is None else next(body.iter("h1"), None)

    @property
    def heading_rule(self) -> str:
        """The rule that found the heading: the page's markup, unless a theme's own mark is absent."""
        return self.markup

    @cached_property
    def heading(self) -> str:
        return "" if self.heading_element is None else text_of(self.heading_element)

    @cached_property
    def body_element(self) -> Element | None:
        """The declared body, else the element whose own paragraphs say most."""
        declared = cast("list[Element]", BODIES(self.document.root))
        if declared:
            return max(declared, key=lambda each: len("".join(each.itertext())))
        scores: dict[Element, float] = {}
        for block in cast("list[Element]", TEXT_BLOCKS(self.document.root))[:MAX_BLOCKS]:
            plain = block.tag == "p"
            parent = block.getparent() if plain else block
            if parent is None or parent.tag in SKIPPED_PARENTS:
                continue
            length = len(text_of(block)) - 20 if plain else own_text(block) - 80
            if length <= 0:
                continue
            scores[parent] = scores.get(parent, 0) + length
            around = parent.getparent()
            if around is not None and around.tag not in {"body", "html"}:
                scores[around] = scores.get(around, 0) + length * 0.7
        best = max(scores, key=scores.__getitem__, default=None)
        return None if best is None or lists_teasers(best) else best

    @cached_property
    def lead(self) -> Image | None:
        """The picture that stands before the body."""
        return None

    @cached_property
    def body(self) -> Body:
        return read_body(self.body_element, self.document.absolute, self.lead, self.heading)

    def _declared_body(self) -> str:
        """schema.org ``articleBody``, where it holds more than the page shows."""
        declared = self.json_ld.get("articleBody")
        return declared.strip() if isinstance(declared, str) and "<" not in declared else ""

    # Fields

    @field
    def url(self) -> str:
        return self.first("url", ("response", lambda: self.document.url)) or ""

    @field
    def canonical_url(self) -> str:
        """As the page claims it; whether to believe it is for the pipelines."""
        return (
            self.first("canonical_url", ("html", lambda: self.document.head_link("canonical")))
            or ""
        )

    @cached_property
    def titled(self) -> tuple[str, str | None]:
        """The headline without the names of the site and of the origin, and the origin's."""
        raw = self.first("headline", *self.headline_rules())
        return split_origin(without_site(raw or "", lambda: self.site_names), self.source)

    def headline_rules(self) -> list[tuple[str, Callable[[], str | None]]]:
        return [
            ("json-ld", lambda: self._json_ld("headline", "name")),
            ("opengraph", lambda: self.document.meta("og:title")),
            (self.heading_rule, lambda: self.heading),
            ("meta", lambda: self.document.meta("twitter:title")),
            ("html", self._page_title),
        ]

    def _page_title(self) -> str:
        """``<title>``, without a tail that is spelt like the host."""
        title = self.document.title
        for mark in (" | ", " - ", " – ", " — "):
            head, _, tail = title.rpartition(mark)
            if head and named_after(tail, self.document.url):
                return head.strip()
        return title

    @field
    def headline(self) -> str:
        return self.titled[0]

    @field
    def subtitle(self) -> str | None:
        return self.first("subtitle", ("json-ld", lambda: self._json_ld("alternativeHeadline")))

    @field
    def authors(self) -> list[str]:
        return self._people(
            ("json-ld", lambda: metadata.strings(self.json_ld.get("author"))),
            ("meta", lambda: self.document.metas("author")),
            ("opengraph", lambda: self.document.metas("article:author")),
            (self.markup, self._bylines),
        )

    def _people(self, *rules: tuple[str, Callable[[], list[str]]]) -> list[str]:
        found = self.first(
            "authors",
            *(
                (rule, lambda read=read: people(read(), self.plain_site_names))
                for rule, read in rules
            ),
        )
        if found and self.source:
            self.rules["authors"] += AGGREGATOR
        return found or []

    def _bylines(self) -> list[str]:
        return [text_of(each) for each in cast("list[Element]", BYLINES(self.document.root))]

    @cached_property
    def moments(self) -> dict[str, Moment | None]:
        return {
            "published": self._moment("published", *self.published_rules()),
            "modified": self._moment("modified", *self.modified_rules()),
        }

    def _moment(self, name: str, *rules: tuple[str, Callable[[], str | None]]) -> Moment | None:
        found = self.first(
            name, *((rule, lambda read=read: metadata.moment(read())) for rule, read in rules)
        )
        if found:
            self.rules[name] += found.note
        return found

    def published_rules(self) -> list[tuple[str, Callable[[], str | None]]]:
        meta = self.document.meta
        return [
            ("opengraph", lambda: meta("article:published_time")),
            ("json-ld", lambda: self._json_ld("datePublished", "dateCreated")),
            ("meta", lambda: meta("datepublished", "date", "dc.date.issued", "dc.date", "pubdate")),
            ("html", self._first_time),
        ]

    def modified_rules(self) -> list[tuple[str, Callable[[], str | None]]]:
        meta = self.document.meta
        return [
            ("opengraph", lambda: meta("article:modified_time", "og:updated_time")),
            ("json-ld", lambda: self._json_ld("dateModified")),
            ("meta", lambda: meta("datemodified", "last-modified", "dcterms.modified")),
        ]

    def _first_time(self) -> str | None:
        times = cast("list[str]", TIMES(self.document.root))
        return str(times[0]) if times else None

    @field
    def published(self) -> datetime | None:
        found = self.moments["published"]
        return found.when if found else None

    @field
    def published_raw(self) -> str | None:
        found = self.moments["published"]
        if found:
            self.rules["published_raw"] = self.rules["published"]
            return found.raw
        return self.first("published_raw", (self.markup, self.visible_date))

    def visible_date(self) -> str | None:
        return None

    @field
    def modified(self) -> datetime | None:
        found = self.moments["modified"]
        return found.when if found else None

    @field
    def sections(self) -> list[str]:
        return (
            self.first(
                "sections",
                ("json-ld", lambda: unique(metadata.strings(self.json_ld.get("articleSection")))),
                ("opengraph", lambda: unique(self.document.metas("article:section"))),
            )
            or []
        )

    @field
    def tags(self) -> list[str]:
        return (
            self.first(
                "tags",
                (self.markup, lambda: unique(each.text for each in self._in(Place.TAGS))),
                ("opengraph", lambda: unique(self.document.metas("article:tag"))),
                ("json-ld", lambda: split_keywords(metadata.strings(self.json_ld.get("keywords")))),
                ("meta", lambda: split_keywords(self.document.metas("news_keywords"))),
            )
            or []
        )

    def _in(self, place: Place) -> list[Placed]:
        return [each for each in self.placed if each.place is place]

    @field
    def breadcrumbs(self) -> list[str]:
        return (
            self.first(
                "breadcrumbs",
                (self.markup, lambda: unique(each.text for each in self._in(Place.CRUMBS))),
                ("json-ld", self._json_ld_crumbs),
            )
            or []
        )

    def _json_ld_crumbs(self) -> list[str]:
        names: list[str] = []
        lists = metadata.of_type(self.document.json_ld, frozenset({"breadcrumblist"}))
        for item in next(lists, {}).get("itemListElement") or []:
            if isinstance(item, dict):
                names += metadata.strings(item) or metadata.strings(item.get("item"))
        return unique(names)

    @field
    def language(self) -> str | None:
        document = self.document
        read = metadata.language
        return self.first(
            "language",
            ("html", lambda: read(document.root.get("lang"))),
            ("json-ld", lambda: read(self._json_ld("inLanguage"))),
            ("opengraph", lambda: read(document.meta("og:locale"))),
            ("meta", lambda: read(document.meta("content-language", "language"))),
        )

    @field
    def text(self) -> str:
        shown, declared = self.body.text, self._declared_body()
        if len(shown.split()) < ARTICLE_WORDS < len(declared.split()):
            shown = ""
        return self.first("text", (self.markup, lambda: shown), ("json-ld", lambda: declared)) or ""

    @field
    def html(self) -> str:
        return self.first("html", (self.markup, lambda: self.body.html)) or ""

    @field
    def headings(self) -> list[Heading]:
        return self.first("headings", (self.markup, lambda: self.body.headings)) or []

    @field
    def images(self) -> list[Image]:
        return (
            self.first(
                "images",
                (self.markup, lambda: self.body.images),
                ("opengraph", self._shared_image),
            )
            or []
        )

    def _shared_image(self) -> list[Image]:
        address = self.document.meta("og:image", "og:image:url", "twitter:image")
        url = picture_url(address, self.document.absolute) if address else None
        return [Image(url=url, alt=self.document.meta("og:image:alt"))] if url else []

    @cached_property
    def source(self) -> str | None:
        return self.first("source_url", *self.source_rules())

    def source_rules(self) -> list[tuple[str, Callable[[], str | None]]]:
        return [
            ("text", lambda: self.foreign_url(self.body.source_link)),
            ("html", lambda: self.foreign_url(self.document.head_link("canonical"))),
        ]

    def foreign_url(self, url: str | None) -> str | None:
        return url if url and not own(url, self.document.url) else None

    @field
    def source_url(self) -> str | None:
        return self.source

    @field
    def source_name(self) -> str | None:
        name = self.first("source_name", ("text", lambda: self.titled[1]))
        if name:
            self.rules["source_name"] = self.rules["headline"]
        return name

    @field
    def reading_minutes(self) -> int | None:
        return self.first(
            "reading_minutes",
            ("json-ld", lambda: metadata.minutes(self._json_ld("timeRequired"))),
            ("meta", self._labelled_reading_time),
        )

    def _labelled_reading_time(self) -> int | None:
        """Yoast's pair of Twitter labels and data."""
        for number in ("1", "2"):
            if "reading time" in (self.document.meta(f"twitter:label{number}") or "").lower():
                return metadata.count(self.document.meta(f"twitter:data{number}"))
        return None

    @field
    def comment_count(self) -> int | None:
        count = self.json_ld.get("commentCount")
        return self.first(
            "comment_count", ("json-ld", lambda: metadata.count(str(count)) if count else None)
        )

    @field
    def share_count(self) -> int | None:
        return None

    @field
    def view_count(self) -> int | None:
        return None

    @field
    def previous_url(self) -> str | None:
        return self.first("previous_url", (self.markup, lambda: self.neighbour("prev")))

    @field
    def next_url(self) -> str | None:
        return self.first("next_url", (self.markup, lambda: self.neighbour("next")))

    def neighbour(self, side: str) -> str | None:
        """The article before or after this one: marked by ``rel`` or by class."""
        for each in self._in(Place.PREVNEXT):
            around = each.anchor.getparent()
            marks = f"{each.anchor.get('rel') or ''} {each.anchor.get('class') or ''}"
            if around is not None and around.get("class"):
                marks += f" {around.get('class')}"
            if any(side in mark.replace("prevnext", "") for mark in marks.lower().split()):
                return each.url
        return None

    @field
    def related_urls(self) -> list[str]:
        return (
            self.first(
                "related_urls",
                (
                    self.markup,
                    lambda: unique(each.url for each in self._in(Place.RELATED))[:MAX_RELATED],
                ),
            )
            or []
        )

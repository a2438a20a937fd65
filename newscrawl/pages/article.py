"""Any article of any site: JSON-LD, then OpenGraph and meta elements, then the HTML."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast
from urllib.parse import urlsplit

from lxml import etree
from parsel import Selector
from web_poet import WebPage, field
from web_poet.fields import get_fields_dict

from newscrawl.discovery.links import Link, LinkKind, strongest
from newscrawl.items import Article, Heading, Image
from newscrawl.pages.bodies.body import Body, read_body
from newscrawl.pages.bodies.main_text import MainText, main_text
from newscrawl.pages.bodies.pictures import picture_url
from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.document import Document, Element, own, text_of
from newscrawl.pages.documents.places import GENERIC, Layout, Place, Placed, Places
from newscrawl.pages.fields import bylines
from newscrawl.pages.fields.dates import in_url, ranked
from newscrawl.pages.fields.parts import numbered, part_number, parts_between
from newscrawl.pages.fields.people import people, surname_first
from newscrawl.pages.fields.titles import (
    Claim,
    agreed,
    host_names,
    letters,
    named_after,
    split_origin,
    title_tail,
    unique,
    without_kicker,
    without_site,
)
from newscrawl.pages.judging.kinds import (
    ARTICLE_WORDS,
    ENOUGH_TEASERS,
    HARDLY_WORDS,
    Evidence,
    Judgement,
    PageKind,
    judge,
)
from newscrawl.pages.judging.locks import Lock, lock_of, main_part, stands_in
from newscrawl.pages.judging.marks import (
    Marks,
    asks_consent,
    count_words,
    link_density,
    read_marks,
    static_name,
    whole_articles,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newscrawl.pages.documents.metadata import JsonObject
    from newscrawl.pages.fields.dates import Moment, Rule
    from newscrawl.pages.judging.kinds import Facts

T = TypeVar("T")

TIMES = etree.XPath("//body//time[@datetime]")
MONTH_FIRST = frozenset({"en-US", "en-us", "en_US"})
PUBLISHED_METAS = (
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_online_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "article:published",
    "publication_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "date",
    "citation_publication_date",
)
MODIFIED_METAS = ("datemodified", "dcterms.modified", "dc.date.modified", "last-modified")
AUTHOR_METAS = (
    "author",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "article:author",
    "byl",
)
CREATOR_METAS = ("dc.creator", "dcterms.creator", "citation_author")
HOMES = ("Home", "Homepage", "Startseite", "Accueil", "Inicio", "Início", "Strona główna", "トップ")
FRONT_PAGES = frozenset({"", "/", "/index.html", "/index.htm", "/index.php"})
SITE_TYPES = frozenset({"website", "organization", "newsmediaorganization"})
AGGREGATOR = ":aggregator-byline"
MAX_HEADLINE = 1_000
"""Characters; a longer heading is one that was never closed."""
MAX_RELATED = 100
WHOLE_PAGE = frozenset({"html", "body", "main"})


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

    def _validate_input(self) -> Article | None:
        """Of web-poet, whose cache ties each page into a cycle that awaits the garbage collector."""
        return super()._validate_input() if hasattr(self, "validate_input") else None

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
        return judge(self.seen)

    @cached_property
    def seen(self) -> Evidence:
        """Subclasses that know better what they look at put it here; the rules stay the same."""
        document = self.document
        if (document.status or 200) >= 400 or document.is_feed:  # noqa: PLR2004 - HTTP's own classes
            return Evidence(status=document.status or 0, feed=document.is_feed)
        objects, typed = document.json_ld, bool(self.json_ld)
        words = count_words(self.body.text)
        dated = bool(document.meta("article:published_time") or self._json_ld("datePublished"))
        told = (typed or dated) and words >= ARTICLE_WORDS and not asks_consent(self.body_element)
        return Evidence(
            status=document.status or 0,
            front=urlsplit(document.url).path in FRONT_PAGES,
            typed=typed,
            shared=self.shared,
            listed=any(metadata.of_type(objects, metadata.LISTING_TYPES)),
            dated=dated,
            static=static_name(document.url, objects),
            words=words,
            declared=count_words(self._declared_body()),
            density=link_density(self.body_element),
            teasers=self.teasers,
            whole=self.whole,
            part=self.part,
            lock=self.lock,
            marks=Marks() if told else read_marks(document, self.body_element),
        )

    @cached_property
    def lock(self) -> Lock:
        """What asks for a password in place of the text; under a short text it may be for comments."""
        lock, form = lock_of(self.document)
        if form is None:
            return Lock.NONE
        least = ARTICLE_WORDS if lock is Lock.POST else HARDLY_WORDS
        told = 0 if self._is_beside(form) else count_words(self.body.text)
        if stands_in(form, self.body_element):
            told -= count_words(text_of(form))
        return lock if max(told, count_words(self._declared_body())) < least else Lock.NONE

    def _is_beside(self, form: Element) -> bool:
        """Whether the headline stands with a form, and what would be the body elsewhere."""
        main, body = main_part(form), self.body_element
        apart = not stands_in(body, main) and not stands_in(main, body)
        return apart and stands_in(self.heading_element, main)

    @cached_property
    def shared(self) -> bool:
        """Whether the page calls itself an article, as search engines or others read it."""
        document = self.document
        dated = document.meta("article:published_time") is not None
        kinds = {each.lower() for each in document.metas("og:type")}
        return dated or "article" in kinds or bool(self.json_ld)

    @cached_property
    def whole(self) -> int:
        """Articles that stand on the page with their text, if it is none itself."""
        return 0 if self.shared else whole_articles(self.document)

    @property
    def kind(self) -> PageKind:
        return self.judgement.kind

    @property
    def evidence(self) -> Facts:
        return self.judgement.evidence

    # Links

    @cached_property
    def placed(self) -> list[Placed]:
        if self.document.is_feed:
            return []
        body = self.body_element
        whole = body is None or body.tag in WHOLE_PAGE or self.whole > 1
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
        listing = self.kind is PageKind.LISTING
        articles = LinkKind.ARTICLE if listing else LinkKind.RELATED
        found = [
            Link(each.url, articles if each.kind is LinkKind.ARTICLE else each.kind, each.text)
            for each in self.placed
        ]
        if listing:
            following = self.document.head_link("next")
            if following and following != self.document.url:
                found.append(Link(following, LinkKind.PAGINATION))
            return strongest(found)
        found += [Link(url, LinkKind.PART) for url in self.part_urls]
        return strongest(link for link in found if link.kind is not LinkKind.PAGINATION)

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
        if len(titled) > 1:
            pages = [self.document.url, self.document.head_link("canonical") or ""]
            titled = [each for each in titled if metadata.stands_at(each, pages)] or titled
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
    def main_text(self) -> MainText:
        return main_text(self.document)

    @property
    def body_element(self) -> Element | None:
        return self.main_text.root

    @property
    def body_rule(self) -> str:
        return self.markup if self.main_text.marked else "html:density"

    @cached_property
    def lead(self) -> Image | None:
        """The picture that stands before the body."""
        return None

    @cached_property
    def body(self) -> Body:
        return read_body(
            self.body_element, self.document.absolute, self.lead, self.heading, self.main_text
        )

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
        claim = agreed(self.claims)
        if claim is None:
            return "", None
        self.rules["headline"] = claim.rule
        return split_origin(claim.text, self.source)

    @property
    def claims(self) -> list[Claim]:
        """What the page calls the story, each without the name of the site.

        ``<title>`` is written for search engines, so it only tips ties.
        """
        document = self.document
        og, json_ld, card, title = (
            Claim(rule, self._plain(text), weight)
            for rule, text, weight in (
                ("opengraph", document.meta("og:title") or "", 1.0),
                ("json-ld", self._json_ld("headline", "name") or "", 1.0),
                ("meta", document.meta("twitter:title") or "", 1.0),
                ("html", self._page_title(), 0.5),
            )
        )
        shown = Claim(self.heading_rule, self._plain(self.heading), self.heading_weight)
        element = self.heading_element
        if element is not None and len(element):
            others = {letters(each.text) for each in (og, json_ld, card, title)}
            if letters(shown.text) not in others:
                shown = shown._replace(text=self._plain(without_kicker(element)))
        return [og, json_ld, shown, card, title]

    def _plain(self, headline: str) -> str:
        return without_site(headline[:MAX_HEADLINE], lambda: self.site_names)

    @property
    def heading_weight(self) -> float:
        return 1.0

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
        return self.first("subtitle", ("json-ld", self._alternative_headline))

    def _alternative_headline(self) -> str | None:
        found = self._json_ld("alternativeHeadline")
        return found if found and letters(found) != letters(self.headline) else None

    @field
    def authors(self) -> list[str]:
        return self._people(
            ("json-ld", self._json_ld_authors),
            ("meta", self._meta_authors),
            ("microdata", lambda: bylines.declared(self.document, self.heading_element)),
            (self.markup, self._bylines),
            ("text", lambda: bylines.signed(self.body_element)),
        )

    def _people(self, *rules: tuple[str, Callable[[], list[str]]]) -> list[str]:
        """People if any rule names some; else the newsroom, if the story's own object does."""
        found = self.first(
            "authors",
            *((rule, partial(self._named, read)) for rule, read in rules),
            ("json-ld:newsroom", lambda: people(self._json_ld_authors())),
        )
        if found and self.source:
            self.rules["authors"] += AGGREGATOR
        return found or []

    def _named(self, read: Callable[[], list[str]]) -> list[str]:
        return people(names, self.newsroom) if (names := read()) else []

    @cached_property
    def newsroom(self) -> list[str]:
        """The names by which a site signs what it names nobody for."""
        handles = [handle.removeprefix("@") for handle in self.document.metas("twitter:site")]
        return [*self.site_names, *handles, *host_names(self.document.url)]

    def _json_ld_authors(self) -> list[str]:
        """By name, or by reference to another object of the page."""
        found: list[str] = []
        author = self.json_ld.get("author") or self.json_ld.get("creator")
        for each in metadata.listed(author):
            names = metadata.strings(each)
            if not names and isinstance(each, dict):
                same = (other for other in self.document.json_ld if other.get("@id") == each["@id"])
                names = next(filter(None, map(metadata.strings, same)), []) if "@id" in each else []
            found += names
        return found

    def _meta_authors(self) -> list[str]:
        metas = self.document.metas
        for name in AUTHOR_METAS:
            if (found := metas(name)) and people(found, self.newsroom):
                return found
        return [surname_first(name) for key in CREATOR_METAS for name in metas(key)]

    def _bylines(self) -> list[str]:
        return bylines.shown(self.document, self.heading_element)

    @cached_property
    def moments(self) -> dict[str, Moment | None]:
        return {
            "published": self._moment("published", self.published_rules(), self.shown_rules()),
            "modified": self._moment("modified", self.modified_rules()),
        }

    def _moment(
        self, name: str, rules: list[Rule], last: list[Rule] | None = None
    ) -> Moment | None:
        found = ranked(rules, last or [], us=self.document.root.get("lang") in MONTH_FIRST)
        if found is None:
            return None
        self.rules[name] = found[0] + found[1].note
        return found[1]

    def published_rules(self) -> list[Rule]:
        meta = self.document.meta
        return [
            ("json-ld", lambda: self._json_ld("datePublished", "dateCreated", "uploadDate")),
            ("opengraph", lambda: meta("article:published_time", "og:article:published_time")),
            ("meta", lambda: meta(*PUBLISHED_METAS)),
        ]

    def shown_rules(self) -> list[Rule]:
        """What a reader sees of the date."""
        return [
            ("html", self._first_time),
            ("url", lambda: in_url(self.document.url)),
            (self.markup, lambda: bylines.dated(self.document, self.heading_element)),
        ]

    def modified_rules(self) -> list[Rule]:
        meta = self.document.meta
        return [
            ("json-ld", lambda: self._json_ld("dateModified")),
            ("opengraph", lambda: meta("article:modified_time", "og:updated_time")),
            ("meta", lambda: meta(*MODIFIED_METAS)),
        ]

    def _first_time(self) -> str | None:
        """The ``time`` nearest to the headline."""
        times = cast("list[Element]", TIMES(self.document.root))
        return next(
            (each.get("datetime") for each in bylines.nearest(times, self.heading_element)), None
        )

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
                ("meta", lambda: unique(self.document.metas("parsely-section"))),
                ("breadcrumbs", self._crumb_sections),
            )
            or []
        )

    def _crumb_sections(self) -> list[str]:
        """The breadcrumbs between the front page and the story."""
        ends = {letters(name) for name in (self.headline, self.heading, *self.newsroom, *HOMES)}
        return [crumb for crumb in self.breadcrumbs if letters(crumb) not in ends]

    @field
    def tags(self) -> list[str]:
        return (
            self.first(
                "tags",
                (self.markup, self._linked_tags),
                ("opengraph", lambda: metadata.keywords(self.document.metas("article:tag"))),
                ("json-ld", lambda: metadata.keywords(self._json_ld_keywords())),
                ("meta", lambda: metadata.keywords(self.document.metas("news_keywords"))),
                ("meta", lambda: metadata.keywords(self.document.metas("parsely-tags"))),
                ("meta", lambda: metadata.keywords(self.document.metas("keywords"))),
            )
            or []
        )

    def _json_ld_keywords(self) -> list[str]:
        return metadata.strings(self.json_ld.get("keywords"))

    def _linked_tags(self) -> list[str]:
        """The links to tags, unless they are the site's topics of the day.

        Those of the story are among its declared keywords; else they stand near its headline.
        """
        links = self._in(Place.TAGS)
        tags = metadata.keywords([each.text for each in links])
        declared = {
            letters(word)
            for words in (self.document.metas("article:tag"), self._json_ld_keywords())
            for word in metadata.keywords(words)
        }
        if len(declared) > 1:
            return tags if sum(letters(tag) in declared for tag in tags) * 2 >= len(tags) else []
        near = bylines.nearest([each.anchor for each in links], self.heading_element)
        return metadata.keywords([each.text for each in links if each.anchor in near])

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
    def paywalled(self) -> bool | None:
        return self.first(
            "paywalled",
            ("json-ld", lambda: metadata.paywalled(self.json_ld)),
            ("meta", lambda: metadata.tier(self.document.meta("article:content_tier"))),
        )

    @field
    def text(self) -> str:
        shown, declared = self.body.text, self._declared_body()
        if count_words(shown) < ARTICLE_WORDS < count_words(declared):
            shown = ""
        rules = ((self.body_rule, lambda: shown), ("json-ld", lambda: declared))
        return self.first("text", *rules) or ""

    @field
    def html(self) -> str:
        return self.first("html", (self.body_rule, lambda: self.body.html)) or ""

    @field
    def headings(self) -> list[Heading]:
        return self.first("headings", (self.body_rule, lambda: self.body.headings)) or []

    @field
    def images(self) -> list[Image]:
        return (
            self.first(
                "images",
                (self.markup, lambda: self.body.images),
                ("json-ld", self._declared_image),
                ("opengraph", self._shared_image),
            )
            or []
        )

    def _declared_image(self) -> list[Image]:
        """The first picture of the story's own object; later ones are mostly other sizes of it."""
        first = next(iter(metadata.listed(self.json_ld.get("image"))), None)
        told = first if isinstance(first, dict) else {}
        address = next(iter(metadata.strings(told or first, "url")), None)
        url = picture_url(address, self.document.absolute) if address else None
        if not url:
            return []
        caption, credit = (
            next(iter(metadata.strings(told.get(key))), None) for key in ("caption", "creditText")
        )
        return [Image(url=url, caption=caption, credit=credit)]

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

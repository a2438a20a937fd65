"""A page with its kind and its links: what it is, and where it leads."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urljoin, urlsplit

from newscrawl.addresses.permalinks import FRONT_PATHS, named_page
from newscrawl.discovery.links import Link, LinkKind, strongest
from newscrawl.discovery.load_more import LOAD_MORE
from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.document import text_of
from newscrawl.pages.documents.layout import GENERIC, Layout, Place
from newscrawl.pages.documents.places import Placed, Places, places_of
from newscrawl.pages.fields.parts import (
    is_numbered_among,
    numbered_links,
    part_after,
    parts_between,
)
from newscrawl.pages.judging.consent import asks_consent
from newscrawl.pages.judging.evidence import ARTICLE_WORDS, HARDLY_WORDS, Evidence
from newscrawl.pages.judging.kinds import Judgement, PageKind, judge
from newscrawl.pages.judging.locks import Lock, lock_of, main_part, stands_in
from newscrawl.pages.judging.marks import Marks, read_marks, static_name
from newscrawl.pages.judging.shapes import read_shape
from newscrawl.pages.judging.signals import signals_of
from newscrawl.pages.judging.words import count_words, link_density, whole_articles
from newscrawl.pages.parsed import ParsedPage
from newscrawl.pages.unmarked import onward, pagers, sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.pages.documents.document import Element
    from newscrawl.pages.judging.evidence import Facts

UNLIKELY = -10.0
"""The weight of a page that is no article, by whatever rule."""
WHOLE_PAGE = frozenset({"html", "body", "main"})
PART_LINKS = frozenset({Place.PARTS, Place.PAGES})


class JudgedPage(ParsedPage):
    """Evidence for the kind of a page, its links by where they stand, and its parts."""

    layout: ClassVar[Layout] = GENERIC
    agent: ClassVar[str] = "newscrawl"
    """The name by which pages may address us."""

    # What kind of page

    @cached_property
    def judgement(self) -> Judgement:
        return judge(self.seen)

    @property
    def kind(self) -> PageKind:
        """What the page is; a site's own page object may know better than ``super().kind``."""
        return self.judgement.kind

    @property
    def weight(self) -> float | None:
        """What speaks for an article, as a sum that is below 0 where more speaks against it.

        ``None`` where something surer than a sum decided that it is one.
        """
        if self.kind not in {PageKind.ARTICLE, PageKind.PART}:
            return UNLIKELY
        told = self.judgement
        weighed = told.evidence.get("weight") if self.kind is told.kind else None
        return None if weighed is None else float(weighed)

    @property
    def evidence(self) -> Facts:
        """What decided the kind, for logs and ``scrapy explain``: the rule, and what it went by."""
        name, told = type(self).__name__, self.judgement
        rule = {} if self.kind is told.kind else {"rule": name}
        return {"page": name, **told.evidence, **rule}

    @cached_property
    def seen(self) -> Evidence:
        """Subclasses that know better what they look at put it here; the rules stay the same."""
        document = self.document
        if (document.status or 200) >= 400 or document.is_feed:  # noqa: PLR2004 - HTTP's own classes
            return Evidence(status=document.status or 0, feed=document.is_feed)
        read = self.read_text
        claims = read.typed or read.dated
        told = claims and read.words >= ARTICLE_WORDS and not asks_consent(self.body_element)
        return replace(
            read,
            listed=any(metadata.of_type(document.json_ld, metadata.LISTING_TYPES)),
            static=static_name(document.url, document.json_ld),
            whole=self.whole,
            part=self.part,
            lock=self.lock,
            marks=Marks() if told else read_marks(document, self.body_element),
        )

    @property
    def read_text(self) -> Evidence:
        """What the text tells, and what the page says of it; its shape where that says too little."""
        document, typed = self.document, bool(self.json_ld)
        read = Evidence(
            status=document.status or 0,
            front=self.front,
            typed=typed,
            shared=self.shared,
            dated=bool(document.meta("article:published_time") or self._json_ld("datePublished")),
            words=self.shown_words,
            declared=self.declared_words,
            density=link_density(self.body_element),
            teasers=self.teasers,
        )
        if typed or read.front or max(read.words, read.declared) < HARDLY_WORDS:
            return read
        return replace(
            read, shape=read_shape(document, self.body.text, self.heading_element, self.placed)
        )

    @cached_property
    def front(self) -> bool:
        """Whether it is the front page, or one of the pages that this is divided into."""
        parts = urlsplit(self.document.url)
        if parts.path not in FRONT_PATHS:
            return False
        if not named_page(parts.query) or self.document.head_link("canonical") == self._top:
            return not (named_page(parts.query) and self.shared)
        return not self.shared and any(map(self._is_pager, self.placed))

    @property
    def _top(self) -> str:
        return urljoin(self.document.url, "/")

    def _is_pager(self, link: Placed) -> bool:
        """Whether a link leads to another page of this listing, as its number says."""
        if link.place is not Place.PAGES or not link.text.isdecimal():
            return False
        here, there = (parse_qsl(urlsplit(url).query) for url in (self.document.url, link.url))
        return len(here) == len(there) == 1 and there[0] == (here[0][0], link.text)

    @cached_property
    def lock(self) -> Lock:
        """What asks for a password in place of the text; under a short text it may be for comments."""
        lock, form = lock_of(self.document)
        if form is None:
            return Lock.NONE
        least = ARTICLE_WORDS if lock is Lock.POST else HARDLY_WORDS
        told = 0 if self._is_beside(form) else self.shown_words
        if stands_in(form, self.body_element):
            told -= count_words(text_of(form))
        return lock if max(told, self.declared_words) < least else Lock.NONE

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
        typed = metadata.types(self.microdata) & metadata.ARTICLE_TYPES
        return dated or "article" in kinds or bool(self.json_ld or typed)

    @cached_property
    def whole(self) -> int:
        """Articles that stand on the page with their text, if it is none itself."""
        return 0 if self.shared else whole_articles(self.document)

    # Links

    @property
    def lists_posts(self) -> bool:
        """Whether the system says that the page is a list: its links stand in no body."""
        return False

    @cached_property
    def placed(self) -> list[Placed]:
        return [] if self.document.is_feed else self._places.read()

    @cached_property
    def _places(self) -> Places:
        body = self.body_element
        whole = body is None or body.tag in WHOLE_PAGE or self.whole > 1 or self.lists_posts
        return places_of(self.document, self.layout, None if whole else body, self.foreign)

    @cached_property
    def foreign(self) -> list[Element]:
        """Regions that belong to another article."""
        return []

    @cached_property
    def teasers(self) -> int:
        return max(self._headlined, len(self._onward))

    @cached_property
    def _headlined(self) -> int:
        main = {each.url for each in self.placed if each.place is Place.MAIN}
        return sum(map(self.document.is_own, main))

    @cached_property
    def _onward(self) -> list[Link]:
        return onward(self._places.short, self.document, self._headlined)

    @cached_property
    def links(self) -> list[Link]:
        """Each address once, in its strongest role; the spider decides which are followed."""
        listing = self.kind is PageKind.LISTING
        article = LinkKind.ARTICLE
        articles = article if listing else LinkKind.RELATED
        no_link = None if listing else LinkKind.PAGINATION
        found = [
            Link(url, articles if kind is article else kind, text)
            for url, _, kind, text, _, _ in self.placed
            if kind is not no_link
        ]
        if listing:
            following = self.document.head_link("next")
            if following and following != self.document.url:
                found.append(Link(following, LinkKind.PAGINATION))
            return strongest([*found, *self._unmarked()])
        found += [Link(url, LinkKind.PART) for url in self.part_urls]
        return strongest(found)

    def _unmarked(self) -> Iterator[Link]:
        """What nothing marks; a front page's few words lead to sections where it has no menu."""
        short, document = self._places.short, self.document
        neighbours = [each for each in self.placed if each.place is Place.PREVNEXT]
        yield from pagers([*short, *neighbours], document.url)
        yield from self._onward
        menus = {LinkKind.CATEGORY, LinkKind.PAGINATION}
        if self.front and not any(
            each.kind in menus and document.is_own(each.url) for each in self.placed
        ):
            yield from sections(short, document)

    # Parts of a split article

    @cached_property
    def pages(self) -> dict[int, str]:
        """The page links of a split article, by number."""
        links = [each.url for each in self.placed if each.place in PART_LINKS]
        return numbered_links([*links, self.document.head_link("next")], self.document.url)

    @cached_property
    def part(self) -> int:
        """The number of this page within a split article, told by the part before it."""
        return part_after(self.document.head_link("prev"), self.document.url)

    @cached_property
    def part_urls(self) -> list[str]:
        """Pages 2…n of a split article, in order; empty on those pages themselves."""
        if self.kind is not PageKind.ARTICLE or is_numbered_among(self.pages, self.document.url):
            return []
        return parts_between(self.pages)

    @cached_property
    def first_part_url(self) -> str | None:
        """On a further page of a split article the address of its first one."""
        return self.pages.get(1) if self.part > 1 else None

    # What it says beside

    @cached_property
    def signals(self) -> list[str]:
        """What the page says about its use by machines, as ``noindex`` or ``nofollow``."""
        return signals_of(self.document, self.response, self.agent)

    @property
    def shortlinks(self) -> list[str]:
        """Addresses by number that are not to be followed, as they stand for the page's own."""
        canonical = self.document.head_link("canonical")
        return [
            url for url in self.document.shortlinks if url not in {canonical, self.document.url}
        ]

    @property
    def offers_more(self) -> bool:
        """Whether a script goes on with a listing, in place of a link."""
        return bool(self.document.by_classes(LOAD_MORE, "more", "scroll", "nextprev"))

"""Any article of any site: JSON-LD, then OpenGraph and meta elements, then the HTML."""

from __future__ import annotations

import re
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from web_poet import field

from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.document import text_of
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.documents.layout import Place
from newscrawl.pages.doubts import weigh
from newscrawl.pages.fields import bylines, counts, topics
from newscrawl.pages.fields.authors import declared_authors, meta_authors
from newscrawl.pages.fields.dates import rule_of
from newscrawl.pages.fields.pictures import site_pictures, with_lead
from newscrawl.pages.fields.titles import unique
from newscrawl.pages.judging.evidence import ARTICLE_WORDS
from newscrawl.pages.ruled import RuledPage
from newscrawl.pages.signs import Told, of_page, strengths
from newscrawl.pages.threads.declared import comments_of, posts_of
from newscrawl.pages.threads.marked import read_comments, read_posts

if TYPE_CHECKING:
    from datetime import date, datetime

    from newscrawl.items import Comment, Heading, Image, Post
    from newscrawl.pages.documents.document import Document, Element
    from newscrawl.pages.doubts import Strengths, Weighed

MAX_RELATED = 100
NUMBER = re.compile("[0-9]{1,6}")
T = TypeVar("T")


class ArticlePage(RuledPage):
    """The fields of an article, each by the first of its rules that gives something.

    A site's own page object is a subclass. It overrides a field and may ask ``super()`` for the
    usual value; ``first`` gives a rule a name. ``provenance`` has the name of the rule behind each
    filled field, and the name of the class for a field that names no rule. ``None``, an empty
    text and an empty list mean that the page does not say. An exception fails the whole page,
    under its name; it is logged, and the page is asked for again another day.

    ``to_item()`` is meant for articles and parts.
    """

    valid_until: ClassVar[date | None] = None
    """The first day on which the site was no longer laid out so; ``None`` while it is."""

    @classmethod
    def shows(cls, document: Document) -> bool | None:  # noqa: ARG003 - for subclasses
        """Whether a page is laid out as this class reads it; ``None`` where only the day tells."""
        return None

    @field
    def url(self) -> str:
        """The address that the page came from."""
        return self.first("url", ("response", lambda: self.document.url)) or ""

    @field
    def canonical_url(self) -> str:
        """As the page claims it; whether to believe it is for the pipelines."""
        return self.first("canonical_url", (self.canonical_rule, self._canonical)) or ""

    @field
    def headline(self) -> str:
        """What most of the page's claims agree on, without the names of the site and of the origin."""
        titled = self.titled
        return self.first("headline", (titled.rule or "", lambda: titled.text)) or ""

    @field
    def subtitle(self) -> str | None:
        """The standfirst below the headline; ``None`` where it repeats the headline."""
        return self.first(
            "subtitle",
            ("json-ld", lambda: self._second_title(self._json_ld("alternativeHeadline"))),
            ("microdata", lambda: self._second_title(self._microdata("alternativeHeadline"))),
            (self.markup, lambda: self._standfirst(self.main_text.standfirst)),
        )

    def _standfirst(self, element: Element | None) -> str | None:
        text = text_of(element) if element is not None else ""
        return text if letters(text) != letters(self.headline) else None

    def _second_title(self, found: str | None) -> str | None:
        return found if found and letters(found) != letters(self.headline) else None

    @field
    def authors(self) -> list[str]:
        """People, without "by"; a newsroom only where its own data names nobody else. Else empty."""
        return self._people(
            ("json-ld", lambda: self._unless_signed(self._declared_authors())),
            ("meta", lambda: self._unless_signed(meta_authors(self.document, self.newsroom))),
            ("microdata", lambda: self._as_signed(declared_authors(self.microdata, ()))),
            ("microdata", lambda: self._as_signed(self._marked_authors)),
            (self.markup, lambda: self._as_signed(self._shown_authors)),
            ("byline", lambda: self.signed or self._authors_beside),
            (self.markup, lambda: self._called_authors),
            ("text", lambda: bylines.signed(self.body_element)),
            ("text", lambda: bylines.under(self.body_element)),
        )

    @field
    def published(self) -> datetime | None:
        """By ``published_rules``, then ``shown_rules``. ``None`` where no date can be true."""
        return self._when("published")

    def _when(self, name: str) -> datetime | None:
        found = self.moments[name]
        if found is None:
            return None
        self.rules[name] = rule_of(found)
        return None if found[1].doubt else found[1].when

    @field
    def published_raw(self) -> str | None:
        """The text that ``published`` was read from, also where it can't be true."""
        if found := self.moments["published"]:
            return self.first("published_raw", (rule_of(found), lambda: found[1].raw))
        return self.first("published_raw", (self.markup, self.visible_date))

    @field
    def modified(self) -> datetime | None:
        """By ``modified_rules``. ``None`` where no date can be true."""
        return self._when("modified")

    @field
    def sections(self) -> list[str]:
        """Categories, the main one first; empty where the page names none."""
        return (
            self.first(
                "sections",
                ("json-ld", lambda: topics.sections(self.json_ld.get("articleSection"))),
                ("opengraph", lambda: unique(self.document.metas("article:section"))),
                ("meta", lambda: unique(self.document.metas("parsely-section"))),
                (
                    "microdata",
                    lambda: topics.sections(self.microdata.get("articleSection")),
                ),
                ("breadcrumbs", self._crumb_sections),
            )
            or []
        )

    def _crumb_sections(self) -> list[str]:
        ends = (self.headline, self.heading, *self.newsroom)
        return topics.sections_between(self.breadcrumbs, ends)

    @field
    def tags(self) -> list[str]:
        """As the links to the tags say, else as declared; empty where there are none."""
        return (
            self.first(
                "tags",
                (self.markup, self._linked_tags),
                ("opengraph", lambda: metadata.keywords(self.document.metas("article:tag"))),
                ("json-ld", lambda: metadata.keywords(self._json_ld_keywords())),
                ("microdata", lambda: metadata.keywords(self._microdata_keywords())),
                ("meta", lambda: metadata.keywords(self.document.metas("news_keywords"))),
                ("meta", lambda: metadata.keywords(self.document.metas("parsely-tags"))),
                ("meta", lambda: metadata.keywords(self.document.metas("keywords"))),
            )
            or []
        )

    def _microdata_keywords(self) -> list[str]:
        return metadata.strings(self.microdata.get("keywords"))

    @field
    def breadcrumbs(self) -> list[str]:
        """From the front page down, with its name."""
        return (
            self.first(
                "breadcrumbs",
                (self.markup, lambda: unique(each.text for each in self._in(Place.CRUMBS))),
                ("json-ld", lambda: topics.declared_crumbs(self.document.json_ld)),
            )
            or []
        )

    @field
    def language(self) -> str | None:
        """BCP 47, as declared; ``None`` where it is not, and the pipelines may detect it."""
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
        """As declared; metered counts as paywalled. ``None`` where nothing is said."""
        return self.first(
            "paywalled",
            ("json-ld", lambda: metadata.paywalled(self.json_ld)),
            ("microdata", lambda: metadata.paywalled(self.microdata)),
            ("meta", lambda: metadata.tier(self.document.meta("article:content_tier"))),
        )

    @field
    def text(self) -> str:
        """Paragraphs joined by a blank line: ``body``, or JSON-LD where that has clearly more."""
        shown, declared = self._bodies
        rules = ((self.body_rule, lambda: shown), ("json-ld", lambda: declared))
        return self.first("text", *rules) or ""

    @cached_property
    def _bodies(self) -> tuple[str, str]:
        """The body that is shown, empty where much more is declared, and that."""
        shown, declared = self.body.text, self._declared_body()
        less = self.shown_words < ARTICLE_WORDS < self.declared_words
        return "" if less else shown, declared

    @field
    def confidence(self) -> float | None:
        """How surely ``text`` is the whole article; ``None`` where a site's own code took it."""
        weighed = self.weighed
        return self.first("confidence", ("signs", lambda: weighed and weighed.confidence))

    @field
    def doubts(self) -> list[str]:
        """What speaks against ``text``, the weightiest first."""
        weighed = self.weighed
        return self.first("doubts", ("signs", lambda: weighed and weighed.doubts)) or []

    @cached_property
    def weighed(self) -> Weighed | None:
        """What the signs against ``text`` come to."""
        return None if self.signs is None else weigh(self.signs)

    @cached_property
    def signs(self) -> Strengths | None:
        """How strong each doubt of ``text`` is; ``None`` where a site's own code took it."""
        choice = self.reading.choice
        if choice is None or type(self).text is not ArticlePage.text:
            return None
        declared = str(self.json_ld.get("wordCount", ""))
        told = Told(
            words=max(self.shown_words, self.declared_words),
            declared=int(declared) if NUMBER.fullmatch(declared) else 0,
            teasers=self.teasers,
            headline=self.titled.text,
            weight=self.weight,
            is_declared=self.shared,
            is_paid=metadata.paywalled(self.json_ld) is True,
        )
        return strengths(choice, told) if self._bodies[0] else of_page(told)

    @field
    def html(self) -> str:
        """``body`` in allow-listed tags, without scripts, styles and event handlers."""
        return self.first("html", (self.body_rule, lambda: self.body.html)) or ""

    @field
    def headings(self) -> list[Heading]:
        """Headings inside ``body``."""
        return self.first("headings", (self.body_rule, lambda: self.body.headings)) or []

    @field
    def images(self) -> list[Image]:
        """The declared picture, then those of ``body`` and before it in full size, each once."""
        rule, declared = self.declared_lead
        shown = self.body.images
        found = with_lead(declared, shown, site_pictures(self.document)) if declared else shown
        if len(found) == len(shown):
            rule = self.markup
        elif shown:
            rule = f"{self.markup}+{rule}"
        return self.first("images", (rule or "", lambda: found)) or []

    @field
    def source_url(self) -> str | None:
        """By ``source_rules``: the page a syndicated story comes from. ``None`` for the site's own."""
        rule, url = self.sourced
        return self.first("source_url", (rule or "", lambda: url))

    @field
    def source_name(self) -> str | None:
        """Who is named as its origin."""
        if name := self.first("source_name", ("text", lambda: self.body.source_name)):
            return name
        titled = self.titled
        return self.first("source_name", (titled.rule or "", lambda: titled.origin))

    @field
    def reading_minutes(self) -> int | None:
        """Minutes, as the page says."""
        return self.first(
            "reading_minutes",
            ("json-ld", lambda: counts.minutes(self._json_ld("timeRequired"))),
            ("meta", lambda: counts.labelled_minutes(self.document)),
        )

    @field
    def comment_count(self) -> int | None:
        """As declared: 0 too."""
        return self.first(
            "comment_count",
            ("json-ld", lambda: counts.declared_comments(self.json_ld)),
            ("microdata", lambda: counts.declared_comments(self.microdata)),
            ("meta", lambda: counts.declared_comments(self._sole_metas())),
        )

    def _sole_metas(self) -> metadata.JsonObject:
        """Counters in elements of the head, which are no teaser's: there is one of each."""
        found = {name: self.document.metas(name.lower()) for name in counts.COUNTERS}
        return {name: values[0] for name, values in found.items() if len(values) == 1}

    @field
    def share_count(self) -> int | None:
        """``None`` where no theme is known that has it; a counter that a script fills is unknown."""
        return None

    @field
    def view_count(self) -> int | None:
        """As ``share_count``."""
        return None

    @field
    def comments(self) -> list[Comment] | None:
        """As declared or as elements mark them, whichever is more; empty where there are none.

        ``None`` where the page says neither: a script may bring some.
        """
        declared = comments_of(self.json_ld, self._iso)
        marked = read_comments(self.document, self.comment_elements, self._iso)
        rules = [("json-ld", declared), (self.markup, marked)]
        rules.sort(key=lambda rule: -len(rule[1] or ()))
        found = self.first("comments", *((rule, partial(_itself, each)) for rule, each in rules))
        return [] if found is None and (declared == [] or self.comment_count == 0) else found

    @field
    def posts(self) -> list[Post] | None:
        """Entries of a live blog; ``None`` where none are marked."""
        return (
            self.first(
                "posts",
                ("json-ld", lambda: self._declared_posts),
                (
                    "microdata",
                    lambda: read_posts(self.document, self.post_elements, self._iso),
                ),
            )
            or self._declared_posts
        )

    @cached_property
    def _declared_posts(self) -> list[Post] | None:
        return posts_of(self.json_ld, self._iso)

    def _iso(self, raw: str | None) -> str | None:
        found = self.moment(raw) if raw else None
        return found.when.isoformat() if found else None

    @field
    def previous_url(self) -> str | None:
        """The article before it on the site."""
        return self.first("previous_url", (self.markup, lambda: self.neighbour("prev")))

    @field
    def next_url(self) -> str | None:
        """The article after it."""
        return self.first("next_url", (self.markup, lambda: self.neighbour("next")))

    @field
    def related_urls(self) -> list[str]:
        """Articles that the page calls related, at most 100."""
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


def _itself(value: T) -> T:
    return value

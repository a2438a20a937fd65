"""WordPress: what its core and most themes write, whatever they look like."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, cast

from lxml import etree
from web_poet import field

from newscrawl.pages.article import ArticlePage
from newscrawl.pages.bodies.body import read_lead
from newscrawl.pages.bodies.main_text import MainText, main_text
from newscrawl.pages.bodies.roots import MOST
from newscrawl.pages.documents.document import Element, text_of
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.documents.layout import TAGS, WORDS, Layout, Place
from newscrawl.pages.fields import bylines
from newscrawl.pages.fields.people import people
from newscrawl.pages.fields.titles import unique
from newscrawl.pages.judging.evidence import Evidence, Template
from newscrawl.pages.judging.locks import Lock, lock_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.items import Image
    from newscrawl.pages.fields.dates import Rule

TEMPLATES: Mapping[Template, frozenset[str]] = {
    Template.ERROR: frozenset({"error404"}),
    Template.OTHER: frozenset({"attachment", "single-product", "single-attachment"}),
    Template.SINGLE: frozenset({"single", "single-post"}),
    Template.ARCHIVE: frozenset(
        {"archive", "home", "blog", "search", "category", "tag", "author", "date"}
    ),
    Template.PAGE: frozenset({"page"}),
}
"""The classes of ``body_class()``, the surer ones first."""
WITHOUT_TEXT = frozenset({Template.ERROR, Template.OTHER})
AUTHOR_MARKS = (
    ("wp-block-post-author__name", "p"),
    ("wp-block-post-author-name", "div"),
    ("author-title", "h2"),
)
"""Class and tag of what names the author without a link."""
TITLES = ("entry-title", "wp-block-post-title")
DATE = "wp-block-post-date"
MAX_AROUND = 4
SECTION_LINKS = etree.XPath(".//a[contains(concat(' ', @rel, ' '), ' category ')]")

WORDPRESS_TOKENS: Mapping[str, Place] = {
    token: place
    for place, tokens in (
        (
            Place.BLOCKED,
            """
                comments comments-area comment-respond comment-list
                comment-navigation comments-link reply comment-reply-link
                sharedaddy social-navigation social-menu wp-block-search
                widget_archive widget_calendar widget_recent_comments
                widget_meta widget_rss wp-block-archives wp-block-calendar
                wp-block-latest-comments wp-block-rss wp-block-loginout
                widget_login site-info wpadminbar wp-block-social-links
                more-link
                """,
        ),
        (
            Place.MENU,
            """
                main-navigation primary-menu primary-navigation menu
                wp-block-navigation widget_nav_menu widget_pages
                wp-block-page-list
                """,
        ),
        (Place.SECTIONS, "cat-links widget_categories wp-block-categories taxonomy-category"),
        (Place.TAGS, "tags-links tag-links entry-tags taxonomy-post_tag"),
        (Place.CLOUD, "tagcloud widget_tag_cloud wp-block-tag-cloud"),
        (Place.AUTHORS, "author vcard byline entry-author"),
        (Place.CRUMBS, "breadcrumbs breadcrumb rank-math-breadcrumb yoast-breadcrumbs"),
        (
            Place.PARTS,
            "page-links post-nav-links post-page-numbers wp-block-post-content-pagination",
        ),
        (Place.PREVNEXT, "post-navigation nav-single wp-block-post-navigation-link"),
        (
            Place.PAGES,
            """
                posts-navigation paging-navigation nav-links page-numbers
                wp-pagenavi wp-block-query-pagination pagination
                """,
        ),
        (Place.RECENT, "widget_recent_entries wp-block-latest-posts widget_popular_posts"),
        (
            Place.RELATED,
            """
                jp-relatedposts yarpp yarpp-related related-posts relatedposts
                entry-related crp_related
                """,
        ),
        (Place.ASIDE, "secondary widget-area sidebar"),
    )
    for token in tokens.split()
}
"""Class names and ids of the core, its blocks and widgets, the default themes, common plugins."""


def is_of_comment(link: Element) -> bool:
    """Whether a link tells who wrote a comment."""
    around = islice(link.iterancestors(), MAX_AROUND)
    return any("comment" in (each.get("class") or "") for each in around)


def template_of(classes: frozenset[str]) -> Template:
    return next(
        (template for template, names in TEMPLATES.items() if names & classes), Template.UNKNOWN
    )


class WordPressPage(ArticlePage):
    """The conventions of WordPress over the plain article."""

    markup: ClassVar[str] = "wordpress:css"
    layout: ClassVar[Layout] = Layout(WORDPRESS_TOKENS, TAGS, WORDS, outside=Place.MAIN)

    @cached_property
    def template(self) -> Template:
        """``body_class()`` names the template that was chosen for the query."""
        return template_of(self.document.body_classes)

    @cached_property
    def seen(self) -> Evidence:
        """Contact pages and stories are both written as pages: what they hold tells them apart."""
        template = self.template
        if template is Template.UNKNOWN:
            return super().seen
        if template is Template.PAGE and lock_of(self.document)[0] is not Lock.POST:
            return replace(self.read_text, template=template)
        return Evidence(
            status=self.document.status or 0,
            template=template,
            part=self.part if template is Template.SINGLE else 1,
            lock=self.lock if template is Template.SINGLE else Lock.NONE,
        )

    @cached_property
    def part(self) -> int:
        for token in self.document.body_classes:
            head, _, number = token.rpartition("paged-")
            if head == "single-" and number.isdecimal():
                return int(number)
        return 1

    @cached_property
    def main_text(self) -> MainText:
        """None on errors and attachments, which is cheaper than to find out that there is none.

        On a post's own page what is marked is its body however short, or locked by a password.
        """
        if self.template in WITHOUT_TEXT:
            return MainText()
        least = 0.0 if self.template is Template.SINGLE else MOST
        return main_text(self.document, self.marked_bodies, foreign=self.other_stories, least=least)

    @cached_property
    def heading_element(self) -> Element | None:
        titles = self._titles
        return titles[0] if titles else super().heading_element

    @property
    def lists_posts(self) -> bool:
        return self.template is Template.ARCHIVE

    @cached_property
    def _titles(self) -> list[Element]:
        return [each for token in TITLES for each in self.document.by_class(token, "h1")]

    @cached_property
    def post(self) -> Element | None:
        """The element with the post's own header, body and footer."""
        node = self.heading_element if self.body_element is None else self.body_element
        while node is not None and node.tag not in {"article", "main", "body"}:
            node = node.getparent()
        return node

    @cached_property
    def lead(self) -> Image | None:
        for token in ("post-thumbnail", "entry-thumbnail", "wp-block-post-featured-image"):
            element = self.document.first(token)
            if element is not None and self._in_post(element):
                image = read_lead(element, self.document.absolute)
                if image is not None:
                    return image
        return super().lead

    def _in_post(self, element: Element) -> bool:
        return self.post is not None and any(each is self.post for each in element.iterancestors())

    @property
    def heading_is_marked(self) -> bool:
        return self.heading_element in self._titles

    @field
    def sections(self) -> list[str]:
        return self.first("sections", (self.markup, self._section_links)) or super().sections

    def _linked_tags(self) -> list[str]:
        """Themes list a post's tags under names of their own."""
        return unique(each.text for each in self._in(Place.TAGS))

    def _section_links(self) -> list[str]:
        """Links of the core's block say ``rel="tag"`` whatever they are: its class tells."""
        if self.post is None:
            return []
        links = cast("list[Element]", SECTION_LINKS(self.post))
        blocks = self._own("taxonomy-category", "div")
        return unique(map(text_of, links or [a for each in blocks for a in each.iter("a")]))

    def _own(self, token: str, tag: str) -> list[Element]:
        """Elements of the post itself, not of one that a query block lists below it."""
        return [
            each
            for each in self.document.by_class(token, tag)
            if self._in_post(each)
            and not any(
                "wp-block-post" in (item.get("class") or "").split()
                for item in each.iterancestors("li")
            )
        ]

    def _bylines(self) -> list[str]:
        links = [
            each.anchor
            for each in self._in(Place.AUTHORS)
            if self._in_post(each.anchor) and not is_of_comment(each.anchor)
        ]
        near = bylines.nearest(links, self.heading_element) or links
        names = bylines.linked(near) or [name for each in near for name in bylines.nicks(each)]
        named = (self._own(*mark)[:1] for mark in AUTHOR_MARKS)
        return names or next(([text_of(*each)] for each in named if each), super()._bylines())

    def _as_signed(self, names: list[str]) -> list[str]:
        """Themes mark all authors of a post, of whom a line names the first alone."""
        told = set(map(letters, self.signed))
        return names if told <= set(map(letters, people(names))) else []

    def modified_rules(self) -> list[Rule]:
        return [*super().modified_rules(), (self.markup, self._second_date)]

    def _second_date(self) -> str | None:
        """A template of blocks may show both dates, each in a block of the same make."""
        dates = (
            time.get("datetime") for each in self._own(DATE, "div") for time in each.iter("time")
        )
        both = list(dict.fromkeys(filter(None, dates)))
        return both[1] if len(both) == 2 else None  # noqa: PLR2004 - published and modified

"""WordPress: what its core and most themes write, whatever they look like."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from lxml import etree
from web_poet import field

from newscrawl.pages.article import ArticlePage
from newscrawl.pages.body import read_body
from newscrawl.pages.document import Element, text_of
from newscrawl.pages.kinds import ENOUGH_TEASERS, Judgement, PageKind, judged
from newscrawl.pages.places import TAGS, WORDS, Layout, Place
from newscrawl.pages.titles import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newscrawl.items import Image

LISTINGS = frozenset({"archive", "home", "blog", "search", "category", "tag", "author", "date"})
SINGLES = frozenset({"single", "single-post", "singular"})
NOT_NEWS = frozenset({"attachment", "error404", "single-product", "single-attachment"})
SECTION_LINKS = etree.XPath(".//a[contains(concat(' ', @rel, ' '), ' category ')]")
TIME = etree.XPath(".//time[@datetime]/@datetime")

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
        (Place.SECTIONS, "cat-links widget_categories wp-block-categories wp-block-post-terms"),
        (Place.TAGS, "tags-links tag-links entry-tags"),
        (Place.CLOUD, "tagcloud widget_tag_cloud wp-block-tag-cloud"),
        (Place.AUTHORS, "author vcard byline entry-author"),
        (Place.CRUMBS, "breadcrumbs breadcrumb rank-math-breadcrumb yoast-breadcrumbs"),
        (Place.PARTS, "page-links post-page-numbers wp-block-post-content-pagination"),
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
BODY_CLASSES = ("entry-content", "post-content", "article-content", "wp-block-post-content")


class WordPressPage(ArticlePage):
    """The conventions of WordPress over the plain article."""

    markup: ClassVar[str] = "wordpress:css"
    layout: ClassVar[Layout] = Layout(WORDPRESS_TOKENS, TAGS, WORDS, outside=Place.MAIN)

    @cached_property
    def judgement(self) -> Judgement:
        """``body_class()`` names the template that was chosen for the query."""
        classes = self.document.body_classes
        named = " ".join(sorted(classes & (LISTINGS | SINGLES | NOT_NEWS | {"page", "paged"})))
        evidence = {"body_class": named}
        if classes & NOT_NEWS:
            return judged(PageKind.PAGE, "wordpress", evidence)
        if classes & LISTINGS and not classes & SINGLES - {"singular"}:
            return judged(PageKind.LISTING, "wordpress", evidence)
        if classes & (SINGLES - {"singular"}):
            kind = PageKind.PART if self.part > 1 else PageKind.ARTICLE
            return judged(kind, "wordpress", evidence)
        if "page" in classes:
            front = self.teasers >= ENOUGH_TEASERS
            kind = PageKind.LISTING if front else PageKind.PAGE
            return judged(kind, "wordpress", {**evidence, "teasers": self.teasers})
        return super().judgement

    @cached_property
    def part(self) -> int:
        for token in self.document.body_classes:
            head, _, number = token.rpartition("paged-")
            if head == "single-" and number.isdecimal():
                return int(number)
        return 1

    @cached_property
    def body_element(self) -> Element | None:
        for token in BODY_CLASSES:
            if (found := self.document.first(token)) is not None:
                return found
        return super().body_element

    @cached_property
    def heading_element(self) -> Element | None:
        titles = self.document.by_class("entry-title")
        return next((each for each in titles if each.tag == "h1"), super().heading_element)

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
                images = read_body(element, self.document.absolute).images
                if images:
                    return images[0]
        return None

    def _in_post(self, element: Element) -> bool:
        return self.post is not None and any(each is self.post for each in element.iterancestors())

    def headline_rules(self) -> list[tuple[str, Callable[[], str | None]]]:
        return [(self.heading_rule, lambda: self.heading), *super().headline_rules()]

    @field
    def sections(self) -> list[str]:
        return self.first("sections", (self.markup, self._section_links)) or super().sections

    def _section_links(self) -> list[str]:
        if self.post is None:
            return []
        return unique(map(text_of, cast("list[Element]", SECTION_LINKS(self.post))))

    def _bylines(self) -> list[str]:
        names = [each.text for each in self._in(Place.AUTHORS) if self._in_post(each.anchor)]
        return names or super()._bylines()

    def _first_time(self) -> str | None:
        times = cast("list[str]", TIME(self.post)) if self.post is not None else []
        return str(times[0]) if times else None

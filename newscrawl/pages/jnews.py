"""The JNews theme: where it keeps what WordPress leaves to themes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from web_poet import field

from newscrawl.pages.bodies.body import read_lead
from newscrawl.pages.bodies.main_text import MainText
from newscrawl.pages.bodies.skipped import closing_links
from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.document import own, text_of
from newscrawl.pages.documents.layout import Layout, Place
from newscrawl.pages.fields.counts import count
from newscrawl.pages.fields.people import people
from newscrawl.pages.fields.titles import SHOWN, Claim, unique
from newscrawl.pages.wordpress import WORDPRESS_TOKENS, WordPressPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newscrawl.items import Image
    from newscrawl.pages.documents.document import Element
    from newscrawl.pages.fields.dates import Rule

JNEWS_TOKENS: Mapping[str, Place] = {
    **WORDPRESS_TOKENS,
    **{
        token: place
        for place, tokens in (
            (
                Place.BLOCKED,
                """
                jeg_share_button jeg_sharelist jeg_share_stats socials_widget
                jeg_social_icon_block jeg_author_socials jnews_comment_container
                jeg_loginform jeg_registerform jeg_forgotform jeg_popup_account
                jeg_popup jeg_cart jeg_accountlink jeg_ad jeg_meta_comment
                jeg_search_wrapper jeg_search_result ez-toc-container
                jeg_copyright jeg_footer_bottom
                """,
            ),
            (Place.MENU, "jeg_menu jeg_mobile_menu jeg_menu_footer jeg_top_menu"),
            (
                Place.SECTIONS,
                """
                jeg_meta_category jeg_post_category jeg_subcat_item
                jeg_block_title jeg_subcat_list
                """,
            ),
            (Place.CRUMBS, "jeg_breadcrumbs"),
            (Place.AUTHORS, "jeg_meta_author jeg_author_name"),
            (Place.TAGS, "jeg_post_tags"),
            (Place.PARTS, "jeg_pagelinks"),
            (Place.PREVNEXT, "jeg_prevnext_post jeg_popup_post"),
            (Place.PAGES, "jeg_block_navigation jeg_pagination"),
            (Place.BODY, "content-inner"),
            (
                Place.RELATED,
                """
                jnews_related_post_container jnews_inline_related_post
                jnews_inline_related_post_wrapper
                """,
            ),
            (
                Place.ASIDE,
                """
                jeg_newsfeed jeg_sidebar jeg_footer
                jeg_news_ticker jnews_404_content_wrapper jeg_trending
                """,
            ),
            (
                Place.MAIN,
                """
                jeg_postblock jeg_heroblock jeg_slider_wrapper jeg_owlslider
                jnews_category_hero_container jnews_category_content_wrapper
                jnews_archive_content_wrapper jnews_author_content_wrapper
                jnews_search_content_wrapper
                """,
            ),
        )
        for token in tokens.split()
    },
}


class JNewsPage(WordPressPage):
    """JNews over WordPress.

    Every ``article`` element of a single page is a teaser there; the story stands in none.
    """

    markup: ClassVar[str] = "jnews:css"
    layout: ClassVar[Layout] = Layout(JNEWS_TOKENS, {"nav": Place.MENU}, {}, Place.UNKNOWN)

    @cached_property
    def foreign(self) -> list[Element]:
        """The posts that the auto-load plugin has put below the first one."""
        return self.document.by_class("post-wrap", "div")[1:]

    @cached_property
    def header(self) -> Element | None:
        return self.document.first("entry-header", "div")

    @cached_property
    def _meta_line(self) -> set[Element]:
        around = (self.header, self.document.first("jeg_meta_container", "div"))
        return {inside for each in around if each is not None for inside in each.iter("div")}

    def _meta(self, token: str) -> Iterator[Element]:
        """Elements of the post's own meta line, not of a teaser's."""
        found = self.document.by_class(token, "div")
        return (element for element in found if element in self._meta_line)

    @cached_property
    def heading_element(self) -> Element | None:
        return super().heading_element if self._title is None else self._title

    @cached_property
    def _title(self) -> Element | None:
        return self.document.first("jeg_post_title", "h1")

    @property
    def heading_rule(self) -> str:
        return "html:h1" if self._title is None else self.markup

    @property
    def claims(self) -> list[Claim]:
        """The theme's own heading outweighs all else."""
        if self.heading_rule != self.markup:
            return super().claims
        if self.heading_element is None or not len(self.heading_element):
            return [Claim(self.markup, self._plain(self.heading), SHOWN)]
        return [each for each in super().claims if each.rule == self.markup]

    @cached_property
    def main_text(self) -> MainText:
        """All of the theme's own body: by its names alone it is known what is none of it."""
        body = self.document.first("content-inner", "div")
        if body is None:
            return super().main_text
        return MainText(body, dropped=frozenset(closing_links(body, self._is_own)))

    def _is_own(self, href: str) -> bool:
        url = self.document.absolute(href)
        return url is not None and own(url, self.document.url)

    @cached_property
    def lead(self) -> Image | None:
        for element in self.document.by_class("featured_image", "div"):
            if image := read_lead(element, self.document.absolute):
                return image
        return None

    @field
    def subtitle(self) -> str | None:
        found = self.document.first("jeg_post_subtitle", "h2")
        return self.first(
            "subtitle", (self.markup, lambda: text_of(found) if found is not None else None)
        )

    @field
    def authors(self) -> list[str]:
        return self._people(
            (self.markup, self._bylines),
            ("meta", lambda: self.document.metas("author")),
            ("json-ld", lambda: metadata.strings(self.json_ld.get("author"))),
        )

    def _bylines(self) -> list[str]:
        links = (link for each in self._meta("jeg_meta_author") for link in each.iter("a"))
        return people(map(text_of, links), ())

    def published_rules(self) -> list[Rule]:
        """The theme's own JSON-LD writes local time without an offset: it comes last."""
        json_ld, *rules = super().published_rules()
        return [*rules, json_ld]

    def shown_rules(self) -> list[Rule]:
        return [(self.markup, self.visible_date)]

    def told_rules(self) -> list[Rule]:
        """None: the theme marks its date, and shows that of today above the headline."""
        return []

    def modified_rules(self) -> list[Rule]:
        json_ld, *rules = super().modified_rules()
        return [*rules, json_ld]

    def visible_date(self) -> str | None:
        return next((text_of(each) for each in self._meta("jeg_meta_date")), None)

    @field
    def sections(self) -> list[str]:
        links = (link for each in self._meta("jeg_meta_category") for link in each.iter("a"))
        return self.first("sections", (self.markup, lambda: unique(map(text_of, links)))) or (
            super().sections
        )

    def source_rules(self) -> list[tuple[str, Callable[[], str | None]]]:
        text, *rest = super().source_rules()
        return [text, (self.markup, lambda: self.foreign_url(self._source_link("href"))), *rest]

    def _source_link(self, what: str) -> str | None:
        """The theme names where a story is from, or through whom it came."""
        for token in ("jeg_post_source", "jeg_post_via"):
            for element in self.document.by_class(token, "div"):
                for link in element.iter("a"):
                    if what == "href":
                        return self.document.absolute(link.get("href") or "")
                    return text_of(link)
        return None

    @field
    def source_name(self) -> str | None:
        linked = self._source_link("text")
        return self.first("source_name", (self.markup, lambda: linked)) or super().source_name

    @field
    def reading_minutes(self) -> int | None:
        found = next(self._meta("jeg_meta_reading_time"), None)
        return (
            self.first(
                "reading_minutes",
                (
                    self.markup,
                    lambda: count(text_of(found)) if found is not None else None,
                ),
            )
            or super().reading_minutes
        )

    @field
    def comment_count(self) -> int | None:
        """Written by the server, unless a ``span`` awaits the count of a comment service."""
        found = self.first("comment_count", (self.markup, self._comments))
        return super().comment_count if found is None else found

    def _comments(self) -> int | None:
        for element in self._meta("jeg_meta_comment"):
            found = count(text_of(element))
            return found or (None if next(element.iter("span"), None) is not None else found)
        return None

    @field
    def next_url(self) -> str | None:
        """Also where it slides in as the reader gets to the end."""
        return super().next_url or self.first("next_url", (self.markup, self._sliding))

    def _sliding(self) -> str | None:
        links = (a for each in self.document.by_class("jeg_popup_post") for a in each.iter("a"))
        hrefs = (href for link in links if (href := link.get("href") or "#")[0] != "#")
        return next(filter(None, map(self.document.absolute, hrefs)), None)

    @field
    def share_count(self) -> int | None:
        return self.first("share_count", (self.markup, lambda: self._counter("jeg_share_count")))

    @field
    def view_count(self) -> int | None:
        return self.first(
            "view_count",
            (self.markup, lambda: self._counter("jeg_views_count") or self._counter("post-views")),
        )

    def _counter(self, token: str) -> int | None:
        """A script fills these after the page has come, so 0 says nothing."""
        found = self.document.first(token, "div")
        return (count(" ".join(found.itertext())) or None) if found is not None else None

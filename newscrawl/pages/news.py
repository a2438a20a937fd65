"""The one page object that spiders ask for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from web_poet import WebPage

from newscrawl.items import Article
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.documents.document import Document
from newscrawl.pages.jnews import JNewsPage
from newscrawl.pages.wordpress import WordPressPage

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from newscrawl.discovery.links import Link
    from newscrawl.pages.judging.kinds import Facts, PageKind

VIEWPORT = "jeg_viewport"
WORDPRESS_MARKS = frozenset(
    {
        "wp-singular",
        "wp-embed-responsive",
        "wp-custom-logo",
        "single-post",
        "single-format-standard",
    }
)


def article_class(document: Document, body: bytes) -> type[ArticlePage]:
    """The page object of the theme, read off the markup."""
    classes = document.body_classes
    if "jnews" in classes or (VIEWPORT.encode() in body and has_viewport(document)):
        return JNewsPage
    generators = (name.startswith("WordPress") for name in document.metas("generator"))
    if not WORDPRESS_MARKS.isdisjoint(classes) or any(generators) or document.is_wordpress:
        return WordPressPage
    return ArticlePage


def has_viewport(document: Document) -> bool:
    """Whether JNews's outermost element is there."""
    tokens = (each.get("class") or "" for each in document.root.iter("div"))
    return any(VIEWPORT in each.split() for each in tokens)


class NewsPage(WebPage[Article]):
    """Kind, links and article of any page, by the page object its markup asks for.

    A site with quirks puts a page object of its own here, with ``@handle_urls``: a subclass of
    ``ArticlePage``, ``WordPressPage`` or ``JNewsPage``. A subclass of this one that names such a
    class in ``article_class`` does as well.
    """

    article_class: ClassVar[type[ArticlePage] | None] = None
    """The page object that reads; ``None`` chooses by the markup."""
    zone: tzinfo | None = None
    """The zone of dates that name none."""
    fetched: datetime | None = None
    """When the page came, if it is known."""

    @cached_property
    def page(self) -> ArticlePage:
        document = Document(self.response)
        chosen = self.article_class or article_class(document, self.response.body)
        page = chosen(self.response)
        page.document = document
        return page

    @property
    def kind(self) -> PageKind:
        return self.page.kind

    @property
    def evidence(self) -> Facts:
        """What decided the kind, for logs and ``scrapy explain``."""
        return self.page.evidence

    @cached_property
    def signals(self) -> list[str]:
        """What the page says about its use by machines."""
        return self.page.signals

    @property
    def links(self) -> list[Link]:
        return self.page.links

    @property
    def shortlinks(self) -> list[str]:
        """Addresses by number that are not to be followed, as they stand for the page's own."""
        return self.page.shortlinks

    @property
    def offers_more(self) -> bool:
        """Whether a script goes on with a listing, in place of a link."""
        return self.page.offers_more

    @property
    def part_urls(self) -> list[str]:
        """Pages 2…n of a split article, in order; empty on those pages themselves."""
        return self.page.part_urls

    @property
    def first_part_url(self) -> str | None:
        return self.page.first_part_url

    async def to_item(self) -> Article:
        page = self.page
        page.zone, page.fetched = self.zone or page.zone, self.fetched or page.fetched
        return await self.page.to_item()

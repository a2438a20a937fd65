"""The one page object that spiders ask for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from web_poet import WebPage

from newscrawl.discovery.load_more import LOAD_MORE
from newscrawl.items import FIELDS, Article
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.documents.document import Document
from newscrawl.pages.jnews import JNewsPage
from newscrawl.pages.judging.signals import signals_of
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

    A site with quirks puts its own class here with ``@handle_urls(..., instead_of=NewsPage)``
    and names it in ``article_class``.
    """

    article_class: ClassVar[type[ArticlePage] | None] = None
    agent: ClassVar[str] = "newscrawl"
    """The name by which pages may address us."""
    zone: tzinfo | None = None
    """That of the whole site, if it is known."""
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
        return {"page": type(self.page).__name__, **self.page.evidence}

    @cached_property
    def signals(self) -> list[str]:
        """What the page says about its use by machines."""
        return signals_of(self.page.document, self.response, self.agent)

    @property
    def links(self) -> list[Link]:
        return self.page.links

    @property
    def shortlinks(self) -> list[str]:
        """Addresses by number that are not to be followed, as they stand for the page's own."""
        document = self.page.document
        canonical = document.head_link("canonical")
        return [url for url in document.shortlinks if url not in {canonical, document.url}]

    @property
    def offers_more(self) -> bool:
        """Whether a script goes on with a listing, in place of a link."""
        return bool(self.page.document.by_classes(LOAD_MORE))

    @property
    def part_urls(self) -> list[str]:
        """Pages 2…n of a split article, in order; empty on those pages themselves."""
        return self.page.part_urls

    @property
    def first_part_url(self) -> str | None:
        return self.page.first_part_url

    if not TYPE_CHECKING:  # else no misspelt name would be found

        def __getattr__(self, name: str) -> Any:
            """The fields of the article, as the page object of the theme reads them."""
            if name in FIELDS:
                return getattr(self.page, name)
            raise AttributeError(f"{type(self).__name__} has no {name!r}")

    async def to_item(self) -> Article:
        self.page.zone, self.page.fetched = self.zone, self.fetched
        return await self.page.to_item()

"""The one page object that spiders ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import attrs
from web_poet import PageParams, WebPage

from newscrawl.items import FIELDS, Article
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.documents.document import Document
from newscrawl.pages.jnews import JNewsPage
from newscrawl.pages.wordpress import WordPressPage
from newscrawl.zones import zone_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from web_poet import HttpResponse

    from newscrawl.discovery.links import Link
    from newscrawl.pages.judging.evidence import Facts
    from newscrawl.pages.judging.kinds import PageKind

VIEWPORT = "jeg_viewport"
"""JNews's outermost element."""
WORDPRESS_MARKS = frozenset(
    {
        "wp-singular",
        "wp-embed-responsive",
        "wp-custom-logo",
        "single-post",
        "single-format-standard",
    }
)


def article_class(document: Document) -> type[ArticlePage]:
    """The page object of the theme, read off the markup."""
    classes = document.body_classes
    if "jnews" in classes or document.by_class(VIEWPORT, "div"):
        return JNewsPage
    generators = (name.startswith("WordPress") for name in document.metas("generator"))
    if not WORDPRESS_MARKS.isdisjoint(classes) or any(generators) or document.is_wordpress:
        return WordPressPage
    return ArticlePage


@attrs.define(slots=False, eq=False, auto_attribs=False)
class NewsPage(WebPage[Article]):
    """Kind, links and article of any page, by the page object its markup asks for.

    A site with quirks puts a page object of its own here, with ``@handle_urls``: a subclass of
    ``ArticlePage``, ``WordPressPage`` or ``JNewsPage``. A subclass of this one that names such a
    class in ``article_class`` does as well. How its pages were laid out before stays in
    ``earlier``.
    """

    article_class: ClassVar[type[ArticlePage] | None] = None
    """The page object that reads; ``None`` chooses by the markup."""
    earlier: ClassVar[Sequence[type[ArticlePage]]] = ()
    """Page objects for how its articles were laid out before, the oldest first."""
    zone: tzinfo | None = None
    """The zone of dates that name none."""
    fetched: datetime | None = None
    """When the page came, if it is known; else the server's ``Date`` says it."""
    # No annotation: as text it would mean nothing in the module of a subclass
    params = attrs.field(factory=PageParams, kw_only=True, type=PageParams)  # type: ignore[type-arg] # web-poet provides it without
    """What a recorded page was read with: ``timezone``."""

    def __init_subclass__(cls, **named: Any) -> None:
        """See that the earlier layouts can be told apart.

        Raises:
            TypeError: one of them can never be chosen, or they do not stand in order.
        """
        super().__init_subclass__(**named)
        days = [_last_day(each) for each in cls.earlier]
        if days != sorted(days):
            raise TypeError(f"{cls.__name__}.earlier: put the layout that ended first to the front")

    @cached_property
    def page(self) -> ArticlePage:
        document = Document(self.response)
        chosen = self.choose(document) or article_class(document)
        page = chosen(self.response)
        page.document = document
        return page

    def choose(self, document: Document) -> type[ArticlePage] | None:
        """The site's own page object for this page; ``None`` leaves the choice to the markup.

        One of ``earlier`` where the page shows that it is laid out so, or came before the day
        ``valid_until`` and does not show that it is not.
        """
        if not self.earlier:
            return self.article_class
        known = [*self.earlier, *filter(None, [self.article_class])]
        shown = {each: each.shows(document) for each in known}
        for each in known:
            if shown[each]:
                return each
        at = self.fetched or document.sent
        for each in self.earlier:
            if shown[each] is None and self._is_before(at, each.valid_until):
                return each
        return self.article_class

    def _is_before(self, at: datetime | None, day: date | None) -> bool:
        if at is None or day is None:
            return False
        return at < datetime.combine(day, time(), self._zone or UTC)

    @property
    def _zone(self) -> tzinfo | None:
        return zone_named(self.params.get("timezone") or "") or self.zone

    def beside(self, response: HttpResponse) -> Self:
        """The page object of another page of the site, read as this one is."""
        page = attrs.evolve(self, response=response)
        page.zone, page.fetched = self.zone, self.fetched
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

    if not TYPE_CHECKING:  # else no misspelt name would be found

        def __getattr__(self, name: str) -> Any:
            """The fields of the article, as the page object of the theme reads them."""
            if name in FIELDS:
                return getattr(self.page, name)
            raise AttributeError(f"{type(self).__name__} has no {name!r}")

    async def to_item(self) -> Article:
        page = self.page
        page.zone, page.fetched = self._zone or page.zone, self.fetched or page.fetched
        return await page.to_item()


def _last_day(page: type[ArticlePage]) -> date:
    """Return the day until which a layout is valid; one without a day tells itself by the markup."""
    day = page.valid_until
    if type(day) is date:
        return day
    if day is not None or page.shows.__func__ is ArticlePage.shows.__func__:  # type: ignore[attr-defined] # a class method has one
        raise TypeError(f"{page.__name__} is an earlier layout: give it valid_until = date(…)")
    return date.min

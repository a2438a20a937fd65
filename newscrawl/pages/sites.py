"""How a site's own page object takes the place of the usual one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import web_poet

from newscrawl.pages.article import ArticlePage
from newscrawl.pages.news import NewsPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Page = TypeVar("Page", bound=type)


def handle_urls(
    include: str | Sequence[str],
    *,
    instead_of: type = NewsPage,
    exclude: str | Sequence[str] = (),
    priority: int = 500,
    **more: Any,
) -> Callable[[Page], Page]:
    """Have a page object read the pages of these addresses, in place of ``NewsPage``.

    This is web-poet's decorator of that name, which leaves ``instead_of`` to its user and is not
    heard of without it. Patterns are those of url-matcher: ``"portelm.example"`` is a site with
    all its hosts, ``"portelm.example/opinion/"`` what is below a path. Of several that fit, the
    higher ``priority`` wins, then the longer pattern. The module has to be below a name in
    ``SCRAPY_POET_DISCOVER``.

    Raises:
        TypeError: what is decorated cannot stand in for ``NewsPage``.
    """
    rule = web_poet.handle_urls(
        include, instead_of=instead_of, exclude=exclude, priority=priority, **more
    )

    def decorate(page: Page) -> Page:
        if instead_of is NewsPage and not issubclass(page, NewsPage | ArticlePage):
            raise TypeError(f"{page.__name__} cannot read news pages: derive it from ArticlePage")
        rule(page)
        return page

    return decorate


def unheard() -> list[str]:
    """Page objects for news pages that were registered by web-poet's own decorator in place of none.

    A spider asks for ``NewsPage``, and would never be given them.
    """
    known = web_poet.default_registry.get_rules()
    heard = {rule.use for rule in known if rule.instead_of is not None}
    return sorted(
        f"{rule.use.__module__}.{rule.use.__qualname__}"
        for rule in known
        if rule.use not in heard and issubclass(rule.use, NewsPage | ArticlePage)
    )

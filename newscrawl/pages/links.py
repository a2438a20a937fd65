"""The kind and the links of any page as an item, so that they can be recorded and tested too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from web_poet import WebPage

from newscrawl.discovery.links import LinkKind
from newscrawl.pages.news import NewsPage


@dataclass(slots=True, kw_only=True)
class PageLinks:
    """Which kind of page it is, and the addresses on it by the role that each plays there."""

    kind: str
    category: list[str] = field(default_factory=list)
    pagination: list[str] = field(default_factory=list)
    article: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    prevnext: list[str] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    author: list[str] = field(default_factory=list)
    part: list[str] = field(default_factory=list)


class LinksPage(WebPage[PageLinks]):
    """Reads links as ``news`` does; that of a site names the site's own page object there."""

    news: ClassVar[type[NewsPage]] = NewsPage

    async def to_item(self) -> PageLinks:
        page = self.news(self.response)
        found = PageLinks(kind=page.kind.value)
        for link in page.links:
            getattr(found, LinkKind(link.kind).value).append(link.url)
        return found

"""The add-on that turns newscrawl on in a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.utils.misc import load_object

from newscrawl.addon.layers import lay_under, lay_under_process
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.readiness import has_reactor

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class Addon:
    """Lays newscrawl's settings under those of each crawl whose spider is a ``NewsSpider``.

    What the project, a spider or the command line sets wins, and components are merged. Crawls of
    other spiders are left as they are.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        lay_under_process(settings)

    def update_settings(self, settings: BaseSettings) -> None:
        """Change nothing where nothing of ours can work; the spider says so."""
        if issubclass(self.crawler.spidercls, NewsSpider) and has_reactor(settings):
            lay_under(settings)


def is_on(settings: BaseSettings) -> bool:
    """Whether a project names the add-on, or a subclass of it."""
    return any(
        place is not None and _is_ours(each) for each, place in settings.getdict("ADDONS").items()
    )


def _is_ours(named: type | str) -> bool:
    try:
        found = load_object(named)
    except (ImportError, NameError, TypeError, ValueError):
        return False  # Scrapy says what is wrong with it when it loads it
    return isinstance(found, type) and issubclass(found, Addon)

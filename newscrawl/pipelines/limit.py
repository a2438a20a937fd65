"""``max_articles``: no article more than asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.defer import deferred_from_coro

from newscrawl.items import Article
from newscrawl.outcomes import Known, OverLimit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LimitPipeline:
    """Lets ``limit`` new articles through, then ends the run as ``max_articles``.

    A place taken by an article that turns out to be known is given back.
    """

    def __init__(self, crawler: Crawler, limit: int) -> None:
        self.crawler = crawler
        self.limit = limit
        self.taken = 0
        self.stored = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        limit = getattr(crawler.spider, "max_articles", None)
        if limit is None:
            raise NotConfigured
        pipeline = cls(crawler, limit)
        crawler.signals.connect(pipeline.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(pipeline.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(pipeline.item_error, signal=signals.item_error)
        return pipeline

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Article):
            if self.taken >= self.limit:
                raise OverLimit(item.url)
            self.taken += 1
        return item

    def item_scraped(self, item: Any) -> None:
        if not isinstance(item, Article):
            return
        if item.revision > 1:
            self.taken -= 1
            return
        self.stored += 1
        if self.stored == self.limit:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="max_articles"))

    def item_error(self, item: Any) -> None:
        if isinstance(item, Article):
            self.taken -= 1

    def item_dropped(self, item: Any, exception: Exception) -> None:
        if isinstance(item, Article) and isinstance(exception, Known):
            self.taken -= 1

"""``max_articles``: no article more than asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.defer import deferred_from_coro

from newscrawl.items import Article
from newscrawl.outcomes import OverLimit
from newscrawl.session.session import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LimitPipeline:
    """Ends the run as ``max_articles`` once the dataset has ``limit`` articles more.

    Copies do not count, nor does an article that turned out to be one. What comes while the last
    places are taken is left to the next run; :class:`~newscrawl.pipelines.store.StorePipeline`
    has the last word, as pipelines in between may take their time.
    """

    def __init__(self, crawler: Crawler, limit: int) -> None:
        self.crawler = crawler
        self.limit = limit
        self._ends = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        limit = getattr(crawler.spider, "max_articles", None)
        if limit is None:
            raise NotConfigured
        pipeline = cls(crawler, limit)
        crawler.signals.connect(pipeline.item_done, signal=signals.item_scraped)
        crawler.signals.connect(pipeline.item_done, signal=signals.item_dropped)
        return pipeline

    def process_item(self, item: Any) -> Any:
        session = session_of(self.crawler)
        if isinstance(item, Article) and session is not None and session.growing >= self.limit:
            raise OverLimit(item.url)
        return item

    def item_done(self) -> None:
        session = session_of(self.crawler)
        if session is not None and session.grown >= self.limit and not self._ends:
            self._ends = True
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="max_articles"))

"""An extension that counts the pages that are alive, with a collector that does nothing."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.http import HtmlResponse
from scrapy.utils.trackref import live_refs

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LivePages:
    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.count, signal=signals.response_received)
        return extension

    def spider_opened(self) -> None:
        gc.disable()

    def count(self) -> None:
        assert self.stats is not None
        self.stats.max_value("live", len(live_refs[HtmlResponse]))

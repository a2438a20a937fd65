"""The pictures of articles, kept by Scrapy's own pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.pipelines.images import ImagesPipeline

from newscrawl.items import Article
from newscrawl.session.keeping import why_no_ledger

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.pipelines.media import FileInfoOrError, MediaPipeline


class ArticleImagesPipeline(ImagesPipeline):
    """Fetches the pictures of an article, by the same rules as pages, and notes their paths.

    They lie in ``NEWSCRAWL_IMAGES_STORE``, as JPEG, a file a URL; without that setting the
    pipeline is off, and so it is in a crawl that keeps no ledger. Scrapy's ``IMAGES_MIN_WIDTH``, ``IMAGES_EXPIRES`` and their like count.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        store = crawler.settings["NEWSCRAWL_IMAGES_STORE"]
        if not store or why_no_ledger(crawler) is not None:
            raise NotConfigured
        return cls(store, crawler=crawler)

    def get_media_requests(self, item: Any, info: MediaPipeline.SpiderInfo) -> list[Request]:  # noqa: ARG002 - the signature is Scrapy's
        if not isinstance(item, Article):
            return []
        return [Request(image.url, dont_filter=True) for image in item.images]

    def item_completed(
        self, results: list[FileInfoOrError], item: Any, info: MediaPipeline.SpiderInfo
    ) -> Any:
        if isinstance(item, Article):
            for image, (is_there, kept) in zip(item.images, results, strict=True):
                image.path = kept["path"] if is_there else None  # type: ignore[index] # a failure has none
            return item
        return super().item_completed(results, item, info)

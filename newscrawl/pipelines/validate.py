"""Validation: what must hold before an article is stored, each reason a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from newscrawl.items import Article
from newscrawl.outcomes import (
    MissingHeadline,
    MissingText,
    PublishedAfter,
    PublishedBefore,
    TooShort,
)

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.crawler import Crawler


class ValidatePipeline:
    """Rejects articles without headline or text, too short ones, and those outside the dates asked for.

    ``since`` is inclusive, ``until`` exclusive; an article without a date passes.
    """

    def __init__(
        self, min_words: int, since: datetime | None = None, until: datetime | None = None
    ) -> None:
        self.min_words = min_words
        self.since = since
        self.until = until

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider = crawler.spider
        return cls(
            crawler.settings.getint("NEWSCRAWL_MIN_WORDS"),
            getattr(spider, "since", None),
            getattr(spider, "until", None),
        )

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Article):
            return item
        if not item.headline:
            raise MissingHeadline(item.url)
        if not item.text:
            raise MissingText(item.url)
        if item.word_count < self.min_words:
            raise TooShort(f"{item.word_count} words: {item.url}")
        if item.published is not None:
            if self.since is not None and item.published < self.since:
                raise PublishedBefore(item.url)
            if self.until is not None and item.published >= self.until:
                raise PublishedAfter(item.url)
        return item

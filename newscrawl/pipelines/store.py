"""Storing: hands articles to the one ordered writer and drops what it already has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.utils.defer import maybe_deferred_to_future

from newscrawl.items import Article
from newscrawl.outcomes import Duplicate, Erased, Outcome, Unchanged
from newscrawl.session.session import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StorePipeline:
    """Stores articles; copies and unchanged ones go no further, so that feeds do not repeat them."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        session = session_of(self.crawler)
        if not isinstance(item, Article) or session is None:
            return item
        stored = await maybe_deferred_to_future(session.store(item))
        if stored.outcome is Outcome.DUPLICATE:
            raise Duplicate(stored.kind or "")
        if stored.outcome is Outcome.UNCHANGED:
            raise Unchanged(item.url)
        if stored.outcome is Outcome.REJECTED:
            raise Erased(item.url)
        return item

"""Storing: hands articles to the one ordered writer and drops what it already has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.utils.defer import maybe_deferred_to_future

from newscrawl.items import Article
from newscrawl.outcomes import Duplicate, Erased, Older, Outcome, OverLimit, Unchanged
from newscrawl.own_items import take_own_fields
from newscrawl.session.session import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StorePipeline:
    """Stores articles; copies and unchanged ones go no further, so that feeds do not repeat them.

    Without a ledger it stores nothing, and knows again what came in the same crawl.
    """

    def __init__(self, crawler: Crawler, limit: int | None = None) -> None:
        self.crawler = crawler
        self._limit = limit
        self._seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, getattr(crawler.spider, "max_articles", None))

    async def process_item(self, item: Any) -> Any:
        session = session_of(self.crawler)
        if not isinstance(item, Article):
            return item
        if session is None:
            self._once(item)
            return item
        if self._limit is not None and session.growing >= self._limit:
            raise OverLimit(item.url)
        take_own_fields(item)  # also those that a pipeline of the user's has set
        stored = await maybe_deferred_to_future(session.store(item))
        if stored.outcome is Outcome.DUPLICATE:
            raise Duplicate(stored.kind or "")
        if stored.outcome is Outcome.UNCHANGED:
            raise Unchanged(item.url)
        if stored.outcome is Outcome.REJECTED:
            raise (Older if stored.kind == Older.__name__ else Erased)(item.url)
        return item

    def _once(self, article: Article) -> None:
        """Raises ``Duplicate`` for what came before, under the same address or with the same text."""
        for kind, key in (("canonical", article.id), ("exact", article.content_hash)):
            if key in self._seen:
                raise Duplicate(kind)
        self._seen |= {key for key in (article.id, article.content_hash) if key}

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
    """Stores articles; copies and unchanged ones go no further, so that feeds do not repeat them.

    Without a ledger it stores nothing, and knows again what came in the same crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        session = session_of(self.crawler)
        if not isinstance(item, Article):
            return item
        if session is None:
            self._once(item)
            return item
        stored = await maybe_deferred_to_future(session.store(item))
        if stored.outcome is Outcome.DUPLICATE:
            raise Duplicate(stored.kind or "")
        if stored.outcome is Outcome.UNCHANGED:
            raise Unchanged(item.url)
        if stored.outcome is Outcome.REJECTED:
            raise Erased(item.url)
        return item

    def _once(self, article: Article) -> None:
        """Raises ``Duplicate`` for what came before, under the same address or with the same text."""
        for kind, key in (("canonical", article.id), ("exact", article.content_hash)):
            if key in self._seen:
                raise Duplicate(kind)
        self._seen |= {key for key in (article.id, article.content_hash) if key}

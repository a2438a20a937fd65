"""The same crawl without the ledger: Scrapy's own in-memory scheduler, links as requests.

Its articles are deduplicated and stored as in any crawl, so that the ledger alone is left out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from sqlalchemy import Connection
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from web_poet import HttpClient

from newscrawl.addresses.address import identity, site_of
from newscrawl.dataset.articles import ArticleStore, Stored
from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Found, Row
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import Duplicate, Outcome, Redirected, Unchanged
from newscrawl.pages.news import NewsPage
from newscrawl.spiders.news import NewsSpider
from newscrawl.store.database import connect, migrate
from newscrawl.store.writer import Operation, Writer


class MemorySpider(NewsSpider):
    name = "memory"

    async def start(self) -> AsyncIterator[Any]:
        async for report in super().start():
            for request in self._requests(report):
                yield request

    async def parse(
        self, response: Response, page: NewsPage, http: HttpClient
    ) -> AsyncIterator[Any]:
        async for output in super().parse(response, page, http):
            if isinstance(output, Report):
                for request in self._requests(output):
                    yield request
            else:
                yield output

    def _requests(self, report: Report) -> Iterator[Request]:
        for found in report.links:
            if found.priority >= 0:
                yield self._request(found)

    def _request(self, found: Found) -> Request:
        values = {name: value for name, value in found._asdict().items() if name in Row._fields}
        return Request(
            found.url,
            callback=self.parse,
            errback=self.failed,
            priority=found.priority,
            meta={"visit": Visit(Row(id=0, **values))},
        )

    def failed(self, failure: Failure) -> Iterator[Request]:
        visit: Visit = failure.request.meta["visit"]  # type: ignore[attr-defined] # Scrapy adds it
        error = failure.value
        if isinstance(error, Redirected) and site_of(error.location) in self.sites:
            row = visit.row
            yield self._request(
                Found(
                    row.site,
                    identity(error.location),
                    error.location,
                    row.kind,
                    Way.REDIRECT,
                    row.depth,
                    row.priority,
                )
            )


class LogsOnly:
    """The journal of a crawl without a run: only the logs go with a group."""

    def __init__(self, articles: ArticleStore) -> None:
        self.before_commit = articles.before_commit

    def begin(self, _: Connection, group: int) -> None:
        pass

    def has(self, _: Connection, group: int) -> bool:
        return group < 0

    def reopen(self, _: Connection) -> None:
        raise NotImplementedError

    def attempt(self, connection: Connection) -> AbstractContextManager[None]:
        raise NotImplementedError


class MemoryStorePipeline:
    """Stores articles as :class:`~newscrawl.pipelines.store.StorePipeline`, beside no ledger."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._engine = connect(settings["NEWSCRAWL_DATABASE_URL"])
        self._articles = ArticleStore(settings["NEWSCRAWL_JSONL"])
        self._writer = Writer(
            self._engine,
            LogsOnly(self._articles),
            interval=settings.getfloat("NEWSCRAWL_COMMIT_INTERVAL"),
            events=settings.getint("NEWSCRAWL_COMMIT_EVENTS"),
            patience=0,
            failed=self._fail,
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @staticmethod
    def _fail(failure: BaseException) -> None:
        raise failure

    def open_spider(self) -> None:
        migrate(self._engine)
        with self._engine.begin() as connection:
            for site in self._crawler.spider.sites:  # type: ignore[union-attr] # it is open
                self._articles.open_log(connection, site)
        self._writer.start()

    def close_spider(self) -> None:
        self._writer.close()
        self._articles.close()
        self._engine.dispose()

    async def process_item(self, item: Article) -> Article:
        from twisted.internet import reactor

        decided: Deferred[Stored] = Deferred()

        def store(connection: Connection) -> None:
            stored = self._articles.store(connection, item)
            reactor.callFromThread(decided.callback, stored)

        self._writer.submit(Operation(store))
        stored = await maybe_deferred_to_future(decided)
        if stored.outcome is Outcome.DUPLICATE:
            raise Duplicate(stored.kind or "")
        if stored.outcome is Outcome.UNCHANGED:
            raise Unchanged(item.url)
        return item

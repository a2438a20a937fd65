"""The same crawl without the ledger: Scrapy's own in-memory scheduler, links as requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure
from web_poet import HttpClient

from newscrawl.discovery.links import Way
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import Redirected
from newscrawl.pages.news import NewsPage
from newscrawl.spiders.news import NewsSpider
from newscrawl.store.ledger import Found, Row, Visit
from newscrawl.urls import identity, site_of


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

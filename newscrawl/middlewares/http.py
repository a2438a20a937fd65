"""Scrapy's HTTP handler behind the last gate: where a request may go, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from newscrawl.extensions.politeness import Gate
from newscrawl.middlewares.addresses import AddressGuard

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class HttpDownloadHandler(HTTP11DownloadHandler):
    """Sends a request where that is allowed, when it is its turn, and notes the moment."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = AddressGuard(crawler)
        self._gate = Gate(crawler)

    async def download_request(self, request: Request) -> Response:
        await self._guard.check(request)
        return await self._gate.send(request, super().download_request)

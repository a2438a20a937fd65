"""Scrapy's HTTP handler, measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from newscrawl.extensions.gaps import sent

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class HttpDownloadHandler(HTTP11DownloadHandler):
    """Notes each request at the moment it is sent, behind every delay of the downloader."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler

    async def download_request(self, request: Request) -> Response:
        sent(self.crawler, request)
        return await super().download_request(request)

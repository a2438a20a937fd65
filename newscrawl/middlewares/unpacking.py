"""Unpacks answers, and asks once more for those that end early."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware

from newscrawl.outcomes import Truncated
from newscrawl.unpacking import unpack

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LOST = "dataloss"
"""Scrapy's flag of answers that are shorter than they say, with ``DOWNLOAD_FAIL_ON_DATALOSS`` off."""


ANY_SUCCESS = "newscrawl_any_success"
"""In the meta of a request to which every 2xx is an answer, also a 206."""


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's own, which takes what it could unpack for the whole; this one does not."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        unpacked = unpack(body, encoding, max_size)
        if unpacked.error is not None:
            raise unpacked.error
        return unpacked.body


class UnpackingMiddleware(Unpacking):
    """What ends early is retried as other broken answers are, and never read."""

    crawler: Crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = super().from_crawler(crawler)
        middleware.crawler = crawler
        return middleware

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override] # newer Scrapy drops the spider argument
        part = is_part(response) and not request.meta.get(ANY_SUCCESS)
        if LOST in response.flags or part:
            return retry(self.crawler, request, Truncated(f"{len(response.body)} bytes of more"))
        try:
            return super().process_response(request, response)
        except Truncated as error:
            return retry(self.crawler, request, error)


def is_part(response: Response) -> bool:
    """Whether an answer says that it is a part of another; nobody asked for parts."""
    return response.status == HTTPStatus.PARTIAL_CONTENT


def retry(crawler: Crawler, request: Request, error: Exception) -> Request:
    """Return a request to be sent once more; Scrapy retries only what fails without an answer.

    Raises:
        Exception: the ``error``, where that has been tried often enough.
    """
    middleware = crawler.get_downloader_middleware(RetryMiddleware)
    again = None if middleware is None else middleware.process_exception(request, error)
    if not isinstance(again, Request):
        raise error
    return again

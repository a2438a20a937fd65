"""robots.txt by RFC 9309: what forbids a page, and what a site without an answer to it is owed."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.extensions.politeness import NOT_THERE, PolitenessExtension
from newscrawl.outcomes import HostWaits, RobotsForbidden, RobotsUnreachable

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

MAX_BYTES = 500 * 1024
"""Of robots.txt that are read (RFC 9309, 2.5)."""
CACHED_SECONDS = 86_400.0
"""For which it is believed (RFC 9309, 2.4)."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, with the rules of the RFC where it has none.

    A 4xx allows everything. A 5xx, a 429, a timeout or a broken answer allows nothing: the host is
    left alone for an hour and its pages stay queued. Rules are asked for again after a day, and
    only their first 500 KiB count.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asked: dict[str, float] = {}
        self._unreachable: dict[str, str] = {}
        self._waiting: set[str] = set()

    async def process_request(self, request: Request) -> None:  # type: ignore[override] # newer Scrapy drops the spider argument
        try:
            await super().process_request(request)
        except HostWaits:
            raise
        except IgnoreRequest as error:
            raise RobotsForbidden from error

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlparse_cached(request).netloc
        asked = self._asked.get(netloc)
        if asked is not None and time.monotonic() - asked > CACHED_SECONDS:
            self._parsers.pop(netloc, None)
        if netloc not in self._parsers:
            self._asked[netloc] = time.monotonic()
        parser = await super().robot_parser(request)
        if netloc in self._unreachable:
            why = self._unreachable[netloc]
            waits = netloc in self._waiting or why == str(HTTPStatus.TOO_MANY_REQUESTS.value)
            kind = HostWaits if waits else RobotsUnreachable
            raise kind(f"{netloc}: robots.txt: {why}")
        return parser

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        status = response.status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            self._leave_alone(netloc, str(status), request)
        is_there = status == HTTPStatus.OK
        body = response.body[:MAX_BYTES] if is_there else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, (IgnoreRequest, *NOT_THERE)):
            self._unreachable[netloc] = type(exc).__name__
        elif isinstance(exc, HostWaits):
            self._unreachable[netloc] = str(exc)
            self._waiting.add(netloc)
        super()._robots_error(exc, netloc)

    def _leave_alone(self, netloc: str, why: str, request: Request) -> None:
        self._unreachable[netloc] = why
        polite = self.crawler.get_extension(PolitenessExtension)
        if polite is not None:
            polite.leave_alone(polite.host(request), f"robots.txt: {why}")

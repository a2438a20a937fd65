"""robots.txt: a forbidden page has an outcome of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from newscrawl.outcomes import RobotsForbidden

if TYPE_CHECKING:
    from scrapy import Request


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own rules; what they forbid is told apart from other ignored requests."""

    async def process_request(self, request: Request) -> None:  # type: ignore[override] # newer Scrapy drops the spider argument
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            raise RobotsForbidden from error

"""Pages whose shape has turned out to be a trap are not fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from newscrawl.addresses.shape import shape_of
from newscrawl.addresses.shapes import Shapes
from newscrawl.outcomes import Trap

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from newscrawl.frontier.visits import Visit


class TrapMiddleware:
    """Refuses rows that were queued before their shape was closed, and names the shape."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(getattr(crawler.spider, "shapes", Shapes()))

    def process_request(self, request: Request) -> None:
        visit: Visit | None = request.meta.get("visit")
        if visit is not None and self.shapes.is_closed(visit.row.url):
            raise Trap(shape_of(visit.row.url))

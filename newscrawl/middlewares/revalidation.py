"""Conditional requests: a page that did not change costs a 304."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from newscrawl.outcomes import NotModified

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from newscrawl.store.ledger import Visit


class RevalidationMiddleware:
    """Sends the validators of a page's last visit; ends the visit on a 304."""

    def process_request(self, request: Request) -> None:
        visit: Visit | None = request.meta.get("visit")
        if visit is None:
            return
        if visit.row.etag is not None:
            request.headers[b"If-None-Match"] = visit.row.etag
        if visit.row.last_modified is not None:
            request.headers[b"If-Modified-Since"] = visit.row.last_modified

    def process_response(self, request: Request, response: Response) -> Response:
        visit: Visit | None = request.meta.get("visit")
        if visit is None or response.status != HTTPStatus.NOT_MODIFIED:
            return response
        visit.status = response.status
        visit.etag, visit.last_modified = visit.row.etag, visit.row.last_modified
        raise NotModified(response.url)

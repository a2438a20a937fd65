"""Conditional requests: a page that did not change costs a 304, and only such a page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from newscrawl.outcomes import NotModified, UnaskedNotModified

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from newscrawl.frontier.visits import Visit

VALIDATORS = {b"If-None-Match": "etag", b"If-Modified-Since": "last_modified"}
FRESH = "newscrawl_fresh"
"""In the meta of a request for an answer that comes from no cache."""


class RevalidationMiddleware:
    """Sends the validators of a page that was read at its last visit; ends the visit on a 304.

    A 304 to a request without them stands for nothing that is known: the page is fetched once
    more, past all caches, also Scrapy's own. A browser has no validators: what it shows is not
    what they are of.
    """

    def process_request(self, request: Request) -> None:
        visit: Visit | None = request.meta.get("visit")
        if visit is None:
            return
        may_be_known = visit.was_read and not request.meta.keys() & {FRESH, "playwright"}
        for header, name in VALIDATORS.items():
            request.headers.pop(header, None)
            value = getattr(visit.row, name)
            if may_be_known and value is not None:
                request.headers[header] = value

    def process_response(self, request: Request, response: Response) -> Request | Response:
        visit: Visit | None = request.meta.get("visit")
        if visit is None or response.status != HTTPStatus.NOT_MODIFIED:
            return response
        visit.status = response.status
        if any(header in request.headers for header in VALIDATORS):
            visit.etag, visit.last_modified = visit.row.etag, visit.row.last_modified
            raise NotModified(response.url)
        if FRESH in request.meta:
            raise UnaskedNotModified(response.url)
        again = request.replace(meta={**request.meta, FRESH: True, "dont_cache": True})
        again.headers[b"Cache-Control"] = b"no-cache"
        return again

"""What must not reach a page object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http import TextResponse

from newscrawl.outcomes import NotText

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class GuardMiddleware:
    """Refuses answers to the ledger's requests that are not text."""

    def process_response(self, request: Request, response: Response) -> Response:
        if "visit" in request.meta and response.body and not isinstance(response, TextResponse):
            raise NotText(response.url)
        return response

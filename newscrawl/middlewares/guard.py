"""What must not reach a page object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.http import TextResponse

from newscrawl.outcomes import NotText

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


TEXT = re.compile(
    rb"\s*(text/|application/(xhtml|xml|json)|[\w.-]+/[\w.-]+\+(xml|json))", re.IGNORECASE
)


class GuardMiddleware:
    """Refuses answers to the ledger's requests that are not text, as declared or by their bytes."""

    def process_response(self, request: Request, response: Response) -> Response:
        if "visit" in request.meta and response.body and not _is_text(response):
            raise NotText(response.url)
        return response


def _is_text(response: Response) -> bool:
    declared = response.headers.get(b"Content-Type")
    if declared and TEXT.match(declared) is None:
        return False
    return isinstance(response, TextResponse)

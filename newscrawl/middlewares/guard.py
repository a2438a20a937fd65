"""What must not reach a page object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.http import TextResponse

from newscrawl.addresses.joining import as_sent
from newscrawl.discovery.entries import SOURCES
from newscrawl.outcomes import BadStatus, NotText

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from newscrawl.frontier.visits import Visit

STATUSES = range(100, 1000)
TEXT = re.compile(
    rb"\s*(text/|application/(xhtml|xml|json)|[\w.-]+/[\w.-]+\+(xml|json))", re.IGNORECASE
)


class GuardMiddleware:
    """Refuses answers to the ledger's requests that are not text, as declared or by their bytes.

    Sitemaps and feeds may be gzipped, and are declared as all manner of things. A status
    that is none is no answer.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        mend_headers(response)
        visit: Visit | None = request.meta.get("visit")
        if visit is None:
            return response
        if response.status not in STATUSES:
            raise BadStatus(response.url)
        if visit.row.kind in SOURCES:
            return response
        if response.body and not is_text(response):
            raise NotText(response.url)
        return response


def mend_headers(response: Response) -> None:
    """Escape the bytes of headers that are no UTF-8, which web-poet takes them for."""
    for name, values in list(response.headers.items()):
        if not all(map(_is_utf_8, values)):
            response.headers.setlist(name, [as_sent(value) for value in values])


def _is_utf_8(value: bytes) -> bool:
    try:
        return value.isascii() or bool(value.decode())
    except UnicodeDecodeError:
        return False


def is_text(response: Response) -> bool:
    """Whether an answer is text, as declared and by its bytes."""
    declared = response.headers.get(b"Content-Type")
    if declared and TEXT.match(declared) is None:
        return False
    return isinstance(response, TextResponse)

"""Pages that send their readers on at once are redirects (``Refresh``, ``<meta http-equiv>``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from web_poet import HttpResponse, HttpResponseHeaders

from newscrawl.addresses.joining import as_sent
from newscrawl.discovery.entries import SOURCES
from newscrawl.middlewares.redirect import LedgerRedirectMiddleware
from newscrawl.pages.core import CORE
from newscrawl.pages.documents.document import Document
from newscrawl.pages.judging.refresh import sends_on

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from newscrawl.frontier.visits import Visit

OK = range(200, 300)
HINT = re.compile(rb"http-equiv\s{0,20}=\s{0,20}[\"']?\s{0,20}refresh")
"""Every page with a refresh has this, in small letters or capital ones."""
WORD = b"refresh"


class RefreshMiddleware(LedgerRedirectMiddleware):
    """Treats such a page as an answer with a ``Location``; a page that is to be read passes.

    An error stays an error, wherever its page sends on.
    """

    enabled_setting = "METAREFRESH_ENABLED"

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override] # as above
        visit: Visit | None = request.meta.get("visit")
        if visit is None or visit.row.kind in SOURCES or response.status not in OK:
            return response
        target = _target(response)
        if target is None:
            return response
        found = response.replace(status=302)
        found.headers[b"Location"] = target
        try:
            return super().process_response(request, found)
        finally:
            visit.status = response.status


def _target(response: Response) -> str | None:
    header = response.headers.get(b"Refresh")
    if header is None and not may_send_on(response.body):
        return None
    headers = HttpResponseHeaders.from_bytes_dict(response.headers)
    page = HttpResponse(response.url, response.body, status=response.status, headers=headers)
    return sends_on(Document(page), as_sent(header or b""))


def may_send_on(body: bytes) -> bool:
    """Whether a page may have a refresh; zero bytes may be UTF-16, in which it cannot be seen.

    Not by one expression that ignores case: that looks at each byte by itself, and took a
    fourteenth of a crawl. The core looks from one f to the next.
    """
    if b"\0" in body:
        return True
    if CORE.compiled is not None and not CORE.compiled.stands(body, WORD, WORD.index(b"f")):
        return False
    small = body.lower()
    return WORD in small and HINT.search(small) is not None

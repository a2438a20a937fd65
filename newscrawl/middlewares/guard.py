"""What must not reach a page object."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse, JsonResponse, TextResponse, XmlResponse

from newscrawl.addresses.joining import as_sent
from newscrawl.discovery.entries import SOURCES
from newscrawl.outcomes import BadStatus, NotText
from newscrawl.pages.documents.sniffing import Media, media_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from newscrawl.frontier.visits import Visit

STATUSES = range(100, 1000)
READ = range(200, 300)
CLASSES: dict[Media, type[TextResponse]] = {
    Media.HTML: HtmlResponse,
    Media.XML: XmlResponse,
    Media.JSON: JsonResponse,
    Media.TEXT: TextResponse,
}


class GuardMiddleware:
    """Refuses answers to the ledger's requests that are not text, whatever they are declared as.

    Sitemaps and feeds may be gzipped, and are declared as all manner of things. A visit
    whose answer has no valid status has failed. An answer that does not say when it was given
    gets the present as its ``Date`` (RFC 9110, 6.6.1): a page that is kept is read by it later.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        mend_headers(response)
        if b"Date" not in response.headers:
            response.headers[b"Date"] = formatdate(usegmt=True)
        visit: Visit | None = request.meta.get("visit")
        if visit is None:
            return response
        if response.status not in STATUSES:
            raise BadStatus(response.url)
        if visit.row.kind in SOURCES or response.status not in READ:
            return response
        return as_text(response)


def as_text(response: Response) -> Response:
    """Return an answer of the class that its bytes have, whatever they are declared as.

    Raises:
        NotText: it is no text.
    """
    if not response.body:
        return response
    kind = CLASSES.get(media_of(response.body, response.headers.get(b"Content-Type")))
    if kind is None:
        raise NotText(response.url)
    return response if type(response) is kind else response.replace(cls=kind)


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

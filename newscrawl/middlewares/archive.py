"""What goes into the archive: each visit's last answer, as it came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from newscrawl.addresses.captures import CAPTURE
from newscrawl.answer import Answer, Asked
from newscrawl.middlewares.browser import RENDERED

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response
    from web_poet import HttpResponse

    from newscrawl.frontier.visits import Visit


COOKIES = frozenset({b"cookie", b"set-cookie", b"set-cookie2"})
"""Headers that are kept nowhere."""


class ArchiveMiddleware:
    """Keeps the answers to the ledger's requests with their visits until they are committed.

    It stands next to the downloader, before anything unpacks, refuses or follows an answer. What
    comes out of an archive is in one already.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings["NEWSCRAWL_ARCHIVE"]:
            raise NotConfigured
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        visit: Visit | None = request.meta.get("visit")
        if visit is not None and visit.row.kind != CAPTURE:
            visit.answers[visit.row.identity] = Answer(
                url=response.url,
                status=response.status,
                headers=_plain(response.headers),
                body=response.body,
                at=datetime.now(UTC),
                protocol=response.protocol or "HTTP/1.1",
                ip=str(response.ip_address) if response.ip_address is not None else None,
                asked=Asked(request.method, _plain(request.headers)),
                rendered=RENDERED in response.flags,
            )
        return response


def _plain(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(
        (name, value)
        for name in headers
        if name.lower() not in COOKIES
        for value in headers.getlist(name)
    )


def answer_to_part(response: HttpResponse) -> Answer:
    """Return the answer to a request of scrapy-poet's client, which hands it over unpacked."""
    return Answer(
        url=str(response.url),
        status=response.status or 0,
        headers=tuple(
            (name.encode(), value.encode())
            for name, value in response.headers.items()
            if name.lower().encode() not in COOKIES
        ),
        body=bytes(response.body),
        at=datetime.now(UTC),
    )

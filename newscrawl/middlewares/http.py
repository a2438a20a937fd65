"""Scrapy's HTTP handler behind the last gate: where a request may go, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol

from newscrawl.extensions.politeness import Gate
from newscrawl.middlewares.addresses import AddressGuard

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request as TxRequest
    from twisted.web.iweb import IResponse


MAX_HEAD = 512 * 1024
"""Bytes before the body of an answer; ``DOWNLOAD_MAXSIZE`` counts only the body."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Hangs up on a server whose headers have no end."""

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - the name is Twisted's
        if self._parser is not None and self._parser.state in {STATUS, HEADER}:
            self._head += len(data)
            if self._head > MAX_HEAD and self.transport is not None:
                self.transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call] # Twisted's


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds such protocols, as Scrapy's factory builds its own."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802 - the signature is Twisted's
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call] # as above


class HttpDownloadHandler(HTTP11DownloadHandler):
    """Sends a request where that is allowed, when it is its turn, and notes the moment."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = AddressGuard(crawler)
        self._gate = Gate(crawler)
        self._pool._factory = BoundedFactory  # noqa: SLF001 - how Scrapy sets its own

    async def download_request(self, request: Request) -> Response:
        await self._guard.check(request)
        return await self._gate.send(request, super().download_request)

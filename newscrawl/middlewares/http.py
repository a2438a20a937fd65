"""Scrapy's HTTP handler, which checks last where a request may go, and when."""

from __future__ import annotations

from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.utils.url import add_http_if_no_scheme
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol
from twisted.web.http import _IdentityTransferDecoder

from newscrawl.addresses.captures import REPLAYED, at_of, timestamp_in
from newscrawl.middlewares.addresses import AddressGuard, sent_as
from newscrawl.outcomes import OtherCapture, ProxyFailed
from newscrawl.politeness.politeness import NOT_THERE, PoliteSender

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.python.failure import Failure
    from twisted.web._newclient import Request as TxRequest
    from twisted.web.iweb import IResponse


MAX_HEAD = 512 * 1024
"""Bytes before the body of an answer; ``DOWNLOAD_MAXSIZE`` counts only the body."""
END_OF_HEAD = b"\r\n\r\n"


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Tells when a request is written; knows broken connections, and headers that have no end."""

    def __init__(self, quiescent: Callable[..., None], written: Callable[[bytes], None]) -> None:
        super().__init__(quiescent)  # type: ignore[no-untyped-call] # Twisted's
        self._written = written

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._head = 0
        self._written(request.absoluteURI or b"")
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - the name is Twisted's
        """Give the head apart from what follows, which would be copied for each line of it.

        What follows an answer without a body belongs to no request: it is dropped, as Twisted does.
        """
        parser = self._parser
        if parser is not None and parser.state in {STATUS, HEADER}:
            self._head += len(data)
            if self._head > MAX_HEAD and self.transport is not None:
                self.transport.abortConnection()
                return
            head, end, data = data.partition(END_OF_HEAD)
            super().dataReceived(head + end)  # type: ignore[no-untyped-call] # Twisted's
            if not data or self._parser is not parser:
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call] # as above

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - as above
        """Let a body that ends with its connection miss something where the connection broke."""
        decoder: Any = getattr(self._parser, "bodyDecoder", None)
        ends_with_it = (
            isinstance(decoder, _IdentityTransferDecoder) and decoder.contentLength is None
        )
        if ends_with_it and not isinstance(reason.value, ConnectionDone):
            decoder.contentLength = 1
        super().connectionLost(reason)  # type: ignore[no-untyped-call] # Twisted's


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds such protocols, as Scrapy's factory builds its own."""

    def __init__(self, written: Callable[[bytes], None], *arguments: Any) -> None:
        super().__init__(*arguments)  # type: ignore[no-untyped-call] # as above
        self._written = written

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802 - the signature is Twisted's
        return BoundedProtocol(self._quiescentCallback, self._written)


def as_captured(request: Request, response: Response) -> Response:
    """Return the answer of an archive as that of the site.

    Raises:
        OtherCapture: it is of another time than was asked for (RFC 7089, 2.1.1).
    """
    told = response.headers.get(b"Memento-Datetime")
    timestamp = timestamp_in(request.meta["visit"].row.identity)
    if told is not None and told.decode("latin-1") != format_datetime(
        at_of(timestamp), usegmt=True
    ):
        raise OtherCapture(request.url)
    return response.replace(url=request.url)


class HttpDownloadHandler(HTTP11DownloadHandler):
    """Sends a request where that is allowed, when it is its turn, and notes the moment."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = AddressGuard(crawler)
        self._sender = PoliteSender(crawler)
        self._pool._factory = partial(BoundedFactory, self._sender.written)  # type: ignore[assignment] # noqa: SLF001 - it is only called; how Scrapy sets its own

    async def download_request(self, request: Request) -> Response:
        if REPLAYED in request.meta:
            return as_captured(request, await self._download(sent_as(request)))
        return await self._download(request)

    async def _download(self, request: Request) -> Response:
        await self._guard.check(request)
        try:
            return await self._sender.send(request, super().download_request)
        except NOT_THERE as error:
            proxy = request.meta.get("proxy")
            if proxy:
                raise ProxyFailed(urlsplit(add_http_if_no_scheme(proxy)).netloc) from error
            raise

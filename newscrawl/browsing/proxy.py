"""The one way out of the browser: a proxy on the loopback address, in the process of the crawl."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from twisted.internet.error import DNSLookupError

from newscrawl.browsing.heads import Head, read_head
from newscrawl.browsing.hello import is_for_pages, read_hello
from newscrawl.browsing.permits import Judge, NotAsked, Permit, Way
from newscrawl.middlewares.addresses import LOOPBACK
from newscrawl.outcomes import ProxyFailed

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator, Coroutine

    from scrapy import Request
    from scrapy.crawler import Crawler

WAITING_SECONDS = 30.0
"""How long a connection may stay open before it asks for anything."""
CHUNK = 64 * 1024
ASK = Head(
    b"HTTP/1.1 407 Proxy Authentication Required",
    (
        (b"Proxy-Authenticate", b'Basic realm="newscrawl"'),
        (b"Content-Length", b"0"),
        (b"Connection", b"close"),
    ),
)
TUNNEL = Head(b"HTTP/1.1 200 Connection Established")
AUTHENTICATION = b"407"
PRELIMINARY = b"1"

logger = logging.getLogger(__name__)


class Wanted(NamedTuple):
    """What a browser asks a proxy for; a tunnel names scheme, host and port only."""

    head: Head
    url: str
    authority: bytes
    path: bytes = b""
    is_tunnel: bool = False


class BrowserProxy:
    """Lets out what the pages of one crawl may ask for, and nothing of anybody else.

    One request a connection. What may not be asked for is closed without a word, so that a page
    cannot tell why. Tunnels are for what pages load by TLS: sockets, of workers too, end here.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._judge = Judge(crawler)
        self._stats = crawler.stats
        self._size = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._permits: dict[bytes, Permit] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen, and return the port."""
        self._server = await asyncio.start_server(self._accept, LOOPBACK, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def close(self) -> None:
        for permit in list(self._permits.values()):
            self.revoke(permit)
        for task in self._tasks:
            task.cancel()
        if self._server is not None:
            self._server.close()

    def permit(self, page: Request) -> Permit:
        permit = Permit(page, self._size)
        self._permits[permit.authorization] = permit
        return permit

    def revoke(self, permit: Permit) -> None:
        """End the connections of a page, and let it make no others."""
        del self._permits[permit.authorization]
        permit.end()

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve a connection by a task that may be cancelled without a word of asyncio's."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
            writer.close()
        except (OSError, EOFError, ValueError, IgnoreRequest, DNSLookupError) as error:
            logger.debug("The browser gets no answer: %r", error)
        finally:
            if not writer.is_closing():
                writer.transport.abort()

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with asyncio.timeout(WAITING_SECONDS):
            head = await read_head(reader)
        permit = self._permits.get(b"".join(head.values(b"proxy-authorization")))
        if permit is None:
            writer.write(bytes(ASK))
            await writer.drain()
            return
        task = asyncio.current_task()
        assert task is not None
        with permit.holding(task):
            wanted = _wanted(head)
            serve = self._tunnel if wanted.is_tunnel else self._fetch
            await serve(wanted, permit, reader, writer)

    async def _way(self, wanted: Wanted, permit: Permit) -> Way:
        try:
            return await self._judge.way(permit, wanted.url, is_whole=not wanted.is_tunnel)
        except IgnoreRequest as error:
            logger.debug("%s is not asked for: %r", wanted.url, error)
            if self._stats is not None:
                self._stats.inc_value("newscrawl/browser/refused")
            raise

    async def _tunnel(
        self, wanted: Wanted, permit: Permit, reader: StreamReader, writer: StreamWriter
    ) -> None:
        writer.write(bytes(TUNNEL))
        async with asyncio.timeout(WAITING_SECONDS):
            said = await read_hello(reader)
        if not is_for_pages(said):
            raise NotAsked("a socket")
        way = await self._way(wanted, permit)
        async with self._connected(way, permit, wanted) as (there, back):
            if way.is_proxy:
                await _ask_for_tunnel(wanted, way, there, back)
            back.write(said)
            await _either(self._relay(reader, back, None), self._relay(there, writer, permit))

    async def _fetch(
        self, wanted: Wanted, permit: Permit, reader: StreamReader, writer: StreamWriter
    ) -> None:
        size = _size(wanted.head)
        way = await self._way(wanted, permit)
        async with self._connected(way, permit, wanted) as (there, back):
            back.write(bytes(_request(wanted, way)))
            if size:
                back.write(await reader.readexactly(size))
            await back.drain()
            await _either(_gone(reader), self._respond(there, writer, permit))

    async def _respond(self, there: StreamReader, writer: StreamWriter, permit: Permit) -> None:
        """Pass an answer on; what comes before it, such as hints of what to load, is left out."""
        head = await read_head(there)
        while (status := head.start.split(b" ")[1:2] or [b""])[0].startswith(PRELIMINARY):
            if status == [b"101"]:
                raise NotAsked("another protocol")
            head = await read_head(there)
        if status == [AUTHENTICATION]:
            raise NotAsked("a site that asks for the secret of a proxy")
        writer.write(bytes(head.passed_on((b"Connection", b"close"), but=(b"alt-svc",))))
        await self._relay(there, writer, permit)

    async def _relay(
        self, source: StreamReader, target: StreamWriter, permit: Permit | None
    ) -> None:
        """Pass bytes on until there are no more; those to a page are counted."""
        while chunk := await source.read(CHUNK):
            if permit is not None and self._size:
                permit.left -= len(chunk)
                if permit.left < 0:
                    raise NotAsked("more bytes than a page may have")
            target.write(chunk)
            await target.drain()

    @asynccontextmanager
    async def _connected(
        self, way: Way, permit: Permit, wanted: Wanted
    ) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
        try:
            async with asyncio.timeout(self._timeout or None):
                there, back = await asyncio.open_connection(way.host, way.port)
        except (OSError, TimeoutError) as error:
            if way.is_proxy and permit.is_for(wanted.url):
                permit.failure = ProxyFailed(f"{way.host}:{way.port}")
            raise EOFError(f"{way.host}:{way.port}: {error}") from error
        try:
            yield there, back
        finally:
            back.transport.abort()


def _wanted(head: Head) -> Wanted:
    """Read what is asked for.

    Raises:
        ValueError: it is nothing that a browser asks a proxy for.
        NotAsked: it is the script of a service worker, or a page that may be opened later.
    """
    method, target, _ = head.start.split(b" ")
    if head.values(b"service-worker") or head.values(b"sec-purpose") or head.values(b"purpose"):
        raise NotAsked("a service worker, or a guess")
    if method == b"CONNECT":
        url = f"https://{target.decode('ascii')}/"
        return Wanted(head, url, target, is_tunnel=True)
    scheme, _, rest = target.partition(b"://")
    authority, slash, path = rest.partition(b"/")
    url = target.decode("ascii")
    if scheme != b"http" or not slash or b"@" in authority or not urlsplit(url).hostname:
        raise ValueError(f"no URL for a proxy: {url[:80]}")
    return Wanted(head, url, authority, slash + path)


def _size(head: Head) -> int:
    """Return the bytes of a request's body.

    Raises:
        ValueError: nobody says how many.
    """
    if head.values(b"transfer-encoding"):
        raise ValueError("a body without a length")
    return sum(map(int, head.values(b"content-length")[:1]))


def _request(wanted: Wanted, way: Way) -> Head:
    target = wanted.url.encode() if way.is_proxy else wanted.path
    own = [(b"Host", wanted.authority), (b"Connection", b"close")]
    if way.authorization is not None:
        own.append((b"Proxy-Authorization", way.authorization))
    method = wanted.head.start.partition(b" ")[0]
    asked = Head(b"%s %s HTTP/1.1" % (method, target), wanted.head.fields)
    return asked.passed_on(*own, but=(b"host",))


async def _ask_for_tunnel(
    wanted: Wanted, way: Way, there: StreamReader, back: StreamWriter
) -> None:
    own = [(b"Host", wanted.authority)]
    if way.authorization is not None:
        own.append((b"Proxy-Authorization", way.authorization))
    back.write(bytes(Head(b"CONNECT %s HTTP/1.1" % wanted.authority, tuple(own))))
    head = await read_head(there)
    if head.start.split(b" ")[1:2] != [b"200"]:
        raise EOFError(f"the proxy says {head.start[:80]!r}")


async def _gone(reader: StreamReader) -> None:
    """Wait until the browser hangs up; it has nothing more to say on this connection."""
    if await reader.read(1):
        raise ValueError("a second request")


async def _either(*ways: Coroutine[None, None, None]) -> None:
    """Go on until the first of several has ended, as it ended; the others are given up."""
    tasks = [asyncio.ensure_future(each) for each in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""What one page may ask for, and by which way that gets there."""

from __future__ import annotations

import secrets
from base64 import b64encode
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.url import add_http_if_no_scheme

from newscrawl.middlewares.addresses import PORTS, AddressGuard
from newscrawl.middlewares.robots import RobotsMiddleware
from newscrawl.outcomes import ForbiddenAddress, ProxyFailed, RobotsForbidden
from newscrawl.pages.documents.document import own

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Iterator

    from scrapy.crawler import Crawler

MAX_REQUESTS = 100
"""Requests of one page."""
MAX_ANSWERS = 4
"""Bytes that one page may be sent in all, in those that one answer may have."""
USER = "page"


class NotAsked(IgnoreRequest):
    """A request of a page that is not sent; the message is why."""


class Permit:
    """Lets one page out as long as it is open; its secret is known to its own browser context only.

    ``failure`` is why the page itself could not be had, where the way out knows more of that than
    the browser; ``address`` is where it came from. ``proxy_authorization`` is for the proxy that a
    user named for the page, and no business of the browser's.
    """

    def __init__(self, page: Request, size: int) -> None:
        self.page = page
        self.password = secrets.token_urlsafe(32)
        self.left = MAX_ANSWERS * size
        self.asked = 0
        self.proxy_authorization = page.headers.get(b"Proxy-Authorization")
        self.address: str | None = None
        self.failure: Exception | None = None
        self._tasks: set[Task[None]] = set()

    @property
    def authorization(self) -> bytes:
        """The value of ``Proxy-Authorization`` that shows the permit (RFC 7617)."""
        return b"Basic " + b64encode(f"{USER}:{self.password}".encode())

    @contextmanager
    def holding(self, task: Task[None]) -> Iterator[None]:
        """Have a task ended with the permit."""
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    def end(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()

    def is_for(self, url: str) -> bool:
        """Whether a URL has the scheme, host and port of the page itself."""
        return _authority(Request(url)) == _authority(self.page)


class Way(NamedTuple):
    """Where to connect to: the judged address, or a proxy that the user named.

    ``authorization`` is what that proxy wants to see; ``None`` where there is none.
    """

    host: str
    port: int
    is_proxy: bool = False
    authorization: bytes | None = None


class Judge:
    """Judges each request of a page by its number, the site's own hosts, robots.txt and addresses."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._guard = AddressGuard(crawler)

    async def way(self, permit: Permit, url: str, *, is_whole: bool) -> Way:
        """Return the way to a URL, of which only scheme, host and port are known if not ``is_whole``.

        Raises:
            IgnoreRequest: it may not be asked for.
            DNSLookupError: its host has no address.
        """
        permit.asked += 1
        if permit.asked > MAX_REQUESTS:
            raise NotAsked(f"more than {MAX_REQUESTS} requests")
        if not own(url, permit.page.url):
            raise NotAsked("a host of others")
        request = self._request(url, permit)
        try:
            way = await self._found(request)
            await self._hear_robots(request, permit, is_whole=is_whole)
        except ForbiddenAddress as error:
            permit.failure = error if permit.is_for(url) else permit.failure
            raise
        if permit.is_for(url):
            permit.address = None if way.is_proxy else way.host
        return way

    async def _hear_robots(self, request: Request, permit: Permit, *, is_whole: bool) -> None:
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        if robots is None or request.url == permit.page.url:
            return
        if not await (robots.allows(request) if is_whole else robots.knows(request)):
            raise RobotsForbidden

    def _request(self, url: str, permit: Permit) -> Request:
        """Make a request with the proxy that its page was given, or that the environment names."""
        request, page = Request(url), permit.page
        chosen = self.crawler.get_downloader_middleware(HttpProxyMiddleware)
        if "proxy" in page.meta and not page.meta.get("_scheme_proxy"):
            request.meta["proxy"] = page.meta["proxy"]
            if permit.proxy_authorization is not None:
                request.headers[b"Proxy-Authorization"] = permit.proxy_authorization
        elif chosen is not None:
            chosen.process_request(request)
        return request

    async def _found(self, request: Request) -> Way:
        proxy = request.meta.get("proxy")
        if not proxy:
            host, port = _authority(request)[1:]
            return Way(await self._guard.address(host, port), port)
        await self._guard.check(request)
        named = urlsplit(add_http_if_no_scheme(proxy))
        if not named.hostname:
            raise ProxyFailed(proxy)
        port = named.port or PORTS.get(named.scheme, 80)
        return Way(named.hostname, port, True, request.headers.get(b"Proxy-Authorization"))


def _authority(request: Request) -> tuple[str, str, int]:
    url = urlparse_cached(request)
    port = None
    with suppress(ValueError):
        port = url.port
    return url.scheme, url.hostname or "", port or PORTS.get(url.scheme, 0)

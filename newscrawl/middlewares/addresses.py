"""Where requests may go: no address inside a network unless the user named its host.

Otherwise a page could have the machine's own services, or a cloud's metadata, fetched by a link,
a redirect, a sitemap or a name that resolves to them.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from functools import cached_property
from socket import AF_INET6, SOCK_STREAM, getaddrinfo
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from scrapy import Request
from scrapy.core.downloader.handlers.file import FileDownloadHandler
from scrapy.exceptions import NotSupported
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.url import add_http_if_no_scheme
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.threads import deferToThread

from newscrawl.addresses import special
from newscrawl.addresses.captures import REPLAYED
from newscrawl.addresses.special import is_metadata
from newscrawl.outcomes import ForbiddenAddress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.base import ReactorBase
    from twisted.python.failure import Failure

LOOPBACK = "127.0.0.1"
PORTS = {"http": 80, "https": 443}
is_public = special.is_public


def literal(host: str) -> str | None:
    """Return the address that a host is, ``None`` where it is a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None


def named_by(spider: Any) -> set[tuple[str, int]] | None:
    """Return the hosts and ports that may lie anywhere: those of ``start_urls`` and ``own_urls``.

    So may the archive that a run reads. ``None`` stands for all: a spider without ``sites`` follows its own code, not a site's links.
    """
    if not hasattr(spider, "sites"):
        return None
    archive = getattr(spider, "replayed_from", "")
    parts = (urlsplit(url) for url in (*spider.start_urls, *spider.own_urls, archive) if url)
    return {(each.hostname or "", each.port or PORTS.get(each.scheme, 0)) for each in parts}


class NamedMiddleware:
    """Keeps what ``start()`` asks for: a user named that, on a command line or in a spider's code.

    ``hosts`` may lie anywhere, also for what is found there; of ``files`` only these are read.
    """

    def __init__(self) -> None:
        self.hosts: set[tuple[str, int]] = set()
        self.files: set[str] = set()

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for output in start:
            if isinstance(output, Request):
                self._note(output)
            yield output

    def _note(self, request: Request) -> None:
        url = urlparse_cached(request)
        if url.scheme == "file":
            self.files.add(request.url)
        elif url.scheme in PORTS:
            self.hosts.add((url.hostname or "", url.port or PORTS[url.scheme]))


def named_in(crawler: Crawler) -> NamedMiddleware | None:
    """Return what a crawl's ``start()`` named, ``None`` in a shell: there a user types all of it."""
    if not crawler.crawling:
        return None
    return crawler.get_spider_middleware(NamedMiddleware) or NamedMiddleware()


def is_host_named(crawler: Crawler, host: str) -> bool:
    """Whether a user named a host, at whatever port."""
    own, told = named_by(crawler.spider), named_in(crawler)
    return own is None or told is None or host in {each for each, _ in own | told.hosts}


class FileHandler(FileDownloadHandler):
    """Reads the files that a user names; pages may name others."""

    async def download_request(self, request: Request) -> Response:
        told = named_in(self.crawler)
        if told is not None and request.url not in told.files:
            raise NotSupported(f"{request.url}: only files that start() asks for are read")
        return await super().download_request(request)


def sent_as(request: Request) -> Request:
    """Return a request as it is sent: to the archive that shows the answer, where there is one."""
    replayed = request.meta.get(REPLAYED)
    if replayed is None:
        return request
    meta = dict(request.meta)
    if "_scheme_proxy" in meta and proxy_bypass(urlsplit(replayed).netloc):
        del meta["proxy"]  # that of the environment is not for the archive
    return request.replace(url=replayed, meta=meta)


def is_local(host: str) -> bool:
    """Whether a name stands for the machine that resolves it (RFC 6761, 6.3)."""
    return host == "localhost" or host.endswith(".localhost")


class InnerAddressError(DNSLookupError):
    """A name leads to an inner address."""


class GuardedResolver(CachingThreadedResolver):
    """Gives out no inner address, of IPv4 or IPv6, for a name that the user did not name.

    ``proxies`` are the hosts of proxies that the user's settings or environment name: no page can.
    The address that was judged is the one that is connected to, so that a second answer of the
    name server changes nothing.
    """

    crawlers: Collection[Crawler] = ()

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.proxies: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> Self:
        """Make the resolver of a process: Scrapy gives that, with all its crawlers."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.crawlers = crawler.crawlers
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - the name is Twisted's
        address = literal(name)
        if address is not None:
            return succeed(address).addCallback(self._judge, name)
        found = super().getHostByName(name, timeout)
        found.addErrback(self._by_ipv6, name)
        return found.addCallback(self._judge, name)

    def _by_ipv6(self, failure: Failure, name: str) -> Deferred[str]:
        """Look for an address of IPv6 where a name has none of IPv4."""
        found = deferToThread(getaddrinfo, name, None, AF_INET6, SOCK_STREAM)
        return found.addCallbacks(lambda told: str(told[0][4][0]), lambda _: failure)

    def _judge(self, address: str, name: str) -> str:
        if (
            (is_public(address) and not is_metadata(name))
            or name.lower() in self.proxies
            or not self.crawlers  # a shell, where a user types what is asked for
            or any(is_host_named(each, name) for each in self.crawlers)
        ):
            return address
        raise InnerAddressError(f"{name} is {address}")


class AddressGuard:
    """Judges a request before it is sent: its host as an address, and as a name.

    A proxy resolves names itself, so that of requests through one only hosts that are addresses,
    or the proxy's own, are judged.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @cached_property
    def _own(self) -> set[tuple[str, int]] | None:
        return named_by(self.crawler.spider)

    def _is_named(self, host: str, port: int) -> bool:
        if self._own is None or (host, port) in self._own:
            return True
        told = named_in(self.crawler)
        return told is None or (host, port) in told.hosts

    async def check(self, request: Request) -> None:
        """See that a request may be sent.

        Raises:
            ForbiddenAddress: it leads to an inner address that nobody named, or past the archive
                that a run reads.
        """
        url = urlparse_cached(request)
        archive = getattr(self.crawler.spider, "replayed_from", "")
        if archive and url.netloc != urlsplit(archive).netloc:
            raise ForbiddenAddress(f"{url.netloc} is not the archive")
        host = url.hostname or ""
        port = url.port or PORTS.get(url.scheme, 0)
        proxy = request.meta.get("proxy")
        if proxy:
            _admit_proxy(proxy)
        if self._is_named(host, port):
            return
        if is_metadata(host):
            raise ForbiddenAddress(f"{host} is the metadata of a cloud")
        address = LOOPBACK if is_local(host) else literal(host)
        if address is None and not proxy:
            with suppress(DNSLookupError):  # it fails when it is connected to, with its own reason
                address = await _resolved(host)
        if address is not None and not is_public(address):
            raise ForbiddenAddress(f"{host} is {address}")

    async def address(self, host: str, port: int) -> str:
        """Resolve a host once, and return the one address that may be connected to.

        Raises:
            ForbiddenAddress: it is an inner address, and nobody named the host with this port.
            DNSLookupError: there is none.
        """
        address = LOOPBACK if is_local(host) else literal(host)
        if address is None:
            address = await _resolved(host)
        if not is_public(address) and not self._is_named(host, port):
            raise ForbiddenAddress(f"{host} is {address}")
        return address


async def _resolved(host: str) -> str:
    """Return the address of a name.

    Raises:
        ForbiddenAddress: it is an inner one, and nobody named the host.
        DNSLookupError: there is none.
    """
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    try:
        found: str = await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type] # Twisted types the name wrongly
    except InnerAddressError as error:
        raise ForbiddenAddress(str(error)) from None
    return found


def _admit_proxy(proxy: str) -> None:
    """Let the host of a proxy that the user named lie anywhere."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    resolver = getattr(reactor, "resolver", None)
    if isinstance(resolver, GuardedResolver):
        resolver.proxies.add(urlsplit(add_http_if_no_scheme(proxy)).hostname or "")

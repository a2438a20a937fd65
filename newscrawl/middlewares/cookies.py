"""Cookie walls: pages that are only for who sends back the cookie of a redirect."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from newscrawl.addresses.address import Address
from newscrawl.addresses.hosts import read_host
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.url_parts import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from http.cookiejar import Cookie

    from scrapy.crawler import Crawler

    from newscrawl.frontier.visits import Visit

T = TypeVar("T")

SENT = "newscrawl_cookie"
TRIED = "newscrawl_cookie_tried"
"""In the meta of a request whose header ``Cookie`` comes from a jar."""
REDIRECTS = range(300, 400)
REFUSALS = frozenset({400, 401, 403, 412, 428})
MAX_HOPS = 1_000
"""Redirects that are remembered, with the cookies they set."""
MAX_CIRCLE = 20
MAX_ROUNDS = 5
"""How often a circle may bring further cookies; a wall needs one or two rounds."""
MAX_JARS = 100
MAX_COOKIES = 20
"""Cookies of a host; of one answer too."""
MAX_BYTES = 4_096
"""Of one cookie, as browsers have it, of all that one answer sets, and of all that a host has."""
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no cookie may hold (RFC 6265bis, 5.6)."""


class Hop(NamedTuple):
    """A redirect: where it leads, the cookies it set, and those that it had been sent."""

    target: str
    cookies: tuple[bytes, ...]
    sent: bytes


class CookieWallMiddleware:
    """Keeps cookies of redirects that go round in a circle, for the hosts of that circle alone.

    A browser that sends them back is let through. All other cookies are ignored. Jars end with
    the run, and are written nowhere. A jar has only cookies of its own host, and of hosts of
    the same circle whose cookies have a domain that holds both.
    """

    def __init__(self) -> None:
        self._jars: OrderedDict[str, CookieJar] = OrderedDict()
        self._hops: OrderedDict[str, Hop] = OrderedDict()
        self._rounds: OrderedDict[str, int] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: ARG003 - the signature is Scrapy's
        return cls()

    def process_request(self, request: Request) -> None:
        if request.meta.pop(SENT, False):
            request.headers.pop(b"Cookie", None)
        jar = self._jars.get(_host(request.url))
        if jar is None or b"Cookie" in request.headers or request.meta.get("playwright"):
            return
        jar.add_cookie_header(request)
        if b"Cookie" in request.headers:
            request.meta.update({SENT: True, "dont_cache": True})

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = response.headers.get(b"Location")
        if response.status in REDIRECTS and location:
            if request.meta.get("visit") is None:
                self._redirected(request, response, _target(request, location))
            return response
        url = _plain(request.url)
        self._hops.pop(url, None)
        if response.status in REFUSALS and (again := self._tried(request, url)) is not None:
            return again
        self._renew(request, response)
        return response

    def _tried(self, request: Request, url: str) -> Request | None:
        """Return a request once more with the cookies of what led to it, if it was refused without."""
        host = _host(url)
        if request.meta.get(TRIED):
            self._jars.pop(host, None)
        elif host not in self._jars and "visit" in request.meta:
            self._learn([url])
            if self._header(url):
                return request.replace(meta={**request.meta, TRIED: True})
        return None

    def again(self, request: Request, response: Response, target: str) -> Request | None:
        """Return the request of a visit once more where its redirect closes a circle with new cookies.

        The other pages of the circle, and what leads to them, are queued again with the visit.
        """
        url = _plain(request.url)
        if b"Cookie" not in request.headers and self._header(url):
            return request.replace()  # it was sent before its host had a jar
        pages = self._redirected(request, response, target)
        if not pages:
            return None
        visit: Visit = request.meta["visit"]
        others = {Address.parse(page).identity for page in pages} - {visit.row.identity}
        visit.bounced.extend(sorted(others))
        return request.replace()

    def _redirected(self, request: Request, response: Response, target: str) -> list[str]:
        """Take note of a redirect; return what is let through by the cookies of its circle, if any."""
        url = _plain(request.url)
        sent = request.headers.get(b"Cookie") or b""
        _keep(self._hops, url, Hop(target, tuple(_set_cookies(response)), sent), MAX_HOPS)
        circle = self._circle(url)
        if not circle:
            return []
        leading = self._learn(circle)
        changed = [page for page in leading if self._header(page) != self._hops[page].sent]
        key = min(circle)
        rounds = self._rounds.get(key, 0) + 1
        if not changed or rounds > MAX_ROUNDS:
            return []
        _keep(self._rounds, key, rounds, MAX_HOPS)
        for page in leading:
            del self._hops[page]
        return leading

    def _header(self, url: str) -> bytes:
        """Return what a request would be sent with now."""
        jar, request = self._jars.get(_host(url)), Request(url)
        if jar is not None:
            jar.add_cookie_header(request)
        return request.headers.get(b"Cookie") or b""

    def _circle(self, url: str) -> list[str]:
        """Return the addresses that lead from one back to it; none where they do not."""
        circle = [url]
        while len(circle) <= MAX_CIRCLE:
            hop = self._hops.get(circle[-1])
            if hop is None:
                return []
            if hop.target == url:
                return circle
            circle.append(hop.target)
        return []

    def _learn(self, circle: Sequence[str]) -> list[str]:
        """Put the cookies of a circle, and of what leads into it, into the jars of its hosts.

        Return the pages that set them, and those that may be shown to who sends them.
        """
        members = frozenset(circle)
        leading = [
            url for url, hop in self._hops.items() if url in members or hop.target in members
        ]
        for host in {_host(url) for url in circle}:
            jar = self._jars.get(host) or CookieJar()
            for url in leading:
                _fill(jar, host, url, self._hops[url].cookies)
            if len(jar):
                _keep(self._jars, host, jar, MAX_JARS)
        return leading

    def _renew(self, request: Request, response: Response) -> None:
        """Take what a host sets in place of a cookie that it is sent."""
        host = _host(request.url)
        jar = self._jars.get(host)
        if jar is not None and SENT in request.meta:
            names = frozenset(cookie.name for cookie in jar)
            _fill(jar, host, request.url, tuple(_set_cookies(response)), names)


def _fill(
    jar: CookieJar,
    host: str,
    url: str,
    cookies: Sequence[bytes],
    names: frozenset[str] | None = None,
) -> None:
    """Put cookies that were set at an address into the jar of a host; of some names, if given."""
    if not cookies:
        return
    request, response = Request(url), Response(url, headers={"Set-Cookie": list(cookies)})
    for cookie in jar.make_cookies(response, request):
        is_named = names is None or cookie.name in names
        if is_named and _belongs(cookie, host, url) and _has_room(jar, cookie):
            jar.set_cookie_if_ok(cookie, request)


def _belongs(cookie: Cookie, host: str, url: str) -> bool:
    """Whether a cookie is for a host, as its domain has it; a public suffix is nobody's."""
    if not cookie.domain_specified:
        return _host(url) == host
    domain = cookie.domain.lstrip(".").lower()
    name = host.partition(":")[0]
    if domain == name:
        return _host(url) == host or bool(read_host(name).registered)
    try:
        return name.endswith(f".{domain}") and bool(read_host(domain).registered)
    except UnfetchableURL:
        return False


def _has_room(jar: CookieJar, cookie: Cookie) -> bool:
    others = [each for each in jar if each.name != cookie.name]
    size = sum(map(_size, others)) + _size(cookie)
    return len(others) < MAX_COOKIES and size <= MAX_BYTES


def _size(cookie: Cookie) -> int:
    return len(cookie.name) + len(cookie.value or "")


def _set_cookies(response: Response) -> Iterator[bytes]:
    """Yield the cookies that an answer sets, but none that is malformed, nor too many."""
    room = MAX_BYTES
    for cookie in response.headers.getlist(b"Set-Cookie")[:MAX_COOKIES]:
        if len(cookie) <= room and not CONTROL.search(cookie):
            room -= len(cookie)
            yield cookie


def _target(request: Request, location: bytes) -> str:
    try:
        return _plain(resolve(request.url, location.decode("utf-8", "replace")))
    except ValueError:
        return ""


def _plain(url: str) -> str:
    try:
        return Address.parse(url).url
    except UnfetchableURL:
        return ""


def _host(url: str) -> str:
    """Return the host of an address, with its port where that is none of the web's."""
    try:
        address = Address.parse(url)
    except UnfetchableURL:
        return ""
    return f"{address.host.name}{'' if address.port in {':80', ':443'} else address.port}"


def _keep(kept: OrderedDict[str, T], key: str, value: T, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)

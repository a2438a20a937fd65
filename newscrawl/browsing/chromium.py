"""A Chromium as download handler, held to the rules of the crawl."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy_playwright.handler import (  # type: ignore[import-untyped] # it ships no types
    ScrapyPlaywrightDownloadHandler,
)
from scrapy_playwright.page import PageMethod  # type: ignore[import-untyped] # as above

from newscrawl.browsing.permits import MAX_REQUESTS, USER, Permit
from newscrawl.browsing.proxy import BrowserProxy
from newscrawl.browsing.switches import SHUT, launch_options, server
from newscrawl.middlewares.addresses import AddressGuard
from newscrawl.middlewares.browser import chromium
from newscrawl.middlewares.robots import RobotsMiddleware
from newscrawl.outcomes import BrowserFailed
from newscrawl.pages.documents.document import own
from newscrawl.politeness.politeness import PoliteSender

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page
    from playwright.async_api import Request as Wanted
    from scrapy.crawler import Crawler
    from scrapy.http import Response

NEEDED = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
"""Kinds of request; not pictures, media, fonts, pings, nor sockets."""
MAX_QUIET = 10.0
"""Seconds that a page is waited for which never stops asking."""
IDLE = "() => new Promise(done => requestIdleCallback(() => setTimeout(done, 100)))"
CLOSING_SECONDS = 5.0
PAGE_META = (
    "playwright_include_page",
    "playwright_context_kwargs",
    "playwright_page_init_callback",
    "playwright_page_methods",
    "playwright_page",
)
"""What a request carries only while its page is open."""


class ChromiumDownloadHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc] # it ships no types
    """Renders the requests that ask for it, within ``DOWNLOAD_TIMEOUT`` and ``DOWNLOAD_MAXSIZE``.

    A page may load its own site's scripts and data, where robots.txt lets it. It keeps nothing:
    no downloads, service workers, cookies or storage. All that leaves it goes through a proxy of
    our own, which judges addresses; the routes of a page judge whole URLs, also under TLS.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.crawler = crawler
        self._guard = AddressGuard(crawler)
        self._sender = PoliteSender(crawler)
        self.config.launch_options = {
            "executable_path": chromium(settings),
            "chromium_sandbox": os.geteuid() != 0,
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
        }
        self.config.navigation_timeout_ms = settings.getfloat("DOWNLOAD_TIMEOUT") * 1000
        self.abort_request = self._aborts
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._quiet = min(MAX_QUIET, self._timeout / 2)
        self._maxsize = settings.getint("DOWNLOAD_MAXSIZE")
        self._context = {
            "accept_downloads": False,
            "service_workers": "block",
            "user_agent": settings["USER_AGENT"],
            "ignore_https_errors": not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"),
        }
        self._proxy = BrowserProxy(crawler)
        self._server = ""
        self._starting = asyncio.Lock()
        self._asked: WeakKeyDictionary[Page, Counter[str]] = WeakKeyDictionary()

    async def download_request(self, request: Request) -> Response:
        await self._guard.check(request)
        rendered = request.meta.get("playwright")
        plain = super().download_request
        return await self._sender.send(request, self._render if rendered else plain)

    async def _render(self, request: Request) -> Response:
        permit = self._proxy.permit(request)
        request.headers.pop(b"Proxy-Authorization", None)
        try:
            await self._start()
            request.meta.update(self._page_meta(permit))
            async with asyncio.timeout(self._timeout):
                response: Response = await super().download_request(request)
        except (TimeoutError, PlaywrightTimeoutError) as error:
            raise DownloadTimeoutError(request.url) from error
        except PlaywrightError as error:
            failed = BrowserFailed(error.message.partition("\n")[0])
            raise permit.failure or failed from error
        finally:
            self._proxy.revoke(permit)
            await self._forget(request)
            if permit.proxy_authorization is not None:
                request.headers[b"Proxy-Authorization"] = permit.proxy_authorization
        if self._maxsize and len(response.body) > self._maxsize:
            raise DownloadCancelledError(f"{len(response.body)} bytes: {request.url}")
        address = None if permit.address is None else ip_address(permit.address)
        return response.replace(ip_address=address)

    async def _maybe_launch_in_thread(self) -> None:
        """At the start of the crawl nothing is launched: it may never be needed."""

    async def _start(self) -> None:
        async with self._starting:
            if not self._server:
                port = await self._proxy.start()
                self.config.launch_options |= launch_options(port)
                self._server = server(port)
                await self._launch()
        await self._maybe_launch_browser()

    async def close(self) -> None:
        self._proxy.close()
        await super().close()

    def _page_meta(self, permit: Permit) -> dict[str, Any]:
        way_out = {"server": self._server, "username": USER, "password": permit.password}
        return {
            "playwright_include_page": True,
            "playwright_context_kwargs": {**self._context, "proxy": way_out},
            "playwright_page_init_callback": self._watch,
            "playwright_page_methods": [PageMethod(_until_quiet, self._quiet)],
        }

    async def _forget(self, request: Request) -> None:
        """Close what was opened for a request, also a page that is busy for ever."""
        for name in PAGE_META:
            request.meta.pop(name, None)
        opened = self.context_wrappers.get(request.meta["playwright_context"])
        if opened is not None:
            with suppress(TimeoutError, PlaywrightError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await opened.context.close()

    async def _aborts(self, wanted: Wanted) -> bool:
        frame = wanted.frame
        if wanted.resource_type not in NEEDED or frame.parent_frame is not None:
            return True
        asked = self._asked.setdefault(frame.page, Counter())
        asked["requests"] += 1
        if asked["requests"] > MAX_REQUESTS:
            return True
        if asked["requests"] == 1:
            return False
        return not (own(wanted.url, frame.url) and await self._may_fetch(wanted.url))

    async def _watch(self, page: Page, request: Request) -> None:
        """Check again what Playwright's routes let through.

        That lets redirects through without asking, and when a page is closed what it held back.
        """
        await _close_ways_out(page)
        session = await page.context.new_cdp_session(page)
        session.on("Fetch.requestPaused", partial(self._judge, session, request.url))
        way_out = request.meta["playwright_context_kwargs"]["proxy"]
        session.on("Fetch.authRequired", partial(_show_permit, session, way_out["password"], set()))
        await session.send("Fetch.enable", {"handleAuthRequests": True})

    async def _judge(self, session: CDPSession, page: str, paused: dict[str, Any]) -> None:
        url, known = paused["request"]["url"], {"requestId": paused["requestId"]}
        is_redirect = "redirectedRequestId" in paused
        with suppress(PlaywrightError):
            if is_redirect and not (own(url, page) and await self._may_fetch(url)):
                await session.send("Fetch.failRequest", {**known, "errorReason": "BlockedByClient"})
            else:
                await session.send("Fetch.continueRequest", known)

    async def _may_fetch(self, url: str) -> bool:
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        return robots is None or await robots.allows(Request(url))


async def _show_permit(
    session: CDPSession, password: str, shown: set[str], asked: dict[str, Any]
) -> None:
    """Show the permit to our proxy, once a request; sites that ask for a password get none.

    From Chromium 150 on a session that judges requests is asked too, and one that is not would
    answer for Playwright, which knows the permit.
    """
    request = asked["requestId"]
    is_ours = asked["authChallenge"].get("source") == "Proxy"
    answer = {"response": "CancelAuth" if is_ours else "Default"}
    if is_ours and request not in shown:
        shown.add(request)
        answer = {"response": "ProvideCredentials", "username": USER, "password": password}
    with suppress(PlaywrightError):
        known = {"requestId": request, "authChallengeResponse": answer}
        await session.send("Fetch.continueWithAuth", known)


async def _until_quiet(page: Page, seconds: float) -> None:
    """Wait until a page asks for nothing more, or so long.

    That is when half a second has passed without a request, and then a while in which its scripts
    had nothing to do: on a busy machine they may not have begun before.
    """
    asked: Counter[str] = Counter()
    for event in ("request", "requestfinished", "requestfailed"):
        page.on(event, lambda _, event=event: asked.update((event,)))
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(seconds):
            await page.wait_for_load_state("networkidle", timeout=0)
            while True:
                before = asked["request"]
                await page.evaluate(IDLE)
                under_way = asked["request"] > asked["requestfinished"] + asked["requestfailed"]
                if asked["request"] == before and not under_way:
                    return


async def _close_ways_out(page: Page) -> None:
    """Sockets, windows, beacons and speculation may pass by the page's own routes."""
    await page.context.add_init_script(SHUT)
    await page.context.route_web_socket("**", lambda socket: socket.close())
    await page.context.route("**", lambda route: route.abort())

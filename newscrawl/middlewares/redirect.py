"""Redirects, hop by hop: each has its own row in the ledger."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.spidermiddlewares.referer import RefererMiddleware

from newscrawl.addresses.address import Address
from newscrawl.addresses.captures import CAPTURE
from newscrawl.addresses.joining import as_sent, join
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.middlewares.cookies import CookieWallMiddleware
from newscrawl.outcomes import Redirected, TooManyRedirects

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.frontier.visits import Visit

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class LedgerRedirectMiddleware(RedirectMiddleware):
    """Ends a visit that is redirected to another identity; Scrapy's rules for all other requests.

    Where several headers ``Location`` disagree there is no redirect, as in browsers.
    A redirect to the same identity (``http`` to ``https``, a slash, ``www``) is
    fetched again for the same visit, ``REDIRECT_MAX_TIMES`` times at most. A capture that is
    redirected ends so: where it leads has captures of its own, or none.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getint("REDIRECT_MAX_TIMES"):
            raise NotConfigured
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    @cached_property
    def _walls(self) -> CookieWallMiddleware:
        found = self.crawler.get_downloader_middleware(CookieWallMiddleware)
        return found or CookieWallMiddleware()

    def handle_referer(self, request: Request, response: Response) -> None:
        """Let Scrapy's middleware set a Referer where it is on, as ``REFERER_ENABLED`` says."""
        request.headers.pop("Referer", None)
        referer = self.crawler.get_spider_middleware(RefererMiddleware)
        if referer is not None:
            referer.get_processed_request(request, response)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override] # newer Scrapy drops the spider argument
        visit: Visit | None = request.meta.get("visit")
        if visit is None:
            return super().process_response(request, response)
        locations = {each.strip() for each in response.headers.getlist(b"Location")}
        if response.status not in REDIRECTS or len(locations) != 1 or locations == {b""}:
            return response
        visit.status = response.status
        try:
            target = Address.parse(join(request.url, as_sent(locations.pop())))
        except (UnfetchableURL, ValueError):
            raise Redirected("") from None
        if visit.row.kind == CAPTURE:
            raise Redirected(target.url)
        again = self._walls.again(request, response, target.url)
        if again is not None:
            return again
        if target.identity != visit.row.identity:
            raise Redirected(target.url)
        hops = request.meta.get("redirect_times", 0) + 1
        if hops > self.max_redirect_times or target.url == request.url:
            raise TooManyRedirects
        meta = {**request.meta, "redirect_times": hops}
        if meta.pop("_scheme_proxy", None):
            del meta["proxy"]  # that of the environment is chosen anew
        return request.replace(url=target.url, meta=meta)

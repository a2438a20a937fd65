"""Pages that need a browser, through a browser: ``-a browser=auto``."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

from scrapy.http import JsonResponse, XmlResponse

from newscrawl.addresses.address import fetch_url, identity
from newscrawl.discovery.entries import SOURCES
from newscrawl.outcomes import Redirected
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from scrapy.statscollectors import StatsCollector

    from newscrawl.frontier.visits import Visit
    from newscrawl.pages.judging.evidence import Facts

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HANDLER = "newscrawl.middlewares.chromium.ChromiumDownloadHandler"
AFTER_INJECTION = 540
RETRIES = 1
RENDERED = "playwright"
"""Scrapy-playwright's flag of its responses."""


def chromium(settings: BaseSettings) -> str:
    """Return the path of the browser: ``NEWSCRAWL_CHROMIUM``, else what ``PATH`` has.

    Raises:
        ValueError: it, or the extra ``browser``, is not installed.
    """
    if find_spec("scrapy_playwright") is None:
        raise ValueError("browser=auto needs the extra: pip install 'newscrawl[browser]'")
    named = settings["NEWSCRAWL_CHROMIUM"]
    names = (named,) if named else CHROMIUMS
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise ValueError(f"browser=auto needs a Chromium; there is no {' nor '.join(names)}")
    return found


def use_browser(settings: BaseSettings) -> None:
    """Put the browser into the settings of a run; without this nothing of it is loaded.

    Raises:
        ValueError: as :func:`chromium`.
    """
    path = chromium(settings)
    for name, value in {
        "NEWSCRAWL_CHROMIUM": path,
        "DOWNLOAD_HANDLERS": {
            **settings.getdict("DOWNLOAD_HANDLERS"),
            "http": HANDLER,
            "https": HANDLER,
        },
        "DOWNLOADER_MIDDLEWARES": {
            **settings.getdict("DOWNLOADER_MIDDLEWARES"),
            BrowserMiddleware: AFTER_INJECTION,
        },
    }.items():
        settings.set(name, value, priority="spider")


def evidence_of(page: NewsPage | ArticlePage, response: Response) -> Facts:
    """Return what decided the kind of a page, and whether a browser had rendered it."""
    return {**page.evidence, "rendered": True} if RENDERED in response.flags else page.evidence


class BrowserMiddleware:
    """Fetches a page again, for the same visit, where nothing can be read without its scripts.

    The page object of the plain answer decides; what the browser brings is final.
    """

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        return cls(crawler.stats)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        visit: Visit | None = request.meta.get("visit")
        is_data = isinstance(response, XmlResponse | JsonResponse)
        if visit is None or visit.row.kind in SOURCES or is_data:
            return response
        if request.meta.get("playwright"):
            return self._rendered(response, visit)
        page = request.cb_kwargs.get("page")
        if not isinstance(page, NewsPage | ArticlePage) or page.kind is not PageKind.SHELL:
            return response
        self.stats.inc_value("newscrawl/browser/pages")
        return request.replace(meta={**request.meta, **_in_browser(visit)}, cb_kwargs={})

    def _rendered(self, response: Response, visit: Visit) -> Response:
        """Refuse what a script has led elsewhere; drop validators, which are those of the shell."""
        target = fetch_url(response.url)
        if identity(target) != visit.row.identity:
            raise Redirected(target)
        for name in (b"ETag", b"Last-Modified"):
            response.headers.pop(name, None)
        return response


def _in_browser(visit: Visit) -> dict[str, Any]:
    """A context of its own leaves a page neither cookies nor storage of another."""
    return {
        "playwright": True,
        "playwright_context": f"visit-{visit.row.id}",
        "max_retry_times": RETRIES,
        "autothrottle_dont_adjust_delay": True,
    }

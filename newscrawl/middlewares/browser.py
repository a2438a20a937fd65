"""Pages that need a browser, or may read better in one, through a browser: ``-a browser=auto``."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from scrapy.http import JsonResponse, XmlResponse

from newscrawl.addresses.address import fetch_url, identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.discovery.entries import SOURCES
from newscrawl.outcomes import Redirected
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from scrapy.statscollectors import StatsCollector

    from newscrawl.answer import Answer
    from newscrawl.frontier.visits import Visit
    from newscrawl.pages.judging.evidence import Facts

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HANDLER = "newscrawl.browsing.chromium.ChromiumDownloadHandler"
AFTER_INJECTION = 540
RETRIES = 1
RENDERED = "playwright"
"""Scrapy-playwright's flag of its responses."""
PLAIN = "newscrawl_plain"
"""The key of what was read without a browser, in the meta of a request."""


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
    chromium(settings)
    for name, value in {
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


class Plain(NamedTuple):
    """What was read of a page without a browser, and what of it would be archived."""

    response: Response
    page: NewsPage | ArticlePage
    confidence: float
    answer: Answer | None


class BrowserMiddleware:
    """Fetches a page again, for the same visit, where its scripts may give more.

    That is where nothing can be read without them, and where the text of an article is doubtful.
    The page object of the plain answer decides. What the browser brings of a page without text is
    final; that of an article is taken only if its text is surer, and is given up if it fails.
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
        page = request.cb_kwargs.get("page")
        if request.meta.get("playwright"):
            plain: Plain | None = request.meta.get(PLAIN)
            if plain is not None and not _is_surer(response, page, plain, visit):
                return _put_back(plain, request, visit)
            return self._rendered(response, visit)
        if not isinstance(page, NewsPage | ArticlePage):
            return response
        plain = _doubtful(response, page, visit)
        if plain is None and page.kind is not PageKind.SHELL:
            return response
        self.stats.inc_value("newscrawl/browser/pages")
        if plain is not None:
            self.stats.inc_value("newscrawl/browser/doubtful")
        meta = {**request.meta, **_in_browser(visit), PLAIN: plain}
        return request.replace(meta=meta, cb_kwargs={})

    def process_exception(self, request: Request, exception: Exception) -> Response | None:  # noqa: ARG002 - Scrapy passes it
        """Stay with what was read of an article before, if the browser fails."""
        plain: Plain | None = request.meta.get(PLAIN)
        return None if plain is None else plain.response

    def _rendered(self, response: Response, visit: Visit) -> Response:
        """Refuse what a script has led elsewhere; drop validators, which are those of the shell."""
        target = fetch_url(response.url)
        if identity(target) != visit.row.identity:
            raise Redirected(target)
        for name in (b"ETag", b"Last-Modified"):
            response.headers.pop(name, None)
        return response


def _confidence(page: object) -> float | None:
    """How sure the text of an article is; ``None`` of other pages, and where nothing weighed it."""
    if not isinstance(page, NewsPage | ArticlePage) or page.kind is not PageKind.ARTICLE:
        return None
    weighed = (page.page if isinstance(page, NewsPage) else page).weighed
    return None if weighed is None else weighed.confidence


def _doubtful(response: Response, page: NewsPage | ArticlePage, visit: Visit) -> Plain | None:
    confidence = _confidence(page)
    if confidence is None or confidence >= DOUBTFUL:
        return None
    return Plain(response, page, confidence, visit.answers.get(visit.row.identity))


def _is_surer(response: Response, page: object, plain: Plain, visit: Visit) -> bool:
    """Whether a browser brought an article whose text is surer than the plain one."""
    try:
        there = identity(response.url) == visit.row.identity
    except UnfetchableURL:
        return False
    return there and RENDERED in response.flags and (_confidence(page) or 0.0) > plain.confidence


def _put_back(plain: Plain, request: Request, visit: Visit) -> Response:
    request.cb_kwargs["page"] = plain.page
    if plain.answer is not None:
        visit.answers[visit.row.identity] = plain.answer
    return plain.response


def _in_browser(visit: Visit) -> dict[str, Any]:
    """A context of its own leaves a page neither cookies nor storage of another."""
    return {
        "playwright": True,
        "playwright_context": f"visit-{visit.row.id}",
        "max_retry_times": RETRIES,
        "autothrottle_dont_adjust_delay": True,
    }

"""From an archived answer to its article, by the page objects and pipelines of a crawl, without engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import tzinfo
from typing import Any, NamedTuple, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Headers, JsonResponse, Response, TextResponse, XmlResponse
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.statscollectors import DummyStatsCollector
from scrapy_poet.utils import scrapy_response_to_http_response
from web_poet import consume_modules, default_registry

from newscrawl.answer import Answer
from newscrawl.arguments.arguments import signals_named
from newscrawl.failures import outcome_of_error
from newscrawl.items import Article
from newscrawl.middlewares.browser import RENDERED
from newscrawl.middlewares.guard import as_text, mend_headers
from newscrawl.middlewares.unpacking import Unpacking, is_part
from newscrawl.outcomes import OptedOut, Outcome, Rejected, Truncated, Undecodable
from newscrawl.own_items import article_of
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.fields.parts import join_parts
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.pipelines.validate import ValidatePipeline
from newscrawl.spiders.deadline import deadline
from newscrawl.spiders.news import MAX_PARTS, NewsSpider
from newscrawl.spiders.placeholders import PLACEHOLDERS
from newscrawl.unpacking import unpack

OUTCOMES = {PageKind.LISTING: Outcome.LISTING, PageKind.PART: Outcome.PART}

Parts = Callable[[str], Answer]
"""Returns the answer of a part of an article by its URL."""


class Read(NamedTuple):
    """What a page gave: an article that passed the pipelines, or else an outcome."""

    article: Article | None
    outcome: Outcome | None = None
    reason: str | None = None


class PageReader:
    """Reads answers one by one, each within ``NEWSCRAWL_MAX_READING``."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.limit = settings.getint("DOWNLOAD_MAXSIZE")
        self._max_reading = settings.getfloat("NEWSCRAWL_MAX_READING")
        self._obeyed = signals_named(settings) - {"nofollow"}
        self._unpacking = Unpacking.from_crawler(crawler)
        self._salvaging = _Salvaging.from_crawler(crawler)
        self._validation = ValidatePipeline(settings.getint("NEWSCRAWL_MIN_WORDS"))
        self._signing = DedupePipeline()
        self._runner = asyncio.Runner()

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Build a reader whose page objects are those of ``SCRAPY_POET_DISCOVER``.

        Raises:
            ValueError: a setting is none.
        """
        consume_modules(*settings.getlist("SCRAPY_POET_DISCOVER"))
        crawler = Crawler(NewsSpider, settings.copy())  # type: ignore[arg-type] # of the same class
        crawler.stats = DummyStatsCollector(crawler)
        return cls(crawler)

    def close(self) -> None:
        self._runner.close()

    def text(self, answer: Answer) -> str:
        """Return all that a body says, as its charset has it and as UTF-8; also of a part of one."""
        response = self._salvaging.process_response(Request(answer.url), _response(answer))
        utf8 = response.body.decode(errors="replace")
        return f"{response.text}\n{utf8}" if isinstance(response, TextResponse) else utf8

    def read(
        self, answer: Answer, found_via: str, parts: Parts, zone: tzinfo | None = None
    ) -> Read:
        """Return the article of an answer, or the outcome that the page has instead; never fails.

        ``zone`` is that of the site's dates without an offset.
        """
        try:
            return self._read(answer, found_via, parts, zone)
        except Rejected as error:
            return Read(None, Outcome.REJECTED, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a page of whatever sort has an outcome
            return Read(None, *outcome_of_error(error))

    def _read(self, answer: Answer, found_via: str, parts: Parts, zone: tzinfo | None) -> Read:
        response = as_text(self._unpacked(answer))
        if isinstance(response, XmlResponse):
            return Read(None, Outcome.LISTING, "Xml")
        if isinstance(response, JsonResponse):
            return Read(None, Outcome.PAGE, "Json")
        page = self._page(response)
        page.zone, page.fetched = zone or page.zone, answer.at
        with deadline(self._max_reading):
            kind, signals = page.kind, page.signals
        if kind in PLACEHOLDERS:
            outcome, reason = PLACEHOLDERS[kind]
            return Read(None, outcome, reason.__name__)
        if kind is not PageKind.ARTICLE:
            return Read(None, OUTCOMES.get(kind, Outcome.PAGE))
        if self._obeyed.intersection(signals):
            raise OptedOut(answer.url)
        article = self._article(page)
        if not isinstance(article, Article):
            return Read(None, Outcome.PAGE)
        if page.part_urls:
            rest = [self._part(page, parts(url)) for url in page.part_urls[:MAX_PARTS]]
            article = join_parts(article, rest)
        article.found_via = found_via
        self._validation.process_item(clean(article, answer.at))
        self._signing.process_item(article)
        return Read(article)

    def _page(self, response: Response) -> NewsPage | ArticlePage:
        chosen = default_registry.overrides_for(response.url).get(NewsPage, NewsPage)
        page = chosen(scrapy_response_to_http_response(response))  # type: ignore[call-arg] # a WebPage
        assert isinstance(page, NewsPage | ArticlePage)
        return page

    def _article(self, page: NewsPage | ArticlePage) -> Any:
        with deadline(self._max_reading):
            return article_of(self._runner.run(page.to_item()))

    def _part(self, page: NewsPage | ArticlePage, answer: Answer) -> Article:
        response = scrapy_response_to_http_response(self._unpacked(answer))
        article: Article = self._article(page.beside(response))
        return article

    def _unpacked(self, answer: Answer) -> Response:
        """Return the answer as the engine would hand it to a callback.

        Others archive it unpacked and leave the header; markup is never packed.
        """
        response = _response(answer)
        mend_headers(response)
        if answer.cut or is_part(response):
            raise Truncated(answer.url)
        try:
            return self._unpacking.process_response(Request(answer.url), response)  # type: ignore[return-value] # it asks for nothing
        except (Truncated, Undecodable):
            if answer.body.lstrip().startswith(b"<"):
                return response
            raise


class _Salvaging(HttpCompressionMiddleware):
    """Takes what can be unpacked, and what cannot as it is."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        return unpack(body, encoding, max_size).body or body


def _response(answer: Answer) -> Response:
    headers = Headers()
    for name, value in answer.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=answer.url, body=answer.body)
    return kind(
        url=answer.url,
        status=answer.status,
        headers=headers,
        body=answer.body,
        flags=[RENDERED] if answer.rendered else None,
    )

"""The spider's side of the ledger: takes reports out of callbacks, counts items, finishes visits."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.items import Article
from newscrawl.middlewares.unpacking import retry
from newscrawl.outcomes import (
    BadField,
    Duplicate,
    NotStored,
    Outcome,
    OverLimit,
    Truncated,
    Unchanged,
)
from newscrawl.own_items import article_of
from newscrawl.scheduler import LedgerScheduler, ledger_of
from newscrawl.session.session import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.exceptions import DropItem
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newscrawl.frontier.rows import Found
    from newscrawl.frontier.visits import Visit


logger = logging.getLogger(__name__)

MAX_VALIDATOR_BYTES = 512
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header may hold (RFC 9110, 5.5), and PostgreSQL no text."""


@dataclass(slots=True)
class Report:
    """What a callback says of its page beside the items it yields.

    ``outcome`` is left out where the items decide it. ``next_pages`` are the
    identities of listing pages to be visited again if this one brings new URLs;
    ``lastmods`` are the dates of change that a source gives, by identity, as text that
    sorts as the dates do. From ``start()`` a report
    brings the seeds, which are visited in every run that is not a resumed one, unless
    ``revisits`` is false.
    """

    outcome: Outcome | None = None
    reason: str | None = None
    links: list[Found] = field(default_factory=list)
    parts: list[Found] = field(default_factory=list)
    next_pages: list[str] = field(default_factory=list)
    lastmods: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, Any] | None = None
    revisits: bool = True


def rejected(error: BadField, url: str) -> Report:
    """Say in the log what is wrong with an item of a user's own; return what to report of its page."""
    logger.warning(
        "Rejected: %s: its field %r holds a value of type %s", url, error.name, error.held
    )
    return Report(Outcome.REJECTED, error.reason)


class LedgerMiddleware:
    """Finishes each visit once its callback is exhausted and all its items are through.

    A page that yields several articles has the outcome ``listing``; each article
    is stored all the same. An article of a request that is no visit stays as its callback made
    it: pipelines work on a copy, as tools that hold on to items (``savefixture``) expect.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        connect = crawler.signals.connect
        connect(middleware.item_scraped, signal=signals.item_scraped)
        connect(middleware.item_dropped, signal=signals.item_dropped)
        connect(middleware.item_error, signal=signals.item_error)
        return middleware

    @property
    def _scheduler(self) -> LedgerScheduler | None:
        return ledger_of(self.crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        scheduler = self._scheduler
        if scheduler is not None:
            scheduler.hold()
        async for output in start:
            if isinstance(output, Report):
                for request in self._discover(output):
                    yield request
            else:
                yield output
        if scheduler is not None:
            scheduler.go(seeded=False)

    def _discover(self, report: Report) -> Iterable[Request]:
        """Take the seeds of a spider into the ledger; without one return requests for them."""
        session = session_of(self.crawler)
        if session is None:
            make = getattr(self.crawler.spider, "plain_requests", None)
            return make(report.links) if make is not None else ()
        session.discover(report.links, revisit=report.revisits and not session.resumed)
        if self._scheduler is not None:
            self._scheduler.go(seeded=True)
        return ()

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        visit: Visit | None = response.meta.get("visit")
        if visit is None:
            async for output in self._beside_the_ledger(response, result):
                yield output
            return
        visit.status = response.status
        visit.seconds = response.meta.get("download_latency")
        visit.etag = _header(response, b"ETag")
        visit.last_modified = _header(response, b"Last-Modified")
        is_retried = False
        try:
            async for output in result:
                if isinstance(output, Report):
                    _note(visit, output)
                    is_retried |= self._is_retried(response, output)
                    continue
                if isinstance(output, Request):
                    output.meta.pop("visit", None)  # a spider may hand on the meta of its response
                    yield output
                    continue
                try:
                    item = article_of(output)
                except BadField as error:
                    _note(visit, rejected(error, response.url))
                    continue
                if isinstance(item, Article):
                    item.found_via = item.found_via or visit.row.found_via
                visit.items += 1
                yield item
        except Exception as error:
            self._note_error(visit, error)
            raise
        finally:
            visit.exhausted = not is_retried
            self._finish(visit)

    async def _beside_the_ledger(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Yield what the spider's own callbacks give, for requests that it made itself."""
        session = session_of(self.crawler)
        has_ledger = session is not None and bool(session.plan.sites)
        async for output in result:
            if not has_ledger or isinstance(output, Request):
                yield deepcopy(output) if isinstance(output, Article) else output
            elif isinstance(output, Report):
                for request in self._discover(output):
                    yield request
            else:
                try:
                    yield article_of(output)
                except BadField as error:
                    rejected(error, response.url)
                    self._stats.inc_value(f"newscrawl/reason/{Outcome.REJECTED}/BadField")

    def process_spider_exception(self, response: Response, exception: Exception) -> None:
        visit: Visit | None = response.meta.get("visit")
        if visit is not None and not visit.exhausted and not isinstance(exception, HttpError):
            self._note_error(visit, exception)
            visit.exhausted = True
            self._finish(visit)

    def _is_retried(self, response: Response, report: Report) -> bool:
        """Whether a page that its reader found to end early is on its way once more."""
        request = response.request
        if report.reason != Truncated.__name__ or self._scheduler is None or request is None:
            return False
        try:
            again = retry(self.crawler, request, Truncated(response.url))
        except Truncated:
            return False
        return self._scheduler.enqueue_request(again.replace(cb_kwargs={}))

    def _note_error(self, visit: Visit, error: Exception) -> None:
        self._stats.inc_value("newscrawl/errors")
        visit.outcome, visit.reason = Outcome.FAILED, type(error).__name__

    def item_scraped(self, item: Any, response: Response | None) -> None:
        if not isinstance(item, Article):
            self._item_done(item, response, None, None)
        elif item.revision > 1:
            self._item_done(item, response, Outcome.REVISION, None)
        else:
            self._item_done(item, response, Outcome.ARTICLE, None)

    def item_dropped(self, item: Any, response: Response | None, exception: DropItem) -> None:
        """Note what became of an item.

        The exception forgets where it came from: Scrapy keeps it in a frame of that traceback, in
        a circle that would keep the whole page until a collection.
        """
        exception.__traceback__ = None
        visit = _visit_of(response)
        match exception:
            case OverLimit() | NotStored() if visit is not None:
                visit.released = True
                self._item_done(item, response, None, None)
            case Duplicate():
                self._item_done(item, response, Outcome.DUPLICATE, str(exception))
            case Unchanged():
                self._item_done(item, response, Outcome.UNCHANGED, None)
            case BadField():
                url = response.url if response is not None else "an item of start()"
                reason = rejected(exception, url).reason
                self._item_done(item, response, Outcome.REJECTED, reason)
            case _:
                reason = type(exception).__name__
                self._item_done(item, response, Outcome.REJECTED, reason)

    def item_error(self, item: Any, response: Response | None, failure: Failure) -> None:
        self._stats.inc_value("newscrawl/errors")
        self._item_done(item, response, Outcome.FAILED, type(failure.value).__name__)

    def _item_done(
        self, item: Any, response: Response | None, outcome: Outcome | None, reason: str | None
    ) -> None:
        visit = _visit_of(response)
        if visit is None:
            return
        visit.items -= 1
        if isinstance(item, Article):
            visit.published = item.published
        if outcome is not None and visit.outcome is not Outcome.LISTING:
            visit.outcome, visit.reason = outcome, reason
            if isinstance(item, Article) and outcome not in {Outcome.REJECTED, Outcome.FAILED}:
                visit.article_id = item.id
        self._finish(visit)

    def _finish(self, visit: Visit) -> None:
        if visit.exhausted and visit.items == 0 and self._scheduler is not None:
            self._scheduler.finish(visit)


def _visit_of(response: Response | None) -> Visit | None:
    return response.meta.get("visit") if response is not None else None


def _header(response: Response, name: bytes) -> str | None:
    """Return a validator as it was sent, unless it is longer than any honest one, or malformed."""
    value = response.headers.get(name)
    if value is None or len(value) > MAX_VALIDATOR_BYTES or CONTROL.search(value):
        return None
    return value.decode("latin-1")


def _note(visit: Visit, report: Report) -> None:
    if report.outcome is not None:
        visit.outcome, visit.reason = report.outcome, report.reason
    visit.links.extend(report.links)
    visit.parts.extend(report.parts)
    visit.next_pages.extend(report.next_pages)
    visit.lastmods.update(report.lastmods)
    if report.evidence is not None:
        visit.evidence = report.evidence

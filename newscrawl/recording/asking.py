"""One page asked for and read as a crawl would, with all that it was read from."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import time_machine
from scrapy import Request, Spider
from scrapy.http import JsonResponse, Response, XmlResponse
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object
from scrapy_poet.commands import SavingInjectionMiddleware, saved_dependencies
from scrapy_poet.downloadermiddlewares import InjectionMiddleware
from twisted.python.failure import Failure
from web_poet import ItemPage
from web_poet.exceptions import HttpError, PageObjectAction
from web_poet.utils import ensure_awaitable

from newscrawl.failures import outcome_of
from newscrawl.middlewares.guard import READ, as_text
from newscrawl.outcomes import NotText
from newscrawl.pages.judged import JudgedPage
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage
from newscrawl.recording.choosing import PageClass
from newscrawl.session.keeping import NOTHING_KEPT
from newscrawl.spiders.news import NewsSpider

QUIET: Mapping[str, Any] = {
    **NOTHING_KEPT,
    "_SCRAPY_POET_SAVEFIXTURE": True,
}
"""Settings under which nothing is kept but the page; by the last one a client keeps its answers."""
INJECTION = 543
ERRORS = [*range(400, 600)]
"""Statuses that the callback is told of; redirects are followed before."""

logger = logging.getLogger(__name__)


@dataclass
class Asking:
    """What came of a page: what it gave, or in ``problem`` why there is nothing to keep."""

    url: str
    problem: str = "no answer came; see the log"
    page_class: PageClass | None = None
    item: Any = None
    exception: Exception | None = None
    remark: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def inputs(self) -> list[Any]:
        """All that the page object was made from."""
        return saved_dependencies

    async def read(self, response: Response, page: ItemPage[Any]) -> None:
        """Read a page at the moment that its fixture is frozen at."""
        self.problem = self._unfit(response, page)
        if self.problem:
            return
        self.page_class = type(page)
        self.at = datetime.now(UTC).replace(microsecond=0)
        with time_machine.travel(self.at):
            try:
                self.item = await ensure_awaitable(page.to_item())  # type: ignore[no-untyped-call] # web-poet's
            except PageObjectAction as error:
                self.exception = error
            except HttpError as error:
                self.problem = f"asks for another page in vain: {error}"
            except Exception as error:
                logger.exception("%s cannot read %s", type(page).__name__, self.url)
                self.problem = f"cannot be read: {type(error).__name__}: {error}"

    def _unfit(self, response: Response, page: ItemPage[Any]) -> str:
        """Return why a page is not to be kept; empty where it is."""
        if response.status not in READ:
            return f"was answered with {response.status}"
        if not isinstance(page, NewsPage | JudgedPage):
            return ""
        try:
            kind = type(as_text(response))
        except NotText:
            return "is no text"
        if issubclass(kind, XmlResponse | JsonResponse):
            return f"is no article but {kind.__name__.removesuffix('Response').upper()}"
        if page.kind is not PageKind.ARTICLE:
            return f"is no article; its kind: {page.kind.value}"
        if page.part_urls:
            self.remark = f"the first of {len(page.part_urls) + 1} pages, which a crawl joins"
        return ""

    def failed(self, failure: Failure) -> None:
        outcome, reason = outcome_of(failure)
        said = str(failure.value).partition("\n")[0]
        self.problem = f"could not be had: {outcome.value}: {reason}"
        if said and said not in reason:
            self.problem += f" ({said})"


def reader_for(asking: Asking, asked: PageClass, base: type[Spider]) -> type[Spider]:
    """Return a spider that is ``base`` in all but what it asks for: this one page."""

    class Reader(base):  # type: ignore[valid-type, misc] # the base is the user's
        name = getattr(base, "name", None) or "reader"

        async def start(self) -> AsyncIterator[Any]:
            meta = {
                "savefixture": True,
                "handle_httpstatus_list": ERRORS,
                "allow_offsite": True,
                "page_params": _params_of(self),
            }
            yield Request(asking.url, self.read, meta=meta, errback=asking.failed, dont_filter=True)

        async def read(self, response: Response, page: Any) -> None:
            await asking.read(response, page)

    Reader.read.__annotations__ = {"response": Response, "page": asked}
    return Reader


def arguments_for(base: type[Spider], url: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the arguments of a spider that is to read one page, whose host the user has named.

    Raises:
        BadInput: those that were ``given`` are wrong.
    """
    if not issubclass(base, NewsSpider):
        return dict(given)
    base.parse_arguments({"url": url, **given})
    return {"url": url, **given}


def _params_of(spider: Any) -> dict[str, str]:
    """Return what the spider tells page objects, so that the recorded page is read the same way."""
    given = getattr(spider, "arguments", {}).get("timezone")
    zone = given or getattr(spider, "zone", None)
    return {"timezone": str(zone)} if zone else {}


def keep_nothing_else(settings: BaseSettings) -> None:
    """Set up a crawl that opens no ledger, stores nothing, alarms nobody, and keeps what it reads from."""
    settings.setdict(QUIET, priority="cmdline")
    own = dict(settings.getdict("EXTENSIONS"))
    for name in own:
        if str(name).startswith("newscrawl.extensions."):
            own[name] = None
    settings.set("EXTENSIONS", own, priority="cmdline")
    middlewares = dict(settings.getdict("DOWNLOADER_MIDDLEWARES"))
    places = [
        middlewares.pop(name)
        for name in list(middlewares)
        if issubclass(load_object(name), InjectionMiddleware)
    ]
    middlewares[InjectionMiddleware] = None
    middlewares[SavingInjectionMiddleware] = next(filter(None, places), INJECTION)
    settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="cmdline")
    saved_dependencies.clear()

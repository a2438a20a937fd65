"""``scrapy parse``: what one page gives, and why."""

from __future__ import annotations

import logging
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.commands.parse import Command as ScrapyParseCommand
from scrapy.exceptions import DropItem, UsageError
from scrapy.utils.spider import spidercls_for_request
from w3lib.url import is_url

from newscrawl.addresses.address import fetch_url
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.exit_status import ExitStatus

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

    from newscrawl.terminal.page_report import ReadPage

FALLBACK = "site"
"""The spider for a page that is of no spider's site."""

logger = logging.getLogger(__name__)


class Command(ScrapyParseCommand):
    """Scrapy's command, which shows of a news page what it is, what it says and where it leads.

    0 there was something on it; 1 it could not be fetched, its reading failed, or nothing was
    found; 2 bad arguments. What a spider of another kind gives is shown as Scrapy shows it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.read: list[ReadPage] = []

    def short_desc(self) -> str:
        return "Show what one page gives: its article, its links and the evidence"

    def long_desc(self) -> str:
        return (
            "Fetches a page and shows what kind of page it is and why, its article with the rule "
            "behind each field, and its links by kind. Nothing is stored. Ends with 1 where "
            "nothing could be fetched or found."
        )

    def run(self, args: list[str], opts: Namespace) -> None:
        if len(args) != 1 or not is_url(args[0]):
            raise UsageError("name one URL: http://…, https://… or file://…", print_help=False)
        url = args[0]
        if not url.startswith("file:"):
            try:
                fetch_url(url)
            except UnfetchableURL as error:
                raise UsageError(
                    f"{url!r} is not a web address: {error}", print_help=False
                ) from None
        if opts.depth < 1:
            raise UsageError("--depth must be at least 1", print_help=False)
        self.set_spidercls(url, opts)
        self._check(url, opts)
        self.start_parsing(url, opts)
        if self.read:
            self._show(opts)
        else:
            self.print_results(opts)
        found = any([*self.items.values(), *self.requests.values()])
        if not found:
            self.exitcode = ExitStatus.FAILED

    def set_spidercls(self, url: str, opts: Namespace) -> None:
        from newscrawl.spiders.naming import unknown_spider

        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        if opts.spider and opts.spider not in loader.list():
            raise unknown_spider(opts.spider)
        if not opts.spider and spidercls_for_request(loader, Request(url)) is None:
            opts.spider = FALLBACK
        super().set_spidercls(url, opts)

    def _check(self, url: str, opts: Namespace) -> None:
        """See that the spider takes its arguments; what it must be told of a site is the URL."""
        from newscrawl.spiders.news import NewsSpider

        spider = self.spidercls
        if spider is None or not issubclass(spider, NewsSpider):
            return
        if "url" in spider.required_arguments and not url.startswith("file:"):
            opts.spargs.setdefault("url", url)
        elif "url" in spider.required_arguments:
            spider.required_arguments = ()
        try:
            spider.parse_arguments(opts.spargs)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None

    def run_callback(
        self, response: Response, callback: Any, cb_kwargs: dict[str, Any] | None = None
    ) -> Deferred[Any]:
        from newscrawl.pages.news import NewsPage
        from newscrawl.terminal.page_report import ReadPage

        page = (cb_kwargs or {}).get("page")
        if isinstance(page, NewsPage):
            self.read.append(ReadPage(response.url, response.meta["_depth"], page))
        return super().run_callback(response, callback, cb_kwargs)

    def handle_exception(self, _failure: Failure) -> None:
        self.exitcode = ExitStatus.FAILED
        super().handle_exception(_failure)

    def scraped_data(self, args: Any) -> Any:
        """Take what a callback gave; with ``--pipelines`` once that is through them."""
        items, _, opts, *_ = args
        if not opts.pipelines or opts.output:
            return super().scraped_data(args)
        from scrapy.utils.defer import deferred_from_coro

        without = Namespace(**{**vars(opts), "pipelines": False})
        rest = args[3:]

        async def through() -> Any:
            kept = [each for item in items if (each := await self._through(item)) is not None]
            return super(Command, self).scraped_data((kept, args[1], without, *rest))

        return deferred_from_coro(through())

    async def _through(self, item: Any) -> Any:
        try:
            return await self.pcrawler.engine.scraper.itemproc.process_item_async(item)
        except DropItem as error:
            logger.warning("Dropped by the pipelines: %s: %s", type(error).__name__, error)
        except Exception:
            logger.exception("The pipelines failed")
            self.exitcode = ExitStatus.FAILED
        return None

    def _show(self, opts: Namespace) -> None:
        from newscrawl.items import Article
        from newscrawl.terminal.page_report import show

        for each in self.read:
            given = self.items.get(each.depth, [])
            articles = [item for item in given if isinstance(item, Article)]
            show(each, articles, items=not opts.noitems, links=not opts.nolinks)

"""How a run ends: by which word, and with which account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import CloseSpider

from newscrawl.session.keeping import why_no_ledger
from newscrawl.session.session import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.history.accounts import Account


class EndingExtension:
    """Ends a run that could read nothing by the word for it, and keeps the account of any run.

    ``account`` is what the run came to; ``no_account`` says why there is none.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.account: Account | None = None
        self.no_account = "before the crawl began; nothing was fetched"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self.no_account = "by force; what was committed is safe, and the next run goes on"

    def spider_idle(self) -> None:
        """Raises ``CloseSpider`` where no site of the run could be read."""
        session = session_of(self.crawler)
        reason = session.reach.reason(complete=True) if session is not None else None
        if reason is not None:
            raise CloseSpider(reason)

    def spider_closed(self) -> None:
        """Take the account while the engine still has its scheduler."""
        session = session_of(self.crawler)
        if session is None:
            self.no_account = why_no_ledger(self.crawler) or "this crawl keeps no ledger"
        else:
            self.account, self.no_account = session.account, session.no_account

"""How a run ends: by which word, with which account, and with which status."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import CloseSpider

from newscrawl.exit_status import ExitStatus
from newscrawl.session.keeping import why_no_ledger
from newscrawl.session.session import session_of
from newscrawl.store.replacing import write_whole
from newscrawl.terminal.closing import as_json
from newscrawl.verdict.ending import BUSY_ELSEWHERE, faults

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.history.accounts import Account

logger = logging.getLogger(__name__)


class EndingExtension:
    """Ends a run that could read nothing by the word for it, and keeps the account of any run.

    When the crawl has ended ``account`` is what it came to, or ``None``, and ``no_account`` says
    why. ``status`` is that of ``scrapy crawl``, for scripts that start crawls themselves:
    ``crawler.get_extension(EndingExtension).status``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.account: Account | None = None
        self.no_account = "before the crawl began; nothing was fetched"
        self._has_ledger = False
        self._is_kept = False
        self._is_lost = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
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
            self._has_ledger = bool(session.plan.sites)

    def engine_stopped(self) -> None:
        """Keep the account when all who hear of the end have said what is wrong."""
        if self._has_ledger:
            self.keep()

    @property
    def status(self) -> ExitStatus:
        """How good the crawl was that has ended, as an exit status."""
        stats = self.crawler.stats.get_stats()
        reason = stats.get("finish_reason")
        if reason in BUSY_ELSEWHERE:
            return ExitStatus.LOCKED
        if self._is_lost or faults(reason, stats):
            return ExitStatus.FAILED
        return ExitStatus.ALARM if stats.get("newscrawl/alarms") else ExitStatus.GOOD

    def keep(self) -> None:
        """Write the account where ``NEWSCRAWL_ACCOUNT`` says, once; a crawl that cannot has failed."""
        path = self.crawler.settings["NEWSCRAWL_ACCOUNT"]
        if not path or self._is_kept:
            return
        self._is_kept = True
        stats = self.crawler.stats.get_stats()
        text = json.dumps(as_json(self.account, stats, self.status, self.no_account)) + "\n"
        if path == "-":
            sys.stdout.write(text)
            return
        try:
            write_whole(Path(path), text)
        except OSError as error:
            self._is_lost = True
            logger.error("NEWSCRAWL_ACCOUNT: %s: %s", path, error.strerror)  # noqa: TRY400 - the text says it

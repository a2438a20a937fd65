"""Monitors: each run of a site against the site's own earlier runs."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Spider, signals
from scrapy.utils.defer import maybe_deferred_to_future
from spidermon import Monitor, MonitorSuite  # type: ignore[import-untyped]
from spidermon.contrib.scrapy.extensions import Spidermon  # type: ignore[import-untyped]
from spidermon.contrib.scrapy.runners import (  # type: ignore[import-untyped]
    SpiderMonitorResult,
    SpiderMonitorRunner,
)
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.threads import deferToThread

from newscrawl.extensions.alarms import LEAST, RUNS_BACK, Alarm, Watch, compared
from newscrawl.extensions.coverage import CoverageCounter
from newscrawl.items import Article
from newscrawl.store.coverage import save, seen_before, seen_by
from newscrawl.store.database import connect

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class MonitorsExtension(Spidermon):  # type: ignore[misc] # spidermon has no types
    """Spidermon, with what runs saw of their sites, and alarms that jobs can read.

    Keeps the coverage of the run, compares it, and runs the suites of
    ``SPIDERMON_SPIDER_CLOSE_MONITORS`` with the findings as ``data.alarms``. Each line of the
    message of a monitor that fails is an alarm: a warning in the log, and in the stats
    ``newscrawl/alarms`` (how many) and ``newscrawl/alarm/<n>``.
    """

    def __init__(self, crawler: Crawler, **suites: Any) -> None:
        super().__init__(crawler, **suites)
        self._counters: defaultdict[str, CoverageCounter] = defaultdict(CoverageCounter)
        self._alarms: list[Alarm] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension: Self = super().from_crawler(crawler)
        crawler.signals.connect(extension.count_article, signal=signals.item_scraped)
        crawler.signals.connect(extension.count_article, signal=signals.item_dropped)
        return extension

    def count_article(self, item: Any) -> None:
        if isinstance(item, Article):
            self._counters[item.site].add(item)

    async def spider_closed(self, spider: Spider) -> None:
        """Run the suites once the scheduler has told the number of the run, its outcomes stored."""
        run = self.crawler.stats.get_value("newscrawl/run")
        if run is not None:
            url = self.crawler.settings["NEWSCRAWL_DATABASE_URL"]
            sites = sorted(getattr(spider, "sites", ()))
            self._alarms = await maybe_deferred_to_future(
                deferToThread(self._compare, url, run, sites)
            )
        super().spider_closed(spider)

    def _compare(self, url: str, run: int, sites: list[str]) -> list[Alarm]:
        alarms: list[Alarm] = []
        engine = connect(url)
        with engine.begin() as connection:
            for site in sites:
                counter = self._counters[site]
                save(connection, run, site, counter.articles, counter.fields)
                before = seen_before(
                    connection, run, site, runs_back=RUNS_BACK, least_articles=LEAST
                )
                alarms += compared(seen_by(connection, run, site), before)
        engine.dispose()
        return alarms

    def _run_suites(self, spider: Spider, suites: list[MonitorSuite]) -> None:
        data = self._generate_data_for_spider(spider)
        for suite in suites:
            result = _Runner(spider).run(suite, **data, alarms=self._alarms)
            for text in result.alarms():
                self.crawler.stats.inc_value("newscrawl/alarms")
                number = self.crawler.stats.get_value("newscrawl/alarms")
                self.crawler.stats.set_value(f"newscrawl/alarm/{number}", text)
                logger.warning("Alarm: %s", text)

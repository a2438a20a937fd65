"""Monitors: how a run ended, and how it compares with the site's own earlier runs."""

from __future__ import annotations

import logging
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Spider, signals
from scrapy.utils.defer import maybe_deferred_to_future
from spidermon import Monitor, MonitorSuite  # type: ignore[import-untyped]
from spidermon.contrib.scrapy.extensions import Spidermon  # type: ignore[import-untyped]
from spidermon.contrib.scrapy.runners import (  # type: ignore[import-untyped]
    SpiderMonitorResult,
    SpiderMonitorRunner,
)
from spidermon.core.actions import Action  # type: ignore[import-untyped]
from spidermon.settings import MONITOR  # type: ignore[import-untyped]
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.threads import deferToThread

from newscrawl.extensions.alarm_mail import MailAction
from newscrawl.extensions.alarm_webhook import WebhookAction
from newscrawl.extensions.coverage import CoverageCounter
from newscrawl.history.coverage import (
    Outage,
    brought_new,
    first_changed,
    keep_alarms,
    outage,
    save,
    seen_before,
    seen_by,
)
from newscrawl.items import Article
from newscrawl.session.keeping import tool_at_work, why_no_ledger
from newscrawl.session.session import session_of
from newscrawl.store.database import connect
from newscrawl.verdict.alarms import LEAST, RUNS_BACK, Alarm, Watch, compared
from newscrawl.verdict.ending import ending

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class MonitorsExtension(Spidermon):  # type: ignore[misc] # spidermon is untyped
    """Spidermon, with what runs saw of their sites, and alarms that jobs can read.

    Keeps the coverage of the run, compares it, and runs the suites of
    ``SPIDERMON_SPIDER_CLOSE_MONITORS`` with the findings as ``data.alarms``, the number of the
    run as ``data.run``, its job as ``data.job_id`` and ``data.finish_reason``, each ``None`` before there is one. Each line of the
    message of a monitor that fails is an alarm: a warning in the log, and in the stats
    ``newscrawl/alarms`` (how many) and ``newscrawl/alarm/<n>``.
    """

    def __init__(self, crawler: Crawler, **suites: Any) -> None:
        super().__init__(crawler, **suites)
        self._counters: defaultdict[str, CoverageCounter] = defaultdict(CoverageCounter)
        self._alarms: list[Alarm] = []
        self._run: int | None = None
        self._job: str | None = None
        self._finish_reason: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension: Self = super().from_crawler(crawler)
        crawler.signals.connect(extension.count_article, signal=signals.item_scraped)
        crawler.signals.connect(extension.count_article, signal=signals.item_dropped)
        return extension

    def count_article(self, item: Any) -> None:
        if isinstance(item, Article):
            self._counters[item.site].add(item)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Run the suites once the session has told the number of the run, its outcomes stored.

        What a tool fetches for somebody at the screen alarms nobody.
        """
        is_kept = why_no_ledger(self.crawler) is None
        if not is_kept and tool_at_work(self.crawler) is not None:
            return
        sites = sorted(getattr(spider, "sites", ()))
        about = ", ".join(sites) or spider.name
        self._finish_reason = reason
        session = session_of(self.crawler)
        account = None if session is None else session.account
        self._alarms = [
            Alarm(Watch.ENDING, text if text.startswith(f"{about} ") else f"{about}: {text}")
            for text in ending(reason, self.crawler.stats.get_stats(), account)
        ]
        if session is not None:
            self._run, self._job = session.run or None, session.plan.job
        if self._run is not None and self.crawler.stats.get_value("newscrawl/run") is not None:
            url = self.crawler.settings["NEWSCRAWL_DATABASE_URL"]
            self._alarms = await maybe_deferred_to_future(
                deferToThread(self._compare, url, self._run, sites)
            )
        super().spider_closed(spider)

    def _compare(self, url: str, run: int, sites: list[str]) -> list[Alarm]:
        """Return the alarms of the run, those that there are already among them; keep them with it."""
        engine = connect(url)
        try:
            with engine.begin() as connection:
                by_site = [self._compare_site(connection, run, site) for site in sites]
                lasting = _lasting(", ".join(sites), outage(connection, run))
                alarms = [*self._alarms, *lasting, *chain.from_iterable(by_site)]
                keep_alarms(connection, run, [alarm.text for alarm in alarms])
        except SQLAlchemyError as error:
            text = f"this run could not be compared with earlier ones: {_first_line(error)}"
            return [*self._alarms, Alarm(Watch.RECORDS, text)]
        finally:
            engine.dispose()
        return alarms

    def _compare_site(self, connection: Connection, run: int, site: str) -> list[Alarm]:
        counter = self._counters[site]
        counter.show(first_changed(connection, counter.candidates))
        save(connection, run, site, counter.articles, counter.fields)
        before = seen_before(connection, run, site, runs_back=RUNS_BACK, least_articles=LEAST)
        brought = brought_new(connection, run, site)
        return compared(site, seen_by(connection, run, site), before, brought)

    def _run_suites(self, spider: Spider, suites: list[MonitorSuite]) -> None:
        data = self._generate_data_for_spider(spider)
        for suite in suites:
            result = AlarmRunner(spider).run(
                suite,
                **data,
                alarms=self._alarms,
                run=self._run,
                job_id=self._job,
                finish_reason=self._finish_reason,
            )
            for text in result.alarms:
                logger.warning("Alarm: %s", text, extra={"spider": spider})
                self.crawler.stats.inc_value("newscrawl/alarms")
                number = self.crawler.stats.get_value("newscrawl/alarms")
                self.crawler.stats.set_value(f"newscrawl/alarm/{number}", text)


def _lasting(about: str, outage: Outage | None) -> list[Alarm]:
    """Return an alarm if an outage has lasted for more than one run."""
    if outage is None or outage.runs == 1:
        return []
    text = (
        f"{about}: nothing could be read by {outage.runs} runs in a row, the first of them run "
        f"{outage.first} of {outage.started:%Y-%m-%d %H:%M} UTC"
    )
    return [Alarm(Watch.ENDING, text)]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


class AlarmResult(SpiderMonitorResult):  # type: ignore[misc] # as above
    """Tells of failed monitors without tracebacks; those that broke, and actions, have theirs."""

    @property
    def alarms(self) -> list[str]:
        """Return what each failed monitor says, line by line."""
        broken = "the monitor {} broke; see the log"
        reasons = (
            result.reason or broken.format(result.monitor.name)
            for result in self.monitors_failed_results
        )
        return [line for reason in reasons for line in reason.splitlines()]

    def write_errors(self) -> None:
        for result in self.step.error_results:
            if result.status != MONITOR.STATUS.FAILURE:
                self.log_error(f"{result.item.name}: {result.error}")

    def log(self, msg: object, level: int = logging.DEBUG) -> None:
        """Log not by ``Spider.log``, which is deprecated, and what is in order for debugging only."""
        level = logging.DEBUG if level == logging.INFO else level
        self.spider.logger.log(level, "[Spidermon] %s", msg)


class AlarmRunner(SpiderMonitorRunner):  # type: ignore[misc] # as above
    """Runs a suite to an :class:`AlarmResult`."""

    def create_result(self) -> AlarmResult:
        return AlarmResult(self.spider)


class AlarmMonitor(Monitor):  # type: ignore[misc] # as above
    """Fails with the findings of one kind."""

    watch: ClassVar[Watch]

    def test_no_alarm(self) -> None:
        found = [alarm.text for alarm in self.data.alarms if alarm.watch is self.watch]
        if found:
            self.fail("\n".join(found))


class FieldCoverageMonitor(AlarmMonitor):
    """A field is missing where it used to be."""

    watch = Watch.FIELDS


class TemplateMonitor(AlarmMonitor):
    """A field is there, but no longer by the rule that used to give it."""

    watch = Watch.TEMPLATE


class ArticlesMonitor(AlarmMonitor):
    """Links lead to fewer articles."""

    watch = Watch.ARTICLES


class FailuresMonitor(AlarmMonitor):
    """More visits fail, or more articles are rejected."""

    watch = Watch.FAILURES


class RecordsMonitor(AlarmMonitor):
    """The run could not be compared at all."""

    watch = Watch.RECORDS


class EndingMonitor(AlarmMonitor):
    """The run did not end as it should."""

    watch = Watch.ENDING


class OwnHistorySuite(MonitorSuite):  # type: ignore[misc] # as above
    """Looks at a run's end, and compares it with earlier runs of the same site, spider and arguments.

    What it finds goes out by mail and webhook, where these are set up.
    """

    monitors: ClassVar[list[type[Monitor]]] = [
        EndingMonitor,
        FieldCoverageMonitor,
        TemplateMonitor,
        ArticlesMonitor,
        FailuresMonitor,
        RecordsMonitor,
    ]
    monitors_failed_actions: ClassVar[list[type[Action]]] = [MailAction, WebhookAction]

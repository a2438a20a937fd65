"""The suites that run when a spider closes, and what becomes of their failures."""

from __future__ import annotations

import logging

import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler
from spidermon import Monitor, MonitorSuite  # type: ignore[import-untyped]

from newscrawl.extensions.monitors import AlarmRunner, MonitorsExtension, OwnHistorySuite
from newscrawl.items import Article
from newscrawl.verdict.alarms import Alarm, Watch


class UsersMonitor(Monitor):  # type: ignore[misc] # spidermon is untyped
    __test__ = False

    def test_enough(self):
        self.fail("fewer than I want")


class BrokenMonitor(Monitor):  # type: ignore[misc] # as above
    __test__ = False

    def test_breaks(self):
        raise KeyError("no such thing")


class UsersSuite(MonitorSuite):  # type: ignore[misc] # as above
    monitors = [UsersMonitor, BrokenMonitor]


def result_of(suite: type[MonitorSuite], alarms: list[Alarm]):
    return AlarmRunner(Spider("test")).run(suite(), stats={}, alarms=alarms)


@pytest.mark.parametrize("watch", Watch)
def test_every_finding_fails_one_monitor(watch):
    result = result_of(OwnHistorySuite, [Alarm(watch, "it changed"), Alarm(watch, "so did that")])
    assert len(result.monitors_failed_results) == 1
    assert result.alarms == ["it changed", "so did that"]


def test_without_findings_all_monitors_pass():
    assert result_of(OwnHistorySuite, []).all_monitors_passed


def test_a_failed_monitor_leaves_no_traceback_in_the_log(caplog):
    with caplog.at_level(logging.INFO):
        result_of(OwnHistorySuite, [Alarm(Watch.FIELDS, "it changed")])
    assert caplog.text == ""


def test_a_broken_monitor_does(caplog):
    result = result_of(UsersSuite, [])
    assert result.alarms == [
        "fewer than I want",
        "the monitor BrokenMonitor/test_breaks broke; see the log",
    ]
    assert "KeyError: 'no such thing'" in caplog.text


def extension(**settings) -> MonitorsExtension:
    settings = {"SPIDERMON_ENABLED": True, "TELNETCONSOLE_ENABLED": False, **settings}
    crawler = get_crawler(settings_dict=settings, prevent_warnings=True)
    return MonitorsExtension.from_crawler(crawler)


def test_alarms_of_any_suite_are_counted_in_the_stats(caplog):
    monitors = extension(SPIDERMON_SPIDER_CLOSE_MONITORS=[UsersSuite])
    monitors._run_suites(Spider("test"), monitors.spider_closed_suites)
    stats = monitors.crawler.stats
    assert stats.get_value("newscrawl/alarms") == 2
    assert stats.get_value("newscrawl/alarm/1") == "fewer than I want"
    assert "Alarm: fewer than I want" in caplog.text


def test_articles_are_counted_by_site_and_other_items_are_not():
    monitors = extension()
    monitors.count_article(Article(url="https://news.example/a/", site="news.example"))
    monitors.count_article({"url": "https://news.example/b/"})
    assert {site: counter.articles for site, counter in monitors._counters.items()} == {
        "news.example": 1
    }


def test_a_database_that_cannot_be_used_is_an_alarm(tmp_path):
    (alarm,) = extension()._compare(f"sqlite:///{tmp_path}/empty.db", 1, ["news.example"])
    assert alarm.watch is Watch.RECORDS
    assert alarm.text.startswith("this run could not be compared with earlier ones: ")
    assert "\n" not in alarm.text

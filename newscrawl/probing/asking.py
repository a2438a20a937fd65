"""Sites are asked in this process, by a crawl that keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings

from newscrawl.probing.findings import Finding
from newscrawl.probing.spider import ProbeSpider
from newscrawl.schedule.given import Given
from newscrawl.session.keeping import NOTHING_KEPT

OURS = "newscrawl.settings"
CMDLINE = SETTINGS_PRIORITIES["cmdline"]
QUIET: Mapping[str, Any] = {
    **NOTHING_KEPT,
    "RETRY_ENABLED": False,
    "DOWNLOAD_TIMEOUT": 20,
    "NEWSCRAWL_MAX_WAIT": 10.0,
}
"""Settings under which nothing is kept, and nothing is waited for that long."""
OF_A_PROJECT = ("USER_AGENT", "ROBOTSTXT_USER_AGENT", "DOWNLOAD_DELAY", "LOG_LEVEL")
"""What a project says that is asked from counts for these requests too."""


def probe(given: Sequence[Given], settings: BaseSettings) -> list[Finding] | None:
    """Ask sites, side by side, and return what was found; ``None`` where that was broken off."""
    findings = [Finding(each) for each in given]
    process = AsyncCrawlerProcess(_quiet(settings))
    crawler = process.create_crawler(ProbeSpider)
    process.crawl(crawler, findings=findings)
    process.start()
    is_done = isinstance(crawler.spider, ProbeSpider) and crawler.spider.is_done
    return findings if is_done else None


def _quiet(given: BaseSettings) -> Settings:
    """Return our settings with what the command line says, whatever project it is called in."""
    settings = Settings()
    settings.setmodule(OURS, priority="project")
    for name in given:
        priority = given.getpriority(name) or 0
        if priority >= CMDLINE or (name in OF_A_PROJECT and priority > 0):
            settings.set(name, given[name], priority=priority)
    settings.setdict(QUIET, priority=CMDLINE + 10)
    own = {
        path: None if str(path).startswith("newscrawl.extensions.") else place
        for path, place in settings.getdict("EXTENSIONS").items()
    }
    settings.set("EXTENSIONS", own, priority=CMDLINE + 10)
    return settings

"""``scrapy crawl``, with arguments checked first and an exit status that jobs can trust."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawlCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from newscrawl.middlewares.browser import chromium
from newscrawl.report.closing import alarms, closing_table, verdict
from newscrawl.spiders.arguments import signals_named
from newscrawl.spiders.news import NewsSpider
from newscrawl.store.database import checked_url, copy_state
from newscrawl.store.near import scope_of

ALARM = 3
EX_TEMPFAIL = 75
STOPPED_IN_ORDER = frozenset(
    {"finished", "max_articles", "shutdown", "waiting", "memusage_exceeded"}
)


class Command(ScrapyCrawlCommand):
    """Scrapy's command, whose exit status a job can trust.

    0 good; 1 the run failed or its accounts do not balance; 2 bad arguments; 3 good,
    but a monitor raised an alarm; 75 (``EX_TEMPFAIL`` of ``sysexits.h``) another run
    of the site is at work.
    """

    def short_desc(self) -> str:
        return "Crawl a site; go on where the last run was cut off"

    def long_desc(self) -> str:
        return (
            "Runs a spider (site: any news site, with -a url=…). Spider arguments: url, sections, "
            "since, until, max_articles, max_depth, discover, browser. Every URL gets an outcome; "
            "the run ends with a table of them and one line of accounts."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="crawl on a copy of the ledger that is thrown away; store nothing",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        unknown = [arg for arg in args if arg.startswith("-")]
        if unknown:
            raise UsageError(f"unknown option {unknown[0]}", print_help=False)
        if len(args) != 1:
            raise UsageError("name one spider; 'scrapy list' shows them", print_help=False)
        assert self.crawler_process is not None
        try:
            spider = self.crawler_process.spider_loader.load(args[0])
        except KeyError:
            raise UsageError(
                f"there is no spider {args[0]!r}; 'scrapy list' shows them", print_help=False
            ) from None
        if issubclass(spider, NewsSpider):
            try:
                if spider.parse_arguments(opts.spargs).browser:
                    chromium(self.crawler_process.settings)
                checked_url(
                    self.crawler_process.settings["NEWSCRAWL_DATABASE_URL"],
                    synchronous=self.crawler_process.settings["NEWSCRAWL_SYNCHRONOUS"],
                )
                scope_of(self.crawler_process.settings["NEWSCRAWL_DEDUPE_SCOPE"])
                signals_named(self.crawler_process.settings)
            except ValueError as error:
                raise UsageError(str(error), print_help=False) from None
        with tempfile.TemporaryDirectory(prefix="newscrawl-") as folder:
            if opts.dry_run:
                self._detach(Path(folder))
            super().run(args, opts)
        self._close()

    def _detach(self, folder: Path) -> None:
        """Let the run work on a copy of the database, without a log."""
        assert self.crawler_process is not None
        settings = self.crawler_process.settings
        copy = copy_state(settings["NEWSCRAWL_DATABASE_URL"], folder / "dry-run.db")
        settings.set("NEWSCRAWL_DATABASE_URL", copy, priority="cmdline")
        settings.set("NEWSCRAWL_JSONL", "", priority="cmdline")

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self._crawler = super()._create_crawler(spidercls)
        return self._crawler

    def _close(self) -> None:
        stats: dict[str, Any] = self._crawler.stats.get_stats()
        Console(stderr=True).print(closing_table(stats), verdict(stats), *alarms(stats))
        reason = stats.get("finish_reason")
        in_order = reason in STOPPED_IN_ORDER or str(reason).startswith("closespider_")
        failed = stats.get("newscrawl/errors", 0) or stats.get("spider_exceptions/count", 0)
        if reason == "locked":
            self.exitcode = EX_TEMPFAIL
        elif not in_order or failed or stats.get("newscrawl/balanced") is False:
            self.exitcode = 1
        elif stats.get("newscrawl/alarms"):
            self.exitcode = ALARM

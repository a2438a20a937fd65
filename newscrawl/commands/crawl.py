"""``scrapy crawl``, with arguments checked first and an exit status that jobs can trust."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawlCommand
from scrapy.core.downloader import contextfactory
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg, get_config

from newscrawl.arguments.arguments import signals_named
from newscrawl.arguments.limits import check_limits
from newscrawl.dataset.near import scope_of
from newscrawl.exit_status import ExitStatus
from newscrawl.extensions.alarm_mail import mailing_of
from newscrawl.extensions.alarm_webhook import webhook_of
from newscrawl.session.keeping import ledger_wanted
from newscrawl.spiders.naming import spider_named, unknown_spider
from newscrawl.spiders.readiness import ADDON, NOT_SET_UP
from newscrawl.store import drafts
from newscrawl.store.database import checked_url, copy_state, file_of
from newscrawl.store.waiting import Waits
from newscrawl.terminal.logging_command import PROJECT, LoggingCommand

if TYPE_CHECKING:
    from newscrawl.history.accounts import Account
    from newscrawl.terminal.console import WholeConsole

OURS = "newscrawl.settings"
LOADED_EARLY = (contextfactory,)
"""Scrapy asks for the module of each frame of the stack when it loads this: out of the reactor, with
all modules loaded, that takes a tenth of the start of a crawl."""
UNTOLD = "this crawl keeps no account"
"""Of a spider of somebody else's, or where ``EndingExtension`` is off."""

logger = logging.getLogger(__name__)


class Command(LoggingCommand, ScrapyCrawlCommand):
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
            "since, until, max_articles, max_depth, discover, browser, timezone, archive, cdx, and those of your own "
            "spider. Every URL gets an outcome; "
            "the run ends with a table of them and one line of accounts."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="crawl on a copy of the ledger that is thrown away; store nothing",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if opts.loglevel is None and _is_watched(self.settings):
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        unknown = [arg for arg in args if arg.startswith("-")]
        if unknown:
            raise UsageError(f"unknown option {unknown[0]}", print_help=False)
        if len(args) != 1:
            raise UsageError("name one spider; 'scrapy list' shows them", print_help=False)
        assert self.crawler_process is not None
        try:
            self._spider = spider_named(args[0], self.crawler_process.spider_loader)
        except KeyError:
            raise unknown_spider(args[0], _elsewhere()) from None
        try:
            _check(self._spider, opts.spargs, self.crawler_process.settings)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        with self._copy() if opts.dry_run else nullcontext() as copy:
            if copy is not None:
                self._detach(copy)
            super().run(args, opts)
        if not self.crawler_process.bootstrap_failed:  # else Scrapy has logged why
            self._close()

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        """Provide a place for a copy of the database: beside it, where one left over is found."""
        assert self.crawler_process is not None
        with tempfile.TemporaryDirectory(prefix="newscrawl-") as folder:
            source = file_of(checked_url(self.crawler_process.settings["NEWSCRAWL_DATABASE_URL"]))
            if source is None or not source.is_file():
                yield Path(folder, "dry-run.db")
                return
            draft = drafts.begin(source.with_name("dry-run.db"))
            try:
                yield draft.path
            finally:
                draft.end()

    def _detach(self, target: Path) -> None:
        """Let the run work on a copy of the database, without log and archive, and alarm nobody."""
        assert self.crawler_process is not None
        settings = self.crawler_process.settings
        copy = copy_state(settings["NEWSCRAWL_DATABASE_URL"], target)
        settings.set("NEWSCRAWL_DATABASE_URL", copy, priority="cmdline")
        for name in (
            "NEWSCRAWL_JSONL",
            "NEWSCRAWL_ARCHIVE",
            "NEWSCRAWL_ALARM_WEBHOOK",
            "SPIDERMON_SMTP_HOST",
            "SPIDERMON_EMAIL_TO",
        ):
            settings.set(name, "", priority="cmdline")

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self._crawler = super()._create_crawler(self._spider)
        return self._crawler

    def _close(self) -> None:
        from newscrawl.extensions.ending import EndingExtension
        from newscrawl.extensions.progress import ProgressExtension

        progress = self._crawler.get_extension(ProgressExtension)
        if progress is not None:
            progress.spider_closed()
        ending = self._crawler.get_extension(EndingExtension)
        stats = self._crawler.stats.get_stats()
        if ending is None:
            ending = EndingExtension(self._crawler)
            ending.no_account = UNTOLD
        ending.no_account = stats.get(f"newscrawl/{NOT_SET_UP}", ending.no_account)
        level = logging.ERROR if ending.status is ExitStatus.FAILED else logging.INFO
        self._tell(ending.account, ending.no_account, stats, level)
        ending.keep()
        self.exitcode = ending.status

    def _tell(self, account: Account | None, why: str, stats: dict[str, Any], level: int) -> None:
        """Show how it ended, on the screen and in a log file.

        A log of JSON on the same stream as the screen is left in one piece.
        """
        from newscrawl.terminal.closing import (
            alarms,
            as_text,
            outcomes_of,
            say,
            verdict,
            verdict_without,
        )
        from newscrawl.terminal.console import WholeConsole

        settings = self._crawler.settings
        line = (
            verdict_without(stats.get("finish_reason"), why)
            if account is None
            else verdict(account)
        )
        to_log = settings.getbool("NEWSCRAWL_LOG_JSON")
        if to_log:
            extra = {"spider": self._crawler.spider, "outcomes": outcomes_of(stats)}
            logger.log(level, "%s", line, extra=extra)
        elif settings["LOG_FILE"]:
            extra = {"spider": self._crawler.spider}
            if account is None or stats.get("log_count/ERROR"):
                level = logging.INFO  # what is wrong stands there already
            logger.log(level, "The run has ended:\n%s", as_text(account, line), extra=extra)
        if to_log and not settings["LOG_FILE"]:
            return
        console = WholeConsole(stderr=True)
        say(console, account, line, *alarms(stats))
        if account is not None and account.stored.articles and console.is_terminal:
            self._tell_next(console)

    def _tell_next(self, console: WholeConsole) -> None:
        from newscrawl.terminal.next_steps import folder_of, next_steps, started_as

        folder = folder_of(self._crawler.settings)
        if folder is not None:
            console.print(next_steps(folder, started_as(sys.argv[0])))


def _is_watched(settings: BaseSettings) -> bool:
    """Whether a person sees the crawl on the terminal, and has said nothing of its log."""
    by_others = settings.getpriority("LOG_LEVEL") or 0
    is_ours = os.environ.get("SCRAPY_SETTINGS_MODULE") == OURS and by_others <= PROJECT
    return (
        (is_ours or by_others < PROJECT)
        and sys.stderr.isatty()
        and os.environ.get("TERM") not in {"dumb", "unknown"}
        and not settings["LOG_FILE"]
        and not settings.getbool("NEWSCRAWL_LOG_JSON")
    )


def _elsewhere() -> str:
    """Say so where the project around us was passed over, since newscrawl is not on there."""
    named = get_config().get("settings", "default", fallback="")
    if not closest_scrapy_cfg() or named in {"", os.environ.get("SCRAPY_SETTINGS_MODULE")}:
        return ""
    return f"; the project here, {named}, does not turn newscrawl on: add {ADDON} to its settings"


def _check(spider: type[Spider], arguments: dict[str, str], settings: BaseSettings) -> None:
    """See what can be seen of arguments and settings before anything is fetched.

    Raises:
        ValueError: one of them is wrong.
    """
    from newscrawl.middlewares.browser import chromium
    from newscrawl.spiders.news import NewsSpider

    mailing_of(settings)
    webhook_of(settings)
    if not issubclass(spider, NewsSpider):
        return
    own_settings = settings.copy()
    spider.update_settings(own_settings)
    check_limits(own_settings)
    if spider.parse_arguments(arguments).browser:
        chromium(settings)
    checked_url(settings["NEWSCRAWL_DATABASE_URL"], synchronous=settings["NEWSCRAWL_SYNCHRONOUS"])
    Waits.of(settings)
    scope_of(settings["NEWSCRAWL_DEDUPE_SCOPE"])
    signals_named(settings)
    ledger_wanted(settings)
    account = settings["NEWSCRAWL_ACCOUNT"]
    if account not in {"", "-"} and not Path(account).parent.is_dir():
        raise ValueError(f"NEWSCRAWL_ACCOUNT: there is no folder {Path(account).parent}")

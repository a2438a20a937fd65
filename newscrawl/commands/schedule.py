"""``scrapy schedule``: the jobs of ``sites.toml``, listed, checked, exported or run."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.table import Table
from rich.text import Text
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from newscrawl.exit_status import ExitStatus
from newscrawl.mistakes import BadInput, Mistakes
from newscrawl.schedule.given import read_given
from newscrawl.schedule.jobs import Job, read_jobs
from newscrawl.schedule.running import crawl_command, run, waiting
from newscrawl.schedule.units import crontab, units
from newscrawl.store.replacing import write_whole
from newscrawl.terminal.console import WholeConsole
from newscrawl.terminal.logging_command import CMDLINE, LoggingCommand

ACTIONS = ("check", "list", "export", "run", "add")
OWN = "NEWSCRAWL_"
SHOWN = 3
"""Coming runs of each job in the list."""


class Command(LoggingCommand):
    requires_crawler_process = False

    def syntax(self) -> str:
        return (
            "check | list | export --cron | export --systemd [-o FOLDER] | run NAME "
            "| add URL… | add FILE.csv | add FILE.opml"
        )

    def short_desc(self) -> str:
        return "Crawl sites by the clock: check, list, export or run the jobs of sites.toml"

    def long_desc(self) -> str:
        return (
            "Reads sites.toml, a table a site: spider, cron, timezone, jitter and limit in "
            "seconds, arguments, settings. check looks for mistakes, list shows the next runs, "
            "export writes lines for cron or units for systemd, run starts one job now, as these do. "
            "add asks each site a few times, robots.txt first, for feeds, sitemaps and API, and "
            "writes a job for it behind what the file has, with a rhythm from its latest dates. It "
            "ends with 0 if all sites have a job then, with 1 if some have none, with 2 if nothing "
            "was asked."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--file", type=Path, default=Path("sites.toml"), help="default: sites.toml"
        )
        parser.add_argument("--cron", action="store_true", help="export lines for a crontab")
        parser.add_argument("--systemd", action="store_true", help="export services and timers")
        parser.add_argument(
            "-o", "--output", type=Path, metavar="FOLDER", help="where units are written"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="print what add would write, and write nothing"
        )
        parser.add_argument("--no-jitter", action="store_true", help="run without waiting first")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        action, names = (args[0] if args else ""), args[1:]
        wanted = bool(names) if action == "add" else len(names) == (action == "run")
        if action not in ACTIONS or not wanted or any(name.startswith("-") for name in names):
            raise UsageError(f"usage: {self.program} schedule {self.syntax()}", print_help=False)
        try:
            if action == "add":
                self._add(names, opts.file, dry_run=opts.dry_run)
                return
            jobs = self.jobs(opts.file)
        except BadInput as error:
            self.exitcode = tell(error)
            return
        if action == "check":
            number = "1 job" if len(jobs) == 1 else f"{len(jobs)} jobs"
            WholeConsole().say(f"{opts.file}: {number}, all in order")
        elif action == "list":
            console, table = WholeConsole(), _coming(jobs, ", ")
            console.print(table if console.fits(table) else _coming(jobs, "\n"))
        elif action == "export":
            self._export(jobs, opts)
        else:
            self._run(jobs, names[0], opts)

    def jobs(self, path: Path) -> list[Job]:
        """Return the jobs of a file, whose spiders, arguments and settings are checked as well.

        Raises:
            BadInput: there are mistakes in it.
        """
        return read_jobs(path, self._check)

    def _add(self, words: list[str], path: Path, *, dry_run: bool) -> None:
        """Write jobs for sites that are given.

        Raises:
            BadInput: what is given, or the file, is wrong.
        """
        from newscrawl.probing.adding import Adding

        assert self.settings is not None
        if (self.settings.getpriority("LOG_LEVEL") or 0) < CMDLINE:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        adding = Adding(path, self._check, self.settings)
        console = WholeConsole(stderr=dry_run)
        for line in adding.add(read_given(words), dry_run=dry_run):
            console.print(Text(line))
        if dry_run:
            print(adding.text, end="")  # noqa: T201 - the output
        self.exitcode = adding.status

    def _check(
        self, name: str, arguments: Mapping[str, str] | None, settings: Mapping[str, str]
    ) -> None:
        """See that a spider is there and takes the arguments, and that settings of ours exist.

        Raises:
            BadInput: it is not, or does not, or they do not.
        """
        from newscrawl.spiders.naming import spider_named
        from newscrawl.spiders.news import NewsSpider

        assert self.settings is not None
        mistakes = Mistakes(
            f"settings: there is no {each}"
            for each in settings
            if each.startswith(OWN) and each not in self.settings
        )
        try:
            spider = spider_named(name, get_spider_loader(self.settings)) if name else None
        except KeyError:
            spider = None
            mistakes.append(f"there is no spider {name!r}")
        if spider is not None and arguments is not None and issubclass(spider, NewsSpider):
            mistakes.trying(None, spider.parse_arguments, dict(arguments))
        mistakes.tell()

    def _export(self, jobs: list[Job], opts: argparse.Namespace) -> None:
        if opts.cron == opts.systemd:
            raise UsageError("export either --cron or --systemd", print_help=False)
        folder = Path.cwd()
        command = [sys.executable, "-m", "newscrawl", "schedule", "--file"]
        command += [str(opts.file.absolute()), "run"]
        if opts.cron:
            print("\n".join(crontab(jobs, command, folder)))  # noqa: T201 - the output
            return
        for job in jobs:
            for name, text in units(job, command, folder).items():
                self._write(opts.output, name, text)

    def _write(self, folder: Path | None, name: str, text: str) -> None:
        if folder is None:
            print(f"# {name}\n{text}")  # noqa: T201 - the output
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, text)
        except OSError as error:
            print(f"{folder / name}: {error.strerror}", file=sys.stderr)  # noqa: T201 - the one line
            self.exitcode = 1

    def _run(self, jobs: list[Job], name: str, opts: argparse.Namespace) -> None:
        job = next((each for each in jobs if each.name == name), None)
        if job is None:
            known = ", ".join(each.name for each in jobs)
            raise UsageError(f"there is no job {name!r}; there are: {known}", print_help=False)
        if not opts.no_jitter:
            time.sleep(waiting(job))
        status = run(crawl_command(job), limit=job.limit)
        self.exitcode = status if status >= 0 else 128 - status


def tell(error: BadInput) -> ExitStatus:
    """Print mistakes, a line each; return the status of a command that ends with them."""
    for each in error.mistakes:
        print(each, file=sys.stderr)  # noqa: T201 - what the user has to see
    return ExitStatus.BAD_INPUT


def _coming(jobs: list[Job], between: str) -> Table:
    table = Table()
    for name in ("job", "spider", "cron", "timezone"):
        table.add_column(name)
    table.add_column("next runs", no_wrap=True)
    now = datetime.now(UTC)
    for job in jobs:
        times = (f"{each:%Y-%m-%d %H:%M}" for each in islice(job.after(now), SHOWN))
        table.add_row(job.name, job.spider, job.cron, job.timezone.key, between.join(times))
    return table

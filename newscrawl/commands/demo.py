"""``scrapy demo``: the real crawl on the bundled news site."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from scrapy.exceptions import UsageError

from newscrawl.report.dataset import dataset_table
from newscrawl.terminal.console import WholeConsole
from newscrawl.terminal.logging_command import LoggingCommand
from newscrawl.terminal.next_steps import next_steps, started_as

OWN_SERVER = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
}


class Command(LoggingCommand):
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Crawl the bundled demo site and show what came of it"

    def long_desc(self) -> str:
        return (
            "Starts the generated news site on the loopback address, runs the real crawl on it "
            "without a politeness delay, since it is our own server, and prints what became of "
            "its URLs and where the data lies."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--articles", type=int, default=300, help="size of the site")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another site")
        parser.add_argument("--port", type=int, default=8017, help="port of the demo site")
        parser.add_argument(
            "--data", type=Path, default=Path("data/demo"), help="folder of database and log"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.demo.process import run_demo

        if args:
            raise UsageError(f"unknown argument {args[0]!r}", print_help=False)
        if opts.articles < 1:
            raise UsageError("--articles must be at least 1", print_help=False)
        database = f"sqlite:///{opts.data / 'newscrawl.db'}"
        jsonl = opts.data / "articles.jsonl"
        settings = {
            **OWN_SERVER,
            "NEWSCRAWL_DATABASE_URL": database,
            "NEWSCRAWL_JSONL": str(jsonl),
            "LOG_FILE": str(opts.data / "crawl.log"),
            "LOG_FILE_APPEND": "False",
        }
        opts.data.mkdir(parents=True, exist_ok=True)
        try:
            with run_demo(articles=opts.articles, seed=opts.seed, port=opts.port) as server:
                self.exitcode = _crawl(server.url, settings)
        except RuntimeError as error:
            raise UsageError(f"{error}; choose another --port", print_help=False) from None
        console = WholeConsole(stderr=True)
        console.print(dataset_table(database, jsonl))
        console.print(next_steps(opts.data, started_as(sys.argv[0])))


def _crawl(url: str, settings: dict[str, str]) -> int:
    command = [sys.executable, "-m", "newscrawl", "crawl", "site", "-a", f"url={url}"]
    for name, value in settings.items():
        command += ["-s", f"{name}={value}"]
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
    return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 - our own program

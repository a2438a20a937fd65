"""Crawls measured as whole processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


INSTRUCTIONS = "instructions:u"
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"


class Spent(NamedTuple):
    """What a whole process took; CPU is user and system time. ``output`` is its stdout."""

    wall_seconds: float
    cpu_seconds: float
    peak_rss_mb: float
    output: str
    instructions: int | None = None
    """Of the processor, in user mode; ``None`` where the machine does not count them."""


class Measured(NamedTuple):
    """One crawl as a whole process; CPU is user and system time."""

    pages: int
    wall_seconds: float
    cpu_seconds: float
    peak_rss_mb: float
    instructions: int | None = None

    @property
    def cpu_ms_a_page(self) -> float:
        return 1000 * self.cpu_seconds / self.pages

    @property
    def instructions_a_page(self) -> float | None:
        return None if self.instructions is None else self.instructions / self.pages

    @property
    def pages_a_second(self) -> float:
        return self.pages / self.wall_seconds


@cache
def counts_instructions() -> bool:
    """Whether ``perf`` is here and may count; virtual machines often have no counters."""
    if shutil.which("perf") is None:
        return False
    command = ["perf", "stat", "-x,", "-e", INSTRUCTIONS, "true"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    return tried.returncode == 0 and instructions(tried.stderr) is not None


def instructions(counted: str) -> int | None:
    """Read what ``perf stat -x,`` wrote: a line ``NUMBER,,instructions:u,…``, or no number."""
    found = re.search(rf"^(\d+),[^,]*,{INSTRUCTIONS}", counted, re.MULTILINE)
    return int(found[1]) if found else None


def environment() -> dict[str, str]:
    """Return that of a crawl: as where it is installed, each module is compiled once, not each time."""
    kept = {name: value for name, value in os.environ.items() if name != UNCOMPILED}
    return {**kept, "PYTHONPATH": str(ROOT)}


class Begun:
    """A Python process at work, whose cost is known when it has ended.

    It runs in ``folder``, outside the project, so that the peers have Scrapy's own settings.
    """

    def __init__(self, arguments: list[str], folder: Path) -> None:
        self._arguments, self._folder = arguments, folder
        self._counted = folder / "instructions"
        perf = ["perf", "stat", "-x,", "-e", INSTRUCTIONS, "-o", str(self._counted), "--"]
        own = perf if counts_instructions() else []
        self._started = time.monotonic()
        with self._file("output").open("w") as output, self._file("errors").open("w") as errors:
            self._process = subprocess.Popen(
                [*own, sys.executable, *arguments],
                cwd=folder,
                env=environment(),
                stdout=output,
                stderr=errors,
            )

    def ended(self, status: int = 0) -> Spent:
        """Wait for the end. The wall time is up to now: of several wait for the shortest first.

        Raises:
            SystemExit: it ended with another status.
        """
        _, ended, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(ended)
        wall = time.monotonic() - self._started
        if self._process.returncode != status:
            sys.exit(f"{self._arguments} failed:\n{self._file('errors').read_text()[-2000:]}")
        counted = self._counted.read_text() if self._counted.exists() else ""
        return Spent(
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024,
            self._file("output").read_text(),
            instructions(counted),
        )

    def _file(self, name: str) -> Path:
        return self._folder / name


def spend(command: list[str], folder: Path) -> Spent:
    """Run a module of Python and wait for its end."""
    return Begun(["-m", *command], folder).ended()


class Crawling:
    """A crawl by Scrapy at work; its own log says how many answers it had."""

    def __init__(self, command: list[str], folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._log = folder / "crawl.log"
        logged = ["-s", f"LOG_FILE={self._log}", "-s", "LOG_LEVEL=INFO"]
        self._begun = Begun(["-m", *command, *logged], folder)

    def ended(self) -> Measured:
        spent = self._begun.ended()
        pages = re.findall(r"'downloader/response_count': (\d+)", self._log.read_text())
        return Measured(
            int(pages[-1]),
            spent.wall_seconds,
            spent.cpu_seconds,
            spent.peak_rss_mb,
            spent.instructions,
        )


def measure(command: list[str], folder: Path) -> Measured:
    """Run a crawl by Scrapy."""
    return Crawling(command, folder).ended()


def together(commands: dict[str, list[str]], folder: Path) -> dict[str, Measured]:
    """Run crawls at the same time: what else the machine does, it does to all of them."""
    begun = {name: Crawling(each, folder / name) for name, each in commands.items()}
    return {name: crawling.ended() for name, crawling in begun.items()}


def newscrawl_command(url: str, folder: Path, spider: str = "site") -> list[str]:
    return [
        *("newscrawl", "crawl", spider, "-a", f"url={url}/"),
        *("-s", f"NEWSCRAWL_DATABASE_URL=sqlite:///{folder}/n.db"),
        *("-s", f"NEWSCRAWL_JSONL={folder}/articles.jsonl"),
        *("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"),
        *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
    ]

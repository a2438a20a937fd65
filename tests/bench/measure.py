"""Crawls measured as whole processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Spent(NamedTuple):
    """What a whole process took; CPU is user and system time. ``output`` is its stdout."""

    wall_seconds: float
    cpu_seconds: float
    peak_rss_mb: float
    output: str


class Measured(NamedTuple):
    """One crawl as a whole process; CPU is user and system time."""

    pages: int
    wall_seconds: float
    cpu_seconds: float
    peak_rss_mb: float

    @property
    def cpu_ms_a_page(self) -> float:
        return 1000 * self.cpu_seconds / self.pages

    @property
    def pages_a_second(self) -> float:
        return self.pages / self.wall_seconds


def spend(command: list[str], folder: Path) -> Spent:
    """Run a module of Python and wait for its end.

    It runs outside the project, so that the peers have Scrapy's own settings.
    """
    errors = folder / "errors"
    started = time.monotonic()
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{command} failed:\n{errors.read_text()[-2000:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def measure(command: list[str], log: Path) -> Measured:
    """Run a crawl by Scrapy; its own log says how many answers it had."""
    spent = spend([*command, "-s", f"LOG_FILE={log}", "-s", "LOG_LEVEL=INFO"], log.parent)
    pages = re.findall(r"'downloader/response_count': (\d+)", log.read_text())
    return Measured(int(pages[-1]), spent.wall_seconds, spent.cpu_seconds, spent.peak_rss_mb)


def newscrawl_command(url: str, folder: Path, spider: str = "site") -> list[str]:
    return [
        *("newscrawl", "crawl", spider, "-a", f"url={url}/"),
        *("-s", f"NEWSCRAWL_DATABASE_URL=sqlite:///{folder}/n.db"),
        *("-s", f"NEWSCRAWL_JSONL={folder}/articles.jsonl"),
        *("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"),
        *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
    ]

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


def measure(command: list[str], log: Path) -> Measured:
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "-s", f"LOG_FILE={log}", "-s", "LOG_LEVEL=INFO"],
        cwd=log.parent,  # outside the project, so that the follower has Scrapy's own settings
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    text = log.read_text()
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{command} failed:\n{text[-2000:]}")
    pages = re.findall(r"'downloader/response_count': (\d+)", text)
    return Measured(int(pages[-1]), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def newscrawl_command(url: str, folder: Path, spider: str = "site") -> list[str]:
    return [
        *("newscrawl", "crawl", spider, "-a", f"url={url}/"),
        *("-s", f"NEWSCRAWL_DATABASE_URL=sqlite:///{folder}/n.db"),
        *("-s", f"NEWSCRAWL_JSONL={folder}/articles.jsonl"),
        *("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"),
        *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
    ]

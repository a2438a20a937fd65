"""``make bench``: the whole crawl beside a bare link follower, on the same site in the same run."""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from newscrawl.demo.process import run_demo

FOLLOWER = Path(__file__).with_name("follower.py")


class Measured(NamedTuple):
    """One crawl as a whole process; CPU is user and system time."""

    pages: int
    wall_seconds: float
    cpu_seconds: float

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
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    text = log.read_text()
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{command} failed:\n{text[-2000:]}")
    pages = re.findall(r"'downloader/response_count': (\d+)", text)
    return Measured(int(pages[-1]), wall, usage.ru_utime + usage.ru_stime)


def newscrawl(url: str, folder: Path) -> list[str]:
    return [
        *("newscrawl", "crawl", "site", "-a", f"url={url}"),
        *("-s", f"NEWSCRAWL_DATABASE_URL=sqlite:///{folder}/n.db"),
        *("-s", f"NEWSCRAWL_JSONL={folder}/articles.jsonl"),
        *("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"),
        *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
    ]


def follower(url: str, pages: int) -> list[str]:
    return [
        *("scrapy", "runspider", str(FOLLOWER), "-a", f"url={url}"),
        *("-s", f"CLOSESPIDER_PAGECOUNT={pages}"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3, help="the two crawls in turn, so often")
    parser.add_argument("--page-kb", type=int, default=None, help="pad pages to this size")
    options = parser.parse_args()
    ours: list[Measured] = []
    bare: list[Measured] = []
    for _ in range(options.runs):
        with (
            run_demo(articles=options.articles, page_kb=options.page_kb, port=0) as server,
            tempfile.TemporaryDirectory() as folder,
        ):
            ours.append(measure(newscrawl(server.url, Path(folder)), Path(folder, "ours.log")))
            bare.append(measure(follower(server.url, ours[-1].pages), Path(folder, "bare.log")))
    for name, runs in (("newscrawl", ours), ("bare follower", bare)):
        print(
            f"{name}: {statistics.median(run.pages for run in runs):.0f} pages, "
            f"{statistics.median(run.pages_a_second for run in runs):.0f} pages/s, "
            f"{statistics.median(run.cpu_ms_a_page for run in runs):.2f} ms of CPU a page"
        )
    ratios = [a.cpu_ms_a_page / b.cpu_ms_a_page for a, b in zip(ours, bare, strict=True)]
    print(f"cpu_ms_page_newscrawl: {statistics.median(run.cpu_ms_a_page for run in ours):.2f}")
    print(f"cpu_ms_page_follower: {statistics.median(run.cpu_ms_a_page for run in bare):.2f}")
    print(f"cpu_ratio_follower: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()

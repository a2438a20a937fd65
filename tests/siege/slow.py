"""Pages meant to be slow: what the slowest costs, how long the lease waits, how much memory."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.siege.site import Answer, Site, path_of, serving
from tests.siege.texts import MB, Slow, pages, sources

SIZES = (MB, 9 * MB // 2, 9 * MB)
"""Bytes of what is repeated on a page, at each of which all pages are tried; several places repeat
it more than once, so that the largest ones are more than a crawl takes."""
ARTICLES = 20
LOOK = 0.25
"""Seconds between two looks into the database."""
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS": "1",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "1",
    "RETRY_TIMES": "0",
}
TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """From a request to the next one, in seconds: as a clock has them, and of the processor."""

    path: str
    seconds: float
    cpu: float


class Watch(threading.Thread):
    """Looks at a crawl from outside: its heartbeats in the database, its memory."""

    def __init__(self, crawl: subprocess.Popen[bytes], database: Path) -> None:
        super().__init__(daemon=True)
        self._crawl = crawl
        self._database = database
        self.beats: list[float] = []
        self.peak_mb = 0.0

    def run(self) -> None:
        while self._crawl.poll() is None:
            with suppress(sqlite3.Error, OSError, StopIteration):
                self._look()
            time.sleep(LOOK)

    def _look(self) -> None:
        self.peak_mb = max(self.peak_mb, peak_of(self._crawl.pid))
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as opened:
            found = opened.execute("select heartbeat from leases").fetchone()
        if found and (not self.beats or self.beats[-1] != found[0]):
            self.beats.append(found[0])

    @property
    def gap(self) -> float:
        """The longest time between two heartbeats, in seconds."""
        return max((b - a for a, b in pairwise(self.beats)), default=0.0)


class Crawled(NamedTuple):
    """What a crawl of slow pages came to; ``stored`` counts the honest articles."""

    status: int
    costs: list[Cost]
    beats: list[float]
    gap: float
    peak_mb: float
    stored: int


def robots(paths: Iterable[str]) -> bytes:
    """Rules that match with many stars, a long row of marks, and the sources."""
    rules = [f"Disallow: /{'*a' * 500}*zz$"] * 300 + ["Disallow: /" + "\u0301\u0316" * 20_000]
    named = [f"Sitemap: {path}" for path in paths if not path.startswith("/slow/")]
    return "\n".join(["User-agent: *", *rules, *named, ""]).encode()


def peak_of(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def cpu_of(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / TICKS


def siege(folder: Path, slow: Sequence[Slow], *options: str) -> Crawled:
    """Crawl the slow pages beside honest ones, one request at a time."""
    by_path = {each.path: each.answer for each in slow}
    moments: list[tuple[str, float, float]] = []
    process: list[subprocess.Popen[bytes]] = []

    def route(path: str) -> Answer | None:
        if process:
            moments.append((path, time.monotonic(), cpu_of(process[0].pid)))
        if path == "/":
            links = [*by_path, *(path_of(number) for number in range(ARTICLES))]
            items = "".join(
                f'<h2><a href="{each}">A ferry, a quay, a mayor</a></h2>' for each in links
            )
            return Answer(f"<!doctype html><body><h1>Post</h1>{items}</body>".encode())
        if path == "/robots.txt":
            return Answer(robots(by_path), headers=(("Content-Type", "text/plain"),))
        return by_path[path]() if path in by_path else None

    with serving(Site(ARTICLES, route)) as url:
        crawl = started(folder, url, *options)
        process.append(crawl)
        watch = Watch(crawl, folder / "newscrawl.db")
        watch.start()
        crawl.wait()
        watch.join()
    costs = [Cost(now[0], after[1] - now[1], after[2] - now[2]) for now, after in pairwise(moments)]
    return Crawled(crawl.returncode, costs, watch.beats, watch.gap, watch.peak_mb, stored(folder))


def started(folder: Path, url: str, *options: str) -> subprocess.Popen[bytes]:
    own = {
        **SETTINGS,
        "NEWSCRAWL_DATABASE_URL": f"sqlite:///{folder}/newscrawl.db",
        "NEWSCRAWL_JSONL": f"{folder}/articles.jsonl",
        "LOG_FILE": f"{folder}/crawl.log",
    }
    named = [part for name, value in own.items() for part in ("-s", f"{name}={value}")]
    return subprocess.Popen(
        [sys.executable, "-m", "newscrawl", "crawl", "site", "-a", f"url={url}/", *named, *options],
        env={**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stored(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "newscrawl.db")) as opened:
        question = "select count(*) from articles where headline like '%in year%'"
        return int(opened.execute(question).fetchone()[0])


def figures(folder: Path) -> Iterator[tuple[str, object]]:
    costs: list[Cost] = []
    told: list[Crawled] = []
    for size in SIZES:
        slow = [*pages(size), *sources(size)]
        own = folder / str(size)
        own.mkdir()
        told.append(siege(own, slow))
        wanted = {each.path for each in slow}
        found = [each for each in told[-1].costs if each.path in wanted]
        costs += found
        worst = max(found, key=lambda each: each.cpu)
        print(f"  {size} bytes: {worst}, {told[-1].peak_mb:.0f} MB", file=sys.stderr, flush=True)
    worst = max(costs, key=lambda each: each.cpu)
    yield "slow_pages", len(costs)
    yield "slowest_page_s", f"{worst.cpu:.1f}"
    yield "slowest_page", worst.path
    yield "slowest_page_clock_s", f"{max(each.seconds for each in costs):.1f}"
    yield "heartbeats", sum(len(each.beats) for each in told)
    yield "heartbeat_gap_s", f"{max(each.gap for each in told):.1f}"
    yield "slow_rss_mb", f"{max(each.peak_mb for each in told):.0f}"
    yield "slow_honest_lost", sum(ARTICLES - each.stored for each in told)
    yield "slow_status", max(each.status for each in told)

"""Real workers on a real PostgreSQL, crawling several demo sites; they are killed, it is restarted."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil  # type: ignore[import-untyped]
from sqlalchemy import create_engine, text

from newscrawl.addresses.address import identity
from tests.crash.killing import articles_by_id, broken_accounts, broken_lines
from tests.crawl.crawling import Crawl
from tests.crawl.favour import favour
from tests.demo.serving import DemoServer, run_demo

TOLERANCE = 0.01
"""Seconds by which a server may have noted a request too late, on a machine that does nothing else."""
LONGEST_SECONDS = 900
ROOT = Path(__file__).parents[2]
JOB = """
[{name}]
spider = "site"
cron = "0 0 1 1 *"
[{name}.arguments]
url = "{url}/"
[{name}.settings]
DOWNLOAD_DELAY = {delay}
AUTOTHROTTLE_ENABLED = false
CONCURRENT_REQUESTS_PER_DOMAIN = 8
NEWSCRAWL_JSONL = "{folder}/{{site}}.jsonl"
LOG_LEVEL = "WARNING"
"""
"""Each job is due once: the last first of January has passed and nobody has seen to it."""


@dataclass
class Fleet:
    """Workers that share a schedule of one run a site."""

    folder: Path
    url: str
    sites: Sequence[DemoServer]
    delay: float
    concurrency: int

    def __post_init__(self) -> None:
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        for site in self.sites:
            favour(site.process.pid)
        self.kills = 0
        jobs = (
            JOB.format(name=f"site{number}", url=site.url, delay=self.delay, folder=self.folder)
            for number, site in enumerate(self.sites)
        )
        (self.folder / "sites.toml").write_text("".join(jobs))

    def start(self, number: int, *options: str) -> None:
        log = (self.folder / f"worker{number}.log").open("ab")
        command = [sys.executable, "-m", "newscrawl", "worker"]
        self.workers[number] = subprocess.Popen(
            [*command, f"--concurrency={self.concurrency}", f"--logs=logs{number}", *options],
            cwd=self.folder,
            stdout=log,
            stderr=log,
            env={
                **os.environ,
                "NEWSCRAWL_DATABASE_URL": self.url,
                "SCRAPY_SETTINGS_MODULE": "tests.scale.settings",
                "PYTHONPATH": str(ROOT),
            },
        )
        log.close()

    def kill(self, number: int, *, machine: bool) -> None:
        """Kill a worker with ``kill -9``; with its crawls, as if its machine had lost power."""
        worker = self.workers[number]
        crawls = psutil.Process(worker.pid).children(recursive=True) if machine else []
        worker.kill()
        for crawl in crawls:
            try:
                crawl.kill()
            except psutil.NoSuchProcess:
                continue
        worker.wait()
        self.kills += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers.values():
            worker.kill()
            worker.wait()

    def stop(self) -> list[int]:
        """Let all workers drain; return their exit statuses."""
        for worker in self.workers.values():
            worker.send_signal(signal.SIGTERM)
        return [worker.wait(120) for worker in self.workers.values()]

    def statuses(self) -> Counter[str]:
        """How many jobs are in which state; empty before there are tables."""
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                query = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"
                return Counter(dict(connection.execute(text(query)).all()))
        except Exception:  # noqa: BLE001 - it may be away, or have no tables yet
            return Counter()
        finally:
            engine.dispose()

    def wait(self) -> None:
        """Wait until every job has ended well.

        Raises:
            TimeoutError: that took too long, or jobs failed.
        """
        deadline = time.monotonic() + LONGEST_SECONDS
        while (found := self.statuses())["succeeded"] < len(self.sites):
            if time.monotonic() > deadline or found["failed"]:
                raise TimeoutError(f"jobs: {found}; see {self.folder}")
            time.sleep(0.5)

    def stored(self) -> Crawl:
        """What all workers together have stored."""
        return Crawl(self.folder, self.url)


@contextmanager
def demo_sites(number: int, articles: int) -> Iterator[list[DemoServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(run_demo(articles=articles, seed=n + 1)) for n in range(number)]


def kill_now_and_then(fleet: Fleet, kills: int, every: float, chance: random.Random) -> None:
    """Kill workers in turn and start each again; every second kill takes its crawls along."""
    for number in itertools.islice(itertools.cycle(list(fleet.workers)), kills):
        time.sleep(every * chance.uniform(0.7, 1.3))
        fleet.kill(number, machine=fleet.kills % 2 == 1)
        fleet.start(number)


@dataclass
class Measured:
    """What became of the sites; ``problems`` are accounts that do not balance and the like."""

    lost: int
    repeated: int
    overlapping: int
    delay_violations: int
    problems: list[str]


def measure(fleet: Fleet, tolerance: float = TOLERANCE) -> Measured:
    stored = fleet.stored()
    found = articles_by_id(stored)
    originals = [identity(each.url) for each in found.values() if each.duplicate_of is None]
    truth = {identity(each.url) for site in fleet.sites for each in site.site.truth()}
    doubled = [*broken_lines(stored, found)]
    return Measured(
        lost=len(truth.difference(originals)),
        repeated=len(originals) - len(truth.intersection(originals)) + len(doubled),
        overlapping=sum(overlapping(site) for site in fleet.sites),
        delay_violations=sum(
            short_gaps(site.times, fleet.delay - tolerance) for site in fleet.sites
        ),
        problems=[*doubled, *broken_accounts(stored)],
    )


def overlapping(site: DemoServer) -> int:
    """How many crawls of a site began before another one's last request, by the server's log."""
    spans: dict[str, tuple[float, float]] = {}
    for at, agent in zip(site.times, site.agents, strict=True):
        first, _ = spans.get(agent, (at, at))
        spans[agent] = first, at
    in_order = sorted(spans.values())
    return sum(then[0] < before[1] for before, then in itertools.pairwise(in_order))


def short_gaps(times: Sequence[float], least: float) -> int:
    return sum(then - before < least for before, then in itertools.pairwise(times))

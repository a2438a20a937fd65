"""``make bench-ledger``: what the ledger costs in throughput, and in memory as it grows."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from newscrawl.addresses.address import identity, site_of
from newscrawl.discovery.links import Way
from newscrawl.pipelines.store import StorePipeline
from newscrawl.settings import ITEM_PIPELINES
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import QUEUED, pages, runs
from tests.bench.measure import Measured, measure, newscrawl_command
from tests.demo.serving import run_demo

STORE = "tests.bench.memory.MemoryStorePipeline"
BATCH = 2000
"""Rows filled in at once: a child's peak memory counts from that of its parent."""


LINKS = ("-a", "discover=links")
"""The other sources need the ledger: with links alone both crawls ask for the same pages."""


def in_memory(url: str, folder: Path) -> list[str]:
    pipelines = {
        name.replace(f"{StorePipeline.__module__}.{StorePipeline.__name__}", STORE): order
        for name, order in ITEM_PIPELINES.items()
    }
    return [
        *newscrawl_command(url, folder, spider="memory"),
        *LINKS,
        *("-s", "SCHEDULER=scrapy.core.scheduler.Scheduler"),
        *("-s", "SPIDER_MODULES=tests.bench.memory"),
        *("-s", f"ITEM_PIPELINES={json.dumps(pipelines)}"),
    ]


def with_ledger(url: str, folder: Path) -> list[str]:
    return [*newscrawl_command(url, folder), *LINKS, "-s", "NEWSCRAWL_MAX_TAG_PAGES=0"]


def fill(folder: Path, url: str, known: int) -> None:
    """Put ``known`` URLs into the ledger that wait for all others."""
    engine = connect(f"sqlite:///{folder}/n.db")
    migrate(engine)
    site = site_of(url)
    with engine.begin() as connection:
        connection.execute(
            insert(runs).values(
                id=1,
                spider="site",
                sites=[site],
                arguments={},
                version="bench",
                started=datetime.now(UTC),
                cycle=1,
                reason="finished",
            )
        )
        for first in range(0, known, BATCH):
            connection.execute(
                insert(pages),
                [
                    {
                        "site": site,
                        "identity": identity(f"{url}/tag/known-{number}/"),
                        "url": f"{url}/tag/known-{number}/",
                        "kind": "tag",
                        "ways": Way.TAG.value,
                        "found_run": 1,
                        "depth": 1,
                        "priority": -20,
                        "state": QUEUED,
                        "claims": 0,
                    }
                    for number in range(first, min(first + BATCH, known))
                ],
            )
    engine.dispose()


def throughput(articles: int, runs: int) -> None:
    """Compare the time that the same site takes.

    Pages a second would flatter the crawl without identities, to which the spellings of one
    URL are several pages.
    """
    ours: list[Measured] = []
    plain: list[Measured] = []
    for _ in range(runs):
        for measured, command in ((ours, with_ledger), (plain, in_memory)):
            with run_demo(articles=articles) as server, tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                measured.append(measure(command(server.url, folder), folder))
    for name, results in (("ledger", ours), ("in memory", plain)):
        print(
            f"{name}: {statistics.median(run.pages for run in results):.0f} pages, "
            f"{statistics.median(run.wall_seconds for run in results):.1f} s, "
            f"{statistics.median(run.pages_a_second for run in results):.1f} pages/s, "
            f"{statistics.median(run.cpu_ms_a_page for run in results):.2f} ms of CPU a page"
        )
    pairs = list(zip(ours, plain, strict=True))
    whole = statistics.median(b.wall_seconds / a.wall_seconds for a, b in pairs)
    by_page = statistics.median(a.pages_a_second / b.pages_a_second for a, b in pairs)
    cpu = statistics.median(a.cpu_seconds / b.cpu_seconds for a, b in pairs)
    print(f"ledger_page_ratio: {by_page:.3f}")
    print(f"ledger_cpu_ratio: {cpu:.3f}")
    print(f"ledger_throughput_ratio: {whole:.3f}")


def memory(articles: int, known: list[int]) -> None:
    peaks = []
    for number in known:
        with run_demo(articles=articles) as server, tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            fill(folder, server.url, number)
            peaks.append(measure(with_ledger(server.url, folder), folder))
            print(f"rss_mb_{number}: {peaks[-1].peak_rss_mb:.1f}")
    print(f"rss_growth_mb: {peaks[-1].peak_rss_mb - peaks[0].peak_rss_mb:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ledger", description=__doc__)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--known", type=int, nargs="*", default=[20_000, 200_000])
    options = parser.parse_args()
    throughput(options.articles, options.runs)
    memory(options.articles, options.known)


if __name__ == "__main__":
    main()

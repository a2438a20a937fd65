"""``python -m tests.scale``: many sites and workers, killed and not; ends with ``name: value`` lines."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]

from tests.demo.serving import DemoServer
from tests.scale.fleet import Fleet, demo_sites, kill_now_and_then, measure
from tests.scale.rows import rows_per_second
from tests.store.restarting import folder_of, pid_of, restartable, stopped


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--articles", type=int, default=60, help="of a site that is crawled")
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--every", type=float, default=6.0, help="seconds between two kills")
    parser.add_argument("--delay", type=float, default=0.3, help="seconds between two requests")
    parser.add_argument("--each", type=int, default=200, help="articles of a site, for the costs")
    parser.add_argument("--seed", type=int, default=7, help="of the moments of the kills")
    return parser.parse_args()


def tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def killed(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, object]]:
    """Crawl while workers are killed in turn and the server is restarted once."""
    with (
        restartable() as url,
        demo_sites(options.sites, options.articles) as sites,
        Fleet(folder, url, sites, options.delay, -(-options.sites // options.workers)) as fleet,
    ):
        started = time.monotonic()
        for number in range(options.workers):
            fleet.start(number)
        while not all(site.hits for site in sites):
            time.sleep(0.2)
        tell(f"every site has been asked after {time.monotonic() - started:.0f} s")
        half = options.kills // 2
        kill_now_and_then(fleet, half, options.every, random.Random(options.seed))
        with stopped(url):
            time.sleep(1)
        tell(f"{fleet.kills} kills and a restart of PostgreSQL, {fleet.statuses()}")
        kill_now_and_then(
            fleet, options.kills - half, options.every, random.Random(options.seed + 1)
        )
        tell(f"{fleet.kills} kills after {time.monotonic() - started:.0f} s, {fleet.statuses()}")
        fleet.wait()
        tell(f"all jobs have ended after {time.monotonic() - started:.0f} s")
        if any(fleet.stop()):
            raise RuntimeError(f"a worker did not end well, see {folder}")
        measured = measure(fleet)
    for problem in measured.problems:
        tell(problem)
    yield "sites", options.sites
    yield "kills", fleet.kills
    yield "lost", measured.lost
    yield "repeated", measured.repeated
    yield "overlapping_crawls", measured.overlapping
    yield "delay_violations", measured.delay_violations
    yield "problems", len(measured.problems)


class Cost:
    """CPU seconds of workers with their crawls, and of a PostgreSQL with its connections."""

    def __init__(self, url: str) -> None:
        self._server = psutil.Process(pid_of(folder_of(url)))
        self._before = self._of_server()

    def _of_server(self) -> float:
        """What has ended is in the account of its parent, what has not in its own."""
        own = sum(self._server.cpu_times()[:4])
        return float(own + sum(sum(each.cpu_times()[:2]) for each in self._server.children()))

    @property
    def server(self) -> float:
        return self._of_server() - self._before


def of_children() -> float:
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


class Scaled(NamedTuple):
    """What crawling all sites took: seconds of CPU and of the clock, and stored articles."""

    crawls: float
    server: float
    wall: float
    articles: int

    @property
    def cpu_per_article(self) -> float:
        return (self.crawls + self.server) / self.articles


def scaled(workers: int, sites: list[DemoServer], folder: Path) -> Scaled:
    folder.mkdir()
    with restartable() as url, Fleet(folder, url, sites, 0.0, 1) as fleet:
        cost = Cost(url)
        before, started = of_children(), time.monotonic()
        for number in range(workers):
            fleet.start(number)
        fleet.wait()
        wall = time.monotonic() - started
        of_server = cost.server
        fleet.stop()
        articles = len(fleet.stored().articles())
        return Scaled(of_children() - before, of_server, wall, articles)


def scaling(articles: int, folder: Path) -> Iterator[tuple[str, object]]:
    figures: dict[int, float] = {}
    with demo_sites(8, articles) as sites:
        for workers in (1, 2, 4):
            found = scaled(workers, sites, folder / f"workers{workers}")
            figures[workers] = found.cpu_per_article
            yield f"cpu_ms_per_article_{workers}", round(1000 * found.cpu_per_article, 2)
            yield f"of_postgresql_{workers}", round(1000 * found.server / found.articles, 2)
            yield f"articles_per_second_{workers}", round(found.articles / found.wall, 1)
    yield "cpu_per_article_2_vs_1", round(figures[2] / figures[1], 3)
    yield "cpu_per_article_4_vs_1", round(figures[4] / figures[1], 3)


def main() -> int:
    options = parsed()
    folder = Path(tempfile.mkdtemp(prefix="newscrawl-scale-"))
    (folder / "killed").mkdir()
    values = dict(killed(options, folder / "killed"))
    values.update(scaling(options.each, folder))
    with restartable() as url:
        values["rows_per_second"] = round(rows_per_second(url))
    for name, value in values.items():
        print(f"{name}: {value}")
    harm = ("lost", "repeated", "overlapping_crawls", "problems")
    if any(values[name] for name in harm):
        tell(f"what was stored is kept in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())

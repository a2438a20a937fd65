"""``make bench``: the whole crawl beside followers, floors and other crawlers, on the same pages.

Each is a process of its own on the same generated site; the crawls take turns, and a ratio is the
median of those of the turns. What is not installed is skipped.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

import lxml.etree
import scrapy

from tests.bench import extraction, stages
from tests.bench.follower import FollowerSpider
from tests.bench.ledger import fill
from tests.bench.measure import ROOT, Measured, measure, newscrawl_command, spend
from tests.bench.peers import PEERS
from tests.demo.serving import DemoServer, run_demo

HERE = Path(__file__).parent
KNOWN = (2_000, 20_000, 200_000)
PEER_PAGES = 300


def spider(name: str, *arguments: str) -> list[str]:
    return ["scrapy", "runspider", str(HERE / f"{name}.py"), *arguments]


class Crawls:
    """Crawls of one site; those that follow links end after as many pages as newscrawl's."""

    def __init__(self, server: DemoServer, folder: Path) -> None:
        self._server, self._folder = server, folder
        self.measured: dict[str, Measured] = {}

    def run(self) -> None:
        site = f"{self._server.url}/"
        ours = self._measure("newscrawl", newscrawl_command(self._server.url, self._folder))
        fetched = [path for status, path in self._server.hits if status == 200]
        limit = ("-s", f"CLOSESPIDER_PAGECOUNT={ours.pages}")
        tuned = ("-s", "CONCURRENT_ITEMS=16", "-s", "COOKIES_ENABLED=False")
        self._measure("follower", spider("follower", "-a", f"url={site}", *limit))
        self._measure("follower tuned", spider("follower", "-a", f"url={site}", *limit, *tuned))
        feed = ("-O", f"{self._folder}/feed.jsonl")
        self._measure("crawlspider", spider("crawlspider", "-a", f"url={site}", *limit, *feed))
        urls = self._folder / "urls"
        urls.write_text("\n".join(self._server.url + path for path in fetched[: ours.pages]))
        for name, parses in (("floor fetch", 0), ("floor fetch and parse", 1)):
            arguments = ("-a", f"urls={urls}", "-a", f"parse_pages={parses}")
            self._measure(name, spider("floor", *arguments))

    def _measure(self, name: str, command: list[str]) -> Measured:
        log = self._folder / f"{name.replace(' ', '-')}.log"
        self.measured[name] = found = measure(command, log)
        print(
            f"  {name}: {found.pages} pages, {found.pages_a_second:.0f} pages/s, "
            f"{found.cpu_ms_a_page:.2f} ms of CPU a page, {found.peak_rss_mb:.0f} MB",
            flush=True,
        )
        return found


def crawls(articles: int, page_kb: int, turns: int) -> dict[str, list[Measured]]:
    found: defaultdict[str, list[Measured]] = defaultdict(list)
    for turn in range(turns):
        print(f"turn {turn + 1}", flush=True)
        with (
            run_demo(articles=articles, page_kb=page_kb) as server,
            tempfile.TemporaryDirectory() as folder,
        ):
            taken = Crawls(server, Path(folder))
            taken.run()
        for name, measured in taken.measured.items():
            found[name].append(measured)
    return found


def ratio(found: dict[str, list[Measured]], name: str) -> float:
    pairs = zip(found["newscrawl"], found[name], strict=True)
    return statistics.median(ours.cpu_ms_a_page / other.cpu_ms_a_page for ours, other in pairs)


def peers(page_kb: int, ours: float) -> dict[str, float]:
    """Return how much more CPU others take an article than ``ours``, in seconds."""
    more = {}
    with run_demo(articles=PEER_PAGES, page_kb=page_kb) as server:
        urls = [article.url for article in server.site.truth()][:PEER_PAGES]
        for name in PEERS:
            if importlib.util.find_spec(name) is None:
                print(f"  {name}: not installed")
                continue
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, "urls")
                file.write_text("\n".join(urls))
                spent = spend(["tests.bench.peers", name, str(file)], Path(folder))
            found = int(spent.output.split()[-1])
            an_article = spent.cpu_seconds / found
            more[name] = an_article / ours
            print(
                f"  {name}: {found} articles, {1000 * an_article:.1f} ms of CPU an article, "
                f"{spent.peak_rss_mb:.0f} MB",
                flush=True,
            )
    return more


def growth(articles: int, page_kb: int) -> dict[int, Measured]:
    """Crawl with a ledger that knows so many pages already."""
    found = {}
    for known in KNOWN:
        with (
            run_demo(articles=articles, page_kb=page_kb) as server,
            tempfile.TemporaryDirectory() as name,
        ):
            folder = Path(name)
            fill(folder, server.url, known)
            command = [*newscrawl_command(server.url, folder), "-s", "NEWSCRAWL_MAX_TAG_PAGES=0"]
            found[known] = measure(command, folder / "crawl.log")
            print(
                f"  {known} known: {found[known].cpu_ms_a_page:.2f} ms of CPU a page, "
                f"{found[known].peak_rss_mb:.0f} MB",
                flush=True,
            )
    return found


def machine() -> dict[str, str | int | None]:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": next(iter(models), platform.machine()),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "scrapy": scrapy.__version__,
        "lxml": ".".join(map(str, lxml.etree.LXML_VERSION)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=1300, help="about 2,000 pages")
    parser.add_argument("--turns", type=int, default=3, help="of the crawls")
    parser.add_argument("--page-kb", type=int, default=120, help="least size of a page")
    options = parser.parse_args()
    about = machine()
    print("machine:", json.dumps(about))
    print("follower's settings:", json.dumps(FollowerSpider.custom_settings))
    found = crawls(options.articles, options.page_kb, options.turns)
    share = statistics.median(run.cpu_seconds for run in found["newscrawl"]) / options.articles
    print("peers")
    more = peers(options.page_kb, share)
    print("known pages")
    known = growth(options.articles, options.page_kb)
    print("stages")
    stages.run()
    pages = extraction.run()
    figures = {
        f"cpu_ms_page_{name.replace(' ', '_')}": statistics.median(
            run.cpu_ms_a_page for run in runs
        )
        for name, runs in found.items()
    }
    figures |= {
        "cpu_ratio_follower": ratio(found, "follower"),
        "cpu_ratio_follower_tuned": ratio(found, "follower tuned"),
        "cpu_ratio_crawlspider": ratio(found, "crawlspider"),
        "cpu_ratio_floor": ratio(found, "floor fetch and parse"),
        "page_object_ratio_parse": pages["jnews"],
        "page_object_ratio_parse_generic": pages["generic"],
        "cpu_growth_200k": known[200_000].cpu_ms_a_page / known[2_000].cpu_ms_a_page,
        "rss_mb_200k": known[200_000].peak_rss_mb,
        **{f"times_cheaper_than_{name}": times for name, times in more.items()},
    }
    for name, value in figures.items():
        print(f"{name}: {value:.3f}")
    result = ROOT / "build" / "bench.json"
    result.parent.mkdir(exist_ok=True)
    result.write_text(json.dumps({"machine": about, "figures": figures}))


if __name__ == "__main__":
    main()

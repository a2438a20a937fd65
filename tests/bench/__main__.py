"""``make bench``: the whole crawl beside followers and floors on the same pages, and its parts.

Each crawl is a process of its own; all of a turn run at the same time on one server, so that
whatever else the machine does, it does to all. Figures are ratios, medians of the turns. Other
crawlers, which take long, are ``make bench-peers``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from collections.abc import Callable
from pathlib import Path

import lxml.etree
import scrapy

from newscrawl.terminal.version import version
from tests.bench import crawls, extraction, stages
from tests.bench.follower import FollowerSpider
from tests.bench.measure import ROOT, Measured, counts_instructions

FAMILIES = ("jnews", "generic", "wordpress")
COMPARED = {
    "follower": crawls.FOLLOWER,
    "follower_tuned": crawls.TUNED,
    "crawlspider": crawls.CRAWLSPIDER,
    "floor": crawls.FLOOR,
}
"""Figures, and what our crawl is compared with for each."""

Figures = dict[str, float]


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
        "newscrawl": version(),
        "instructions": "counted" if counts_instructions() else "not counted here",
    }


def shown(name: str, run: Measured) -> None:
    print(
        f"  {name}: {run.pages} pages, {run.cpu_ms_a_page:.2f} ms of CPU a page, "
        f"{run.peak_rss_mb:.0f} MB",
        flush=True,
    )


def whole_crawls(articles: int, page_kb: int, turns: int) -> Figures:
    found = crawls.side_by_side(articles, page_kb, turns)
    figures = {}
    for name, runs in found.items():
        shown(name, sorted(runs, key=lambda run: run.cpu_ms_a_page)[len(runs) // 2])
        own = f"cpu_ms_page_{name.replace('-', '_')}"
        figures[own] = statistics.median(run.cpu_ms_a_page for run in runs)
    for figure, name in COMPARED.items():
        figures[f"cpu_ratio_{figure}"] = crawls.ratio(found, name)
        counted = crawls.instructions_ratio(found, name)
        if counted is not None:
            figures[f"instructions_ratio_{figure}"] = counted
    return figures


def known_pages(articles: int, page_kb: int) -> Figures:
    found = crawls.growth(articles, page_kb)
    for known, run in found.items():
        shown(f"{known} known", run)
    least, *_, most = found.values()
    return {
        "cpu_growth_200k": most.cpu_ms_a_page / least.cpu_ms_a_page,
        "rss_mb_200k": most.peak_rss_mb,
    }


def memory() -> Figures:
    found = crawls.memory()
    return {f"rss_growth_{crawls.MANY}": found[crawls.MANY] - found[crawls.FEW]}


def page_objects() -> Figures:
    pages = extraction.run()
    return {f"page_object_ratio_{name}": pages[name] for name in FAMILIES if name in pages}


def short_command(turns: int) -> Figures:
    return {"command_ratio_runs": crawls.short_command(turns)}


def steps() -> Figures:
    stages.run()
    return {}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=1300, help="about 2,000 pages")
    parser.add_argument("--turns", type=int, default=3, help="of the crawls")
    parser.add_argument("--page-kb", type=int, default=120, help="least size of a page")
    parser.add_argument("--only", default="", help="parts, parted by commas; else all")
    options = parser.parse_args()
    about = machine()
    parts: dict[str, Callable[[], Figures]] = {
        "crawls": lambda: whole_crawls(options.articles, options.page_kb, options.turns),
        "pages": page_objects,
        "command": lambda: short_command(3 * options.turns),
        "known": lambda: known_pages(options.articles, options.page_kb),
        "memory": memory,
        "stages": steps,
    }
    asked = [name for name in options.only.split(",") if name] or list(parts)
    if unknown := set(asked) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    print("machine:", json.dumps(about))
    print("follower's settings:", json.dumps(FollowerSpider.custom_settings))
    figures: Figures = {}
    for name in asked:
        print(name, flush=True)
        figures |= parts[name]()
    for name, value in figures.items():
        print(f"{name}: {value:.3f}")
    result = ROOT / "build" / "bench.json"
    result.parent.mkdir(exist_ok=True)
    result.write_text(json.dumps({"machine": about, "figures": figures}))


if __name__ == "__main__":
    main()

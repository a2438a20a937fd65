"""One round of the measure of admission: runs with whichever newscrawl is on ``PYTHONPATH``."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.discovery.links import Link, LinkKind
from newscrawl.spiders.site import SiteSpider

REPEATS = 5
HOMES = ("newscrawl.frontier.visits", "newscrawl.frontier.ledger", "newscrawl.store.ledger")
ROWS = ("newscrawl.frontier.rows", "newscrawl.frontier.ledger", "newscrawl.store.ledger")


def from_any(homes: tuple[str, ...], name: str) -> Any:
    """Return what one of these modules has under a name: it moved in the course of time."""
    for home in homes:
        try:
            return getattr(import_module(home), name)
        except (ImportError, AttributeError):
            continue
    raise ImportError(name)


Visit, Row = from_any(HOMES, "Visit"), from_any(ROWS, "Row")


def spider_of(url: str, crawler: Crawler) -> SiteSpider:
    spider = SiteSpider(url=urljoin(url, "/"))
    spider.crawler = crawler
    return spider


def visit_to(url: str, site: str) -> Any:
    return Visit(Row(1, site, url, url, "category", 2, depth=0, priority=0))


def measured(pages: Sequence[tuple[str, list[Link]]], repeats: int) -> dict[str, float]:
    """Return how many links are admitted, and the seconds that it takes at first and once more."""
    crawler = Crawler(SiteSpider)
    crawler.stats = MemoryStatsCollector(crawler)
    took = {"new": 0.0, "known": 0.0, "links": 0.0}
    gc.disable()
    for _ in range(repeats):
        for url, links in pages:
            spider = spider_of(url, crawler)
            (site,) = spider.sites
            kept = [link for link in links if spider.follow([link], visit_to(url, site))]
            fresh, visit = spider_of(url, crawler), visit_to(url, site)
            began = time.perf_counter()
            fresh.follow(kept, visit)
            new = time.perf_counter()
            fresh.follow(kept, visit)
            took["known"] += time.perf_counter() - new
            took["new"] += new - began
            took["links"] += len(kept)
    gc.enable()
    return took


def main() -> None:
    pages = [
        (url, [Link(target, LinkKind(kind)) for target, kind in links])
        for url, links in json.loads(Path(sys.argv[1]).read_text())
    ]
    print(json.dumps(measured(pages, REPEATS)))


if __name__ == "__main__":
    main()

"""``scrapy reextract`` in a process of its own."""

from __future__ import annotations

import subprocess

from tests.crash.killing import articles_by_id, differences
from tests.crawl.crawling import Crawl


def reextract(
    crawl: Crawl, *arguments: str, archive: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    own = {"NEWSCRAWL_JSONL": str(crawl.jsonl), "NEWSCRAWL_ARCHIVE": archive}
    return crawl.do("reextract", *arguments, **{**own, **settings})


def unlike(crawl: Crawl, other: Crawl) -> list[str]:
    """Return what differs between the articles of two databases, times of sight apart."""
    ours, theirs = articles_by_id(crawl), articles_by_id(other)
    missing = [f"{key} is in one of them" for key in ours.keys() ^ theirs.keys()]
    return missing + [
        f"{ours[key].url}: {sorted(names)}"
        for key in ours.keys() & theirs.keys()
        if (names := differences(ours[key], theirs[key]))
    ]

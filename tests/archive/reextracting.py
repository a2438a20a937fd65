"""``scrapy reextract`` in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from tests.crash.killing import articles_by_id, differences
from tests.crawl.crawling import ENVIRONMENT, Crawl


def reextract(
    crawl: Crawl, *arguments: str, archive: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    own = {
        "NEWSCRAWL_DATABASE_URL": crawl.database,
        "NEWSCRAWL_JSONL": str(crawl.jsonl),
        "NEWSCRAWL_ARCHIVE": archive,
        **settings,
    }
    command = [sys.executable, "-m", "newscrawl", "reextract", *arguments]
    for name, value in own.items():
        command += ["-s", f"{name}={value}"]
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=crawl.folder,
        timeout=300,
    )


def unlike(crawl: Crawl, other: Crawl) -> list[str]:
    """Return what differs between the articles of two databases, times of sight apart."""
    ours, theirs = articles_by_id(crawl), articles_by_id(other)
    missing = [f"{key} is in one of them" for key in ours.keys() ^ theirs.keys()]
    return missing + [
        f"{ours[key].url}: {sorted(names)}"
        for key in ours.keys() & theirs.keys()
        if (names := differences(ours[key], theirs[key]))
    ]

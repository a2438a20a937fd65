"""``make bench-memory``: how much a crawl's memory grows from its 300th page to its 20,000th.

One crawl of one generated site; the memory is what the process has had at most when its server
has answered so many requests.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from tests.bench.measure import ROOT, newscrawl_command
from tests.demo.serving import DemoServer, run_demo

MARKS = (300, 1_000, 2_000, 5_000, 10_000, 15_000, 20_000)
ARTICLES_A_PAGE = 0.66
"""Of the generated site, with its listings."""
LOOKS = 0.5


def peak(pid: int) -> float:
    """Return the most memory that a process has had, in MB; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def grown(server: DemoServer, folder: Path, marks: list[int]) -> dict[int, float]:
    """Crawl a site; return the peak memory at each number of answers, of those it came to."""
    command = [*newscrawl_command(server.url, folder), "-s", "MEMUSAGE_LIMIT_MB=0"]
    command += ["-s", f"CLOSESPIDER_PAGECOUNT={marks[-1] + 50}", "-s", f"LOG_FILE={folder}/log"]
    found: dict[int, float] = {}
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None and len(found) < len(marks):
            pages = len(server.hits)
            for mark in marks:
                if mark <= pages and mark not in found:
                    found[mark] = peak(process.pid)
                    print(f"  {mark} pages: {found[mark]:.0f} MB", flush=True)
            time.sleep(LOOKS)
        process.terminate()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description=__doc__)
    parser.add_argument("--pages", type=int, default=MARKS[-1])
    parser.add_argument("--page-kb", type=int, default=30, help="least size of a page")
    options = parser.parse_args()
    marks = sorted({mark for mark in MARKS if mark < options.pages} | {options.pages})
    articles = int(options.pages * ARTICLES_A_PAGE * 1.1)
    with (
        run_demo(articles=articles, page_kb=options.page_kb) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        found = grown(server, Path(folder), marks)
    for before, after in pairwise(found):
        print(f"  from {before} to {after} pages: {found[after] - found[before]:+.1f} MB")
    if options.pages not in found:
        sys.exit(f"the crawl came to {max(found, default=0)} pages only")
    print(f"rss_mb_{options.pages}: {found[options.pages]:.1f}")
    print(f"rss_growth_{options.pages}: {found[options.pages] - found[MARKS[0]]:.1f}")


if __name__ == "__main__":
    main()

"""What it costs to admit a link, new and known, against an earlier commit.

``make bench-admission`` (``BEFORE=`` names another commit) times ``NewsSpider.follow`` of both in turns within
one run, a process each, on the links of real pages where those are at hand, else of the demo's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.bench.measure import ROOT

ROUNDS = 9
BEFORE = "0897835"
"""The last commit at which spider, sources and redirects judged URLs each by themselves."""
CHILD = Path(__file__).with_name("admitting.py")
Links = list[tuple[str, list[tuple[str, str]]]]


def real_links() -> Links:
    """Return pages' URLs, each with its links and their kinds."""
    from newscrawl.pages.news import NewsPage
    from tests.quality.samples import real_pages, recorded_pages

    pages = [page for name in ("generic", "publishers") for page in real_pages(name)]
    return [
        (str(page.response.url), [(link.url, link.kind) for link in NewsPage(page.response).links])
        for page in pages or recorded_pages()
    ]


def checked_out(commit: str, folder: Path) -> Path:
    archive = subprocess.run(
        ["git", "archive", commit, "newscrawl"], cwd=ROOT, check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def timed(root: Path, links: Path) -> dict[str, float]:
    """Return the seconds of one round by the code under ``root``."""
    ran = subprocess.run(
        [sys.executable, str(CHILD), str(links)],
        cwd=links.parent,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def rounds(roots: Sequence[Path], links: Path, number: int) -> Iterator[list[dict[str, float]]]:
    for each in range(number):
        order = roots if each % 2 == 0 else roots[::-1]
        took = {root: timed(root, links) for root in order}
        yield [took[root] for root in roots]


def figures(commit: str, number: int, links: Links) -> dict[str, Any]:
    """Return microseconds a link of both, and their ratios, by the median of all rounds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "links.json")
        file.write_text(json.dumps(links))
        before = checked_out(commit, Path(folder))
        results = list(rounds([before, ROOT], file, number))
    found: dict[str, Any] = {"links": int(results[0][0]["links"])}
    for what in ("new", "known"):
        old, new = (statistics.median(both[at][what] for both in results) for at in (0, 1))
        ratio = statistics.median(both[1][what] / both[0][what] for both in results)
        found |= {
            f"us_{what}_before": round(1e6 * old / found["links"], 2),
            f"us_{what}": round(1e6 * new / found["links"], 2),
            f"ratio_{what}": round(ratio, 3),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", nargs="?", default=BEFORE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    for name, value in figures(given.commit, given.rounds, real_links()).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()

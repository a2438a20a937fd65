"""What the index costs a crawl: the same crawl with and without it, at the same time.

``python -m tests.people.cost [TURNS]``
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import newscrawl_command, together
from tests.demo.serving import run_demo

ARTICLES, PAGE_KB = 600, 60
TURNS = 6


def turn(number: int) -> float:
    """Return the CPU a page with the index, in that without it."""
    with (
        run_demo(articles=ARTICLES, page_kb=PAGE_KB) as server,
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        commands = {
            wanted: [
                *newscrawl_command(server.url, folder / wanted),
                *("-s", f"NEWSCRAWL_SEARCH={wanted}"),
            ]
            for wanted in (("True", "False") if number % 2 else ("False", "True"))
        }
        found = together(commands, folder)
    return found["True"].cpu_ms_a_page / found["False"].cpu_ms_a_page


def main(turns: int) -> None:
    ratios = [turn(number) for number in range(turns)]
    print("turns:", ", ".join(f"{each:.3f}" for each in ratios))
    print(f"search_crawl_cpu: {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS)

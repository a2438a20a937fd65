"""``make bench``: the whole crawl beside a bare link follower, on the same site in the same run."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from newscrawl.demo.process import run_demo
from tests.bench import extraction
from tests.bench.measure import Measured, measure, newscrawl_command

FOLLOWER = Path(__file__).with_name("follower.py")


def follower(url: str, pages: int) -> list[str]:
    return [
        *("scrapy", "runspider", str(FOLLOWER), "-a", f"url={url}"),
        *("-s", f"CLOSESPIDER_PAGECOUNT={pages}"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3, help="the two crawls in turn, so often")
    parser.add_argument("--page-kb", type=int, default=None, help="pad pages to this size")
    parser.add_argument("--no-extraction", action="store_true", help="the two crawls only")
    options = parser.parse_args()
    if not options.no_extraction:
        extraction.run()
    ours: list[Measured] = []
    bare: list[Measured] = []
    for _ in range(options.runs):
        with (
            run_demo(articles=options.articles, page_kb=options.page_kb, port=0) as server,
            tempfile.TemporaryDirectory() as folder,
        ):
            ours.append(
                measure(newscrawl_command(server.url, Path(folder)), Path(folder, "ours.log"))
            )
            bare.append(measure(follower(server.url, ours[-1].pages), Path(folder, "bare.log")))
    for name, runs in (("newscrawl", ours), ("bare follower", bare)):
        print(
            f"{name}: {statistics.median(run.pages for run in runs):.0f} pages, "
            f"{statistics.median(run.pages_a_second for run in runs):.0f} pages/s, "
            f"{statistics.median(run.cpu_ms_a_page for run in runs):.2f} ms of CPU a page"
        )
    ratios = [a.cpu_ms_a_page / b.cpu_ms_a_page for a, b in zip(ours, bare, strict=True)]
    print(f"cpu_ms_page_newscrawl: {statistics.median(run.cpu_ms_a_page for run in ours):.2f}")
    print(f"cpu_ms_page_follower: {statistics.median(run.cpu_ms_a_page for run in bare):.2f}")
    print(f"cpu_ratio_follower: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()

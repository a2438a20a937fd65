"""``make bench-peers``: other crawlers on the articles of the same site, beside a crawl of ours.

They take long and are slow. Each runs at the same time as a crawl of ours; what is not installed
is skipped.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
from pathlib import Path

from tests.bench.measure import Begun, Crawling, newscrawl_command
from tests.bench.peers import PEERS
from tests.demo.serving import run_demo

PEER_PAGES = 300


def times_cheaper(name: str, articles: int, page_kb: int) -> float:
    """Return how much more CPU a peer takes an article than a whole crawl of ours."""
    with (
        run_demo(articles=articles, page_kb=page_kb) as server,
        tempfile.TemporaryDirectory() as ours,
        tempfile.TemporaryDirectory() as theirs,
    ):
        file = Path(theirs, "urls")
        file.write_text("\n".join([each.url for each in server.site.truth()][:PEER_PAGES]))
        crawl = Crawling(newscrawl_command(server.url, Path(ours)), Path(ours))
        peer = Begun(["-m", "tests.bench.peers", name, str(file)], Path(theirs))
        an_article = crawl.ended().cpu_seconds / articles
        spent = peer.ended()
    found = int(spent.output.split()[-1])
    print(f"  {name}: {found} articles, {spent.peak_rss_mb:.0f} MB", flush=True)
    return spent.cpu_seconds / found / an_article


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.beside", description=__doc__)
    parser.add_argument("--articles", type=int, default=1300, help="of our crawl")
    parser.add_argument("--page-kb", type=int, default=120, help="least size of a page")
    options = parser.parse_args()
    for name in PEERS:
        if importlib.util.find_spec(name) is None:
            print(f"  {name}: not installed")
            continue
        times = times_cheaper(name, options.articles, options.page_kb)
        print(f"times_cheaper_than_{name}: {times:.3f}", flush=True)


if __name__ == "__main__":
    main()

"""``make flame``: where a crawl spends its CPU, as a flame graph of all threads (py-spy)."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import ROOT, newscrawl_command
from tests.demo.serving import run_demo

RATE = 200
"""Samples a second."""
TITLE = re.compile(r'(<text id="title"[^>]*>)[^<]*(</text>)')
"""In place of the command with its folders."""


def flame(target: Path, articles: int, page_kb: int) -> None:
    with (
        run_demo(articles=articles, page_kb=page_kb) as server,
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        crawl = [*newscrawl_command(server.url, folder), "-s", f"LOG_FILE={folder}/log"]
        record = ["record", "--rate", str(RATE), "--threads", "--function", "-o", str(target)]
        subprocess.run(
            [Path(sys.executable).with_name("py-spy"), *record, "--", sys.executable, "-m", *crawl],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    drawn = target.read_text(encoding="utf-8")
    target.write_text(
        TITLE.sub(rf"\g<1>{articles} articles\g<2>", drawn, count=1), encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.flame", description=__doc__)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--page-kb", type=int, default=120, help="least size of a page")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "flame.svg")
    options = parser.parse_args()
    options.output.parent.mkdir(exist_ok=True)
    flame(options.output.absolute(), options.articles, options.page_kb)
    print(f"flame: {options.output}")


if __name__ == "__main__":
    main()

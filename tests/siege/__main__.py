"""``make siege``: attacks on crawls, each part of which prints its figures as ``name: value``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

PARTS: dict[str, str] = {
    "halfopen": "connections cut without a word, processes that stand still, machines that are gone",
    "browser": "a browser that pages lead to where nobody may go",
    "traces": "what is left of an erased article after commands were killed",
    "kills": "crawls and what runs beside them, killed again and again",
    "clocks": "clocks that are wrong by an hour, a day, a year",
    "endless": "sites whose pages have no end, in many shapes",
    "addresses": "addresses that nobody may be led to",
    "cut": "packed answers that end early",
    "slow": "pages meant to be slow",
    "status": "runs and commands that are in the way of each other",
}
"""What each part attacks. Its module here has ``figures(folder)``, which yields name and value."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.siege", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all")
    chosen: list[str] = parser.parse_args().parts or list(PARTS)
    if unknown := sorted(set(chosen) - set(PARTS)):
        parser.error(f"no such part: {', '.join(unknown)}")
    for name in chosen:
        started = time.monotonic()
        module = import_module(f"tests.siege.{name}")
        with tempfile.TemporaryDirectory(prefix=f"siege-{name}-") as folder:
            for figure, value in module.figures(Path(folder)):
                print(f"{figure}: {value}", flush=True)
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""``make truth``: whether what newscrawl does and says of itself is true, on sites made for doubt."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

Tell = Callable[[str], None]


class Part(NamedTuple):
    """A module of this package, its figure, and how many cases the whole run has."""

    module: str
    figure: str
    cases: int


PARTS = (
    Part("robots", "robots_violations", 200),
    Part("endings", "false_failures", 200),
    Part("outages", "silent_outages", 1000),
    Part("truncation", "truncated_stored", 200),
    Part("numbers", "numbers_disagree", 120),
)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.truth", description=__doc__)
    parser.add_argument("parts", nargs="*", help="only these modules; all by default")
    parser.add_argument("--cases", type=int, help="of each part, in place of its own number")
    return parser.parse_args()


def tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def main() -> int:
    options = parsed()
    figures = {}
    for part in PARTS:
        if options.parts and part.module not in options.parts:
            continue
        measure = import_module(f"tests.truth.{part.module}").measure
        wrong = measure(options.cases or part.cases, tell)
        for line in wrong:
            tell(f"{part.module}: {line}")
        figures[part.figure] = len(wrong)
    for name, value in figures.items():
        print(f"{name}: {value}")
    return int(any(figures.values()))


if __name__ == "__main__":
    sys.exit(main())

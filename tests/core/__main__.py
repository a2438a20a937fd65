"""``make core``: the compiled core and Python read the same pages, and say the same.

Parts: ``pages`` (all sets, the project's own, hostile ones), ``fuzz`` (pages made at random and
changed ones), ``asan`` (hostile and fuzzed pages under AddressSanitizer), ``install`` (without a
compiler). Prints figures; what differs is told, and is a failure.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.core import pages, sanitizing
from tests.core.comparing import Pair, side_by_side, told
from tests.core.installing import installs_without_compiler
from tests.core.reader import Page

FUZZED = 20_000
CHANGED = 2_000
"""Of them real pages with changes, which cost more to read."""
SANITIZED = 1_500
MOST_TOLD = 10


class Gate:
    """Counts what was equal and tells the first differences."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self.equal = self.different = 0

    def take(self, page: Page) -> None:
        if differing := self._pair.differences(page):
            self.different += 1
            if self.different <= MOST_TOLD:
                print(told(page, differing), flush=True)
        else:
            self.equal += 1


def all_pages() -> dict[str, int]:
    with side_by_side() as pair:
        gate = Gate(pair)
        for page in chain(pages.own(), pages.of_sets()):
            gate.take(page)
    return {"equal_pages": gate.equal, "different_pages": gate.different}


def fuzz(inputs: int, start: int) -> dict[str, int]:
    with side_by_side() as pair:
        gate = Gate(pair)
        for page in changed_pages(min(CHANGED, inputs // 10), start):
            gate.take(page)
        fuzzed(inputs - gate.equal - gate.different, start, gate.take)
    return {"equal_fuzzed": gate.equal, "different_fuzzed": gate.different}


def fuzzed(number: int, start: int, take: Callable[[Page], None]) -> None:
    """Hand over so many pages made at random."""

    @seed(start)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(pages.FUZZED)
    def hand(page: Page) -> None:
        take(page)

    hand()


def changed_pages(number: int, start: int) -> Iterator[Page]:
    chance = random.Random(start)
    known = [each for each in pages.own() if not each.name.startswith("hostile")]
    return (pages.changed(chance.choice(known), chance) for _ in range(number))


def asan(start: int) -> dict[str, int]:
    library = sanitizing.library()
    if library is None:
        print("asan: gcc's libasan is not installed")
        return {}
    made: list[Page] = []
    fuzzed(SANITIZED, start, made.append)
    read = [*pages.own(), *islice(changed_pages(SANITIZED, start), SANITIZED // 10), *made]
    with tempfile.TemporaryDirectory() as folder:
        core = sanitizing.sanitized(Path(folder))
        found = sanitizing.errors(read, core, sanitizing.environment(library))
    for each in found[:MOST_TOLD]:
        print(each, flush=True)
    return {"asan_pages": len(read), "asan_errors": len(found)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.core", description=__doc__)
    parser.add_argument("parts", nargs="*", help="pages, fuzz, asan, install; all without one")
    parser.add_argument("--inputs", type=int, default=FUZZED, help="of fuzz")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    parts = {
        "pages": all_pages,
        "fuzz": lambda: fuzz(options.inputs, options.seed),
        "asan": lambda: asan(options.seed),
        "install": lambda: {"installed_without_compiler": int(installs_without_compiler())},
    }
    if unknown := set(options.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    figures: dict[str, int] = {}
    for name in options.parts or parts:
        figures |= parts[name]()
    for name, value in figures.items():
        print(f"{name}: {value}")
    bad = [
        name for name in ("different_pages", "different_fuzzed", "asan_errors") if figures.get(name)
    ]
    return 1 if bad or figures.get("installed_without_compiler") == 0 else 0


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests.quality``: the quality of extraction, held by floors that only rise.

Prints a line for each figure. Exit status 1: a figure is under its floor.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.quality import bodies, metadata

FLOORS = Path(__file__).with_name("floors.json")


def main() -> int:
    absent = [name for name in bodies.SETS if not bodies.real_pages(name)]
    if absent:
        print(f"no real pages in {bodies.SHARED}: {', '.join(absent)} not scored")
    found = bodies.score() | metadata.score()
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    for name, figure in found.items():
        print(f"{name}: {figure:.4f}")
    fallen = [name for name, floor in floors.items() if found.get(name, floor) < floor]
    for name in fallen:
        print(f"{name} is under its floor of {floors[name]}", file=sys.stderr)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())

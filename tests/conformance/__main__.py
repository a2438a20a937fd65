"""``make conformance``: the suites of others, held by floors that only rise.

Exit status 1: a figure is under its floor, or a case differs for no reason that has a name.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.conformance import robots, suffixes, urls

FLOORS = Path(__file__).with_name("floors.json")


def main() -> int:
    if urls.found() is None:
        urls.fetch()
    same, otherwise, unexplained = _of_urls()
    passed = {
        "urls": (same, len(urls.cases())),
        "suffixes": _of_suffixes(),
        "robots": (
            sum(robots.allowed(case) is case.allowed for case in robots.CASES),
            len(robots.CASES),
        ),
    }
    for reason, number in otherwise.most_common():
        print(f"{number:3} addresses otherwise: {reason}")
    for case in unexplained:
        print(f"{case['input']!r} on {case.get('base')}: {urls.ours(case)}", file=sys.stderr)
    for name, (number, tried) in passed.items():
        print(f"{name}: {number} / {tried}")
    print(f"urls_otherwise: {otherwise.total()}")
    print(f"urls_unexplained: {len(unexplained)}")
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    fallen = [name for name, (number, tried) in passed.items() if number / tried < floors[name]]
    for name in fallen:
        print(f"{name} is under its floor of {floors[name]}", file=sys.stderr)
    return 1 if fallen or unexplained else 0


def _of_urls() -> tuple[int, Counter[str], list[dict[str, Any]]]:
    """Count the cases read as browsers do, those read otherwise by reason, and keep the rest."""
    same, otherwise, unexplained = 0, Counter[str](), []
    for case in urls.cases():
        if urls.ours(case) == urls.browsers(case):
            same += 1
        elif reason := urls.departure(case):
            otherwise[reason] += 1
        else:
            unexplained.append(case)
    return same, otherwise, unexplained


def _of_suffixes() -> tuple[int, int]:
    cases = suffixes.cases()
    return sum(suffixes.ours(name) == suffixes.listed(domain) for name, domain in cases), len(cases)


if __name__ == "__main__":
    sys.exit(main())

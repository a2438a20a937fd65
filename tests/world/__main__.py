"""``make world``: how many of the cases of each kind give the right value.

Cases of a kind are the tests of ``test_<kind>.py`` and ``test_<kind>_….py``. What is skipped
or expected to fail has not passed. Exit status 1: a case did not pass, or a kind has none.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KINDS = (
    "xml",
    "addresses",
    "answers",
    "metadata",
    "dates",
    "body",
    "pictures",
    "revisions",
    "clocks",
)


class Tally:
    """How many cases of a kind were tried, and how many passed."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.passed: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or (report.when == "setup" and not report.passed):
            kind = kind_of(report.nodeid)
            self.tried[kind] += 1
            self.passed[kind] += report.passed and not hasattr(report, "wasxfail")


def kind_of(nodeid: str) -> str:
    return Path(nodeid.partition("::")[0]).stem.split("_")[1]


def main() -> int:
    tally = Tally()
    files = [str(file) for file in sorted(HERE.glob("test_*.py")) if kind_of(file.name) in KINDS]
    pytest.main([*files, "-q", "-p", "no:cacheprovider", "--no-header"], plugins=[tally])
    for kind in KINDS:
        print(f"{kind}: {tally.passed[kind]} / {tally.tried[kind]}")
    print(f"cases: {tally.passed.total()} / {tally.tried.total()}")
    complete = all(tally.tried[kind] for kind in KINDS)
    return 0 if complete and tally.passed.total() == tally.tried.total() else 1


if __name__ == "__main__":
    sys.exit(main())

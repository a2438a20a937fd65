"""``make hostile``: a site with attacks of all kinds, what became of each, and the figures."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.hostile.attacks import ATTACKS
from tests.hostile.siege import Siege, besieged, rows
from tests.hostile.traps import TRAPS

SOURCES = 5
"""Sitemaps, feed and API that attack without a page of their own."""


def table(siege: Siege) -> Table:
    found = Table("attack", "what it tried", "outcome", "s", "CPU s", "MB")
    for name, tried, outcome, cost in rows(siege):
        figures = (f"{cost.seconds:.2f}", f"{cost.cpu:.2f}", f"{cost.grown:.1f}")
        found.add_row(name, tried, outcome, *figures)
    for name in TRAPS:
        pages = [row for row in siege.crawl.pages().values() if f"/{name}" in row["url"]]
        visited = sum(row["outcome"] == "listing" for row in pages)
        found.add_row(name, "pages without end", f"{visited} visited of {len(pages)}", "", "", "")
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, besieged(Path(folder)) as siege:
        Console(width=150, highlight=False).print(table(siege))
        figures = {
            "attacks": len(ATTACKS) + len(TRAPS) + SOURCES,
            "exit_status": siege.status,
            "forbidden_connections": len(siege.calls),
            "honest_articles_lost": siege.honest_lost,
            "peak_rss_mb": round(siege.peak_mb, 1),
            "slowest_page_cpu_s": round(siege.slowest, 2),
        }
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()

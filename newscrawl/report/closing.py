"""The closing table of a run, from the stats of the crawl itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from newscrawl.outcomes import Outcome


def outcomes_of(stats: Mapping[str, Any]) -> dict[str, int]:
    """Return how many pages had each outcome that occurred."""
    numbers = {each.value: stats.get(f"newscrawl/outcome/{each}", 0) for each in Outcome}
    return {outcome: number for outcome, number in numbers.items() if number}


def closing_table(stats: Mapping[str, Any]) -> Table:
    """Return outcomes with their numbers and reasons, most frequent reasons first."""
    table = Table(title="What became of the URLs", title_justify="left")
    table.add_column("outcome")
    table.add_column("pages", justify="right")
    table.add_column("reasons")
    outcomes = outcomes_of(stats)
    for outcome, number in outcomes.items():
        table.add_row(outcome, f"{number:,}", Text(_remarks(stats, Outcome(outcome))))
    table.add_section()
    table.add_row("visited", f"{sum(outcomes.values()):,}", "")
    if "newscrawl/ledger/queued" in stats:
        table.add_row(
            "queued", f"{stats.get('newscrawl/ledger/queued', 0):,}", "left for a later run"
        )
    return table


def _remarks(stats: Mapping[str, Any], outcome: Outcome) -> str:
    if outcome is Outcome.ARTICLE and stats.get("newscrawl/demoted"):
        return f"{stats['newscrawl/demoted']:,} of them found to be copies later"
    return _reasons(stats, outcome)


def _reasons(stats: Mapping[str, Any], outcome: Outcome) -> str:
    prefix = f"newscrawl/reason/{outcome}/"
    reasons = {
        name.removeprefix(prefix): number
        for name, number in stats.items()
        if name.startswith(prefix)
    }
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number:,}" for name, number in ordered)


def verdict(stats: Mapping[str, Any]) -> Text:
    """Return one line: whether the accounts of the run balance."""
    reason = stats.get("finish_reason", "unknown")
    if "newscrawl/balanced" not in stats:
        return Text(f"{reason}: this run kept no ledger", style="yellow")
    if "newscrawl/ledger/rows" not in stats:
        return Text(f"{reason}: THE STORE FAILED; what was committed is safe", style="bold red")
    articles = stats.get("newscrawl/outcome/article", 0) - stats.get("newscrawl/demoted", 0)
    ledger = {name: stats.get(f"newscrawl/ledger/{name}", 0) for name in _BALANCE}
    accounts = (
        f"{ledger['rows']:,} URLs known = {ledger['queued']:,} queued + {ledger['done']:,} done; "
        f"{ledger['claims']:,} claims = {ledger['visits']:,} visits + {ledger['released']:,} released"
    )
    if stats["newscrawl/balanced"]:
        return Text(f"{reason}: {articles:,} new articles; {accounts}", style="green")
    return Text(f"{reason}: THE LEDGER DOES NOT BALANCE; {accounts}", style="bold red")


def alarms(stats: Mapping[str, Any]) -> Iterator[Text]:
    """Yield a line for each alarm that a monitor raised."""
    for number in range(1, stats.get("newscrawl/alarms", 0) + 1):
        yield Text(f"alarm: {stats[f'newscrawl/alarm/{number}']}", style="bold yellow")


_BALANCE = ("rows", "queued", "done", "claims", "visits", "released")

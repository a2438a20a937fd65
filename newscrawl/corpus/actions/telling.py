"""What a corpus has come to, in words and tables."""

from __future__ import annotations

from collections import Counter

from rich.table import Table
from rich.text import Text

from newscrawl.corpus.account import ShardAccount
from newscrawl.outcomes import Outcome


class Totals:
    """Sums over the accounts of shards."""

    def __init__(self) -> None:
        self.shards = 0
        self.before = 0
        """Shards that had been read already."""
        self.unread = 0
        self.records = 0
        self.articles = 0
        self.outcomes: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()

    def add(self, account: ShardAccount) -> None:
        self.shards += 1
        self.records += account.records
        self.articles += account.rows
        self.outcomes.update(account.outcomes)
        self.passed_over.update(account.passed_over)

    def add_unread(self) -> None:
        self.unread += 1

    def sentence(self) -> str:
        said = [
            f"{_shards(self.shards)} read: {self.records:,} records, {self.articles:,} articles"
        ]
        if self.before:
            said.append(f"{_shards(self.before)} had been read before")
        if self.unread:
            said.append(f"{_shards(self.unread)} could not be read; run the command again")
        return "; ".join(said)


def _shards(number: int) -> str:
    return f"{number:,} {'shard' if number == 1 else 'shards'}"


def outcomes(totals: Totals) -> Table:
    """Return a table of what the records have become."""
    table = Table(title="What became of the records", title_justify="left")
    table.add_column("outcome")
    table.add_column("records", justify="right")
    table.add_column("reasons")
    for outcome in Outcome:
        reasons = _reasons(totals.outcomes, outcome)
        if reasons:
            named = sorted((-number, why) for why, number in reasons.items() if why)
            remarks = ", ".join(f"{why} {-number:,}" for number, why in named)
            table.add_row(outcome.value, f"{sum(reasons.values()):,}", Text(remarks))
    if totals.passed_over:
        named = sorted((-number, why) for why, number in totals.passed_over.items())
        remarks = ", ".join(f"{why} {-number:,}" for number, why in named)
        table.add_row("passed over", f"{totals.passed_over.total():,}", Text(remarks))
    return table


def _reasons(counts: Counter[str], outcome: Outcome) -> dict[str, int]:
    found = {}
    for told, number in counts.items():
        name, _, why = told.partition(": ")
        if name == outcome.value:
            found[why] = number
    return found

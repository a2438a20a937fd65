"""What a corpus has come to, in words and tables."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from newscrawl.corpus.totals import Totals, reasons
from newscrawl.outcomes import Outcome


def sentence(totals: Totals) -> str:
    said = [
        f"{_shards(totals.shards)} read: {totals.records:,} records, {totals.articles:,} articles"
    ]
    if totals.before:
        said.append(f"{_shards(totals.before)} had been read before")
    if totals.unread:
        said.append(f"{_shards(totals.unread)} could not be read; run the command again")
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
        found = reasons(totals.outcomes, outcome)
        if found:
            named = sorted((-number, why) for why, number in found.items() if why)
            remarks = ", ".join(f"{why} {-number:,}" for number, why in named)
            table.add_row(outcome.value, f"{sum(found.values()):,}", Text(remarks))
    if totals.passed_over:
        named = sorted((-number, why) for why, number in totals.passed_over.items())
        remarks = ", ".join(f"{why} {-number:,}" for number, why in named)
        table.add_row("passed over", f"{totals.passed_over.total():,}", Text(remarks))
    return table

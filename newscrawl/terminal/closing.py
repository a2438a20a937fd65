"""What is shown of a run at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from rich.table import Table
from rich.text import Text

from newscrawl.frontier.runs import NOTHING_READ
from newscrawl.history.accounts import Account
from newscrawl.outcomes import Outcome
from newscrawl.terminal.console import WholeConsole
from newscrawl.verdict.summary import count, summary

STOPPED = "stopped"
"""In place of a reason, where the engine never came to one."""

WAITING_FOR = {
    "pages": "wait for the next run",
    "suspects": "to be fetched alone",
    "tag_pages": "tag and author pages deferred",
    "sources": "left out",
}
"""What is said of queued rows by why they wait."""


def outcomes_of(stats: Mapping[str, Any]) -> dict[str, int]:
    """Return how many pages had each outcome that occurred so far."""
    numbers = {each.value: stats.get(f"newscrawl/outcome/{each}", 0) for each in Outcome}
    return {outcome: number for outcome, number in numbers.items() if number}


def closing_table(account: Account) -> Table:
    """Return outcomes with their numbers and reasons, most frequent reasons first."""
    table = Table(title="What became of the URLs", title_justify="left")
    table.add_column("outcome")
    table.add_column("pages", justify="right")
    table.add_column("reasons")
    for outcome, number in account.outcomes.items():
        table.add_row(outcome, f"{number:,}", Text(_remarks(account, outcome)))
    table.add_section()
    table.add_row("visited", f"{account.visits:,}", "")
    table.add_row("queued", f"{account.ledger.queued:,}", _numbered(_waiting(account)))
    return table


def _remarks(account: Account, outcome: str) -> str:
    if outcome == Outcome.ARTICLE and account.demoted:
        return f"{account.demoted:,} of them found to be copies later"
    return _numbered(account.reasons.get(outcome, {}))


def _waiting(account: Account) -> dict[str, int]:
    return {WAITING_FOR[name]: number for name, number in account.queued.items() if number}


def _numbered(names: Mapping[str, int]) -> str:
    """Return names with their numbers, the largest first."""
    ordered = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number:,}" for name, number in ordered)


def verdict(account: Account) -> Text:
    """Return one line: whether the accounts of a run balance."""
    sums = account.ledger
    accounts = (
        f"{sums.rows:,} URLs known = {sums.queued:,} queued + {sums.done:,} done; "
        f"{sums.claims:,} claims = {sums.visits:,} visits + {sums.released:,} released"
    )
    if sums.holds:
        new = count(account.new.articles, "new article")
        style = "bold red" if account.reason in NOTHING_READ else "green"
        return Text(f"{account.reason}: {new}; {accounts}", style=style)
    return Text(f"{account.reason}: THE LEDGER DOES NOT BALANCE; {accounts}", style="bold red")


def verdict_without(reason: str | None, why: str) -> Text:
    """Return one line on a crawl that has no account."""
    return Text(f"{reason or STOPPED}: {why}", style="bold red" if "FAILED" in why else "yellow")


def say(console: WholeConsole, account: Account | None, *lines: Text) -> None:
    """Print the table and the summary of a run, if it has an account, and some lines below."""
    if account is not None:
        console.print(closing_table(account))
        console.say(summary(account))
    for line in lines:
        console.say(line.plain, str(line.style))


def as_text(account: Account | None, *lines: Text) -> str:
    """Return the same for a file."""
    told = StringIO()
    say(WholeConsole(file=told), account, *lines)
    return told.getvalue().rstrip()


def as_json(
    account: Account | None, stats: Mapping[str, Any], status: int, why: str
) -> dict[str, Any]:
    """Return the account of a crawl for programs; without one ``run`` is ``None``."""
    told: dict[str, Any] = {"run": None, "reason": stats.get("finish_reason") or STOPPED}
    if account is not None:
        told = account.as_dict()
    return {
        **told,
        "status": status,
        "alarms": [stats[name] for name in _alarms(stats)],
        "summary": why if account is None else summary(account),
    }


def alarms(stats: Mapping[str, Any]) -> Iterator[Text]:
    """Yield a line for each alarm that a monitor raised."""
    for name in _alarms(stats):
        yield Text(f"alarm: {stats[name]}", style="bold yellow")


def _alarms(stats: Mapping[str, Any]) -> list[str]:
    return [f"newscrawl/alarm/{number + 1}" for number in range(stats.get("newscrawl/alarms", 0))]

"""The table of runs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text
from sqlalchemy import RowMapping

from newscrawl.history.accounts import Account
from newscrawl.verdict.reach import told
from newscrawl.verdict.summary import summary


def wide(runs: Sequence[RowMapping]) -> Table:
    """Return a table with a line a run."""
    table = Table()
    job = ["job"] if any(run["job"] for run in runs) else []
    for name in ("run", *job, "spider", "sites", "started", "took", "MB", "ended", "outcomes"):
        table.add_column(name, justify="right" if name in {"run", "took", "MB"} else "left")
    for run in runs:
        table.add_row(
            str(run["id"]),
            *(Text(run[name] or "") for name in job),
            run["spider"],
            Text(", ".join(run["sites"])),
            _started(run),
            _took(run),
            str(run["peak_rss_mb"] or ""),
            Text(_ended(run)),
            _outcomes(run),
        )
    return table


def narrow(runs: Sequence[RowMapping]) -> Table:
    """Return the same in a few lines a run."""
    table = Table(show_lines=True)
    table.add_column("run", justify="right")
    table.add_column("started, took, ended; job; spider, sites, MB; outcomes")
    for run in runs:
        when = [_started(run), _took(run), _ended(run)]
        megabytes = run["peak_rss_mb"]
        what = [run["spider"], *run["sites"], f"{megabytes} MB" if megabytes else ""]
        lines = (
            ", ".join(filter(None, each)) for each in (when, [run["job"]], what, [_outcomes(run)])
        )
        table.add_row(str(run["id"]), Text("\n".join(filter(None, lines))))
    return table


def _started(run: RowMapping) -> str:
    return f"{run['started']:%Y-%m-%d %H:%M:%S}"


def _ended(run: RowMapping) -> str:
    """Return how a run ended; why, where it read nothing or was to wait."""
    account = run["account"] and Account.from_dict(run["account"])
    why = account and (told(account.unread, most=1) or account.detail)
    return f"{run['reason']}: {why}" if why else run["reason"] or "not yet"


def _outcomes(run: RowMapping) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in (run["outcomes"] or {}).items())


def _took(run: RowMapping) -> str:
    if run["finished"] is None:
        return ""
    minutes, seconds = divmod(round((run["finished"] - run["started"]).total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def of_latest(runs: Sequence[RowMapping]) -> str:
    """Say what the latest run that has an account came to; empty where none has."""
    latest = next((run for run in runs if run["account"]), None)
    if latest is None:
        return ""
    return f"Run {latest['id']}: {summary(Account.from_dict(latest['account']))}"

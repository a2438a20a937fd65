"""The pages of the work: the front page, runs, and what goes on now."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from newscrawl.browse import asked
from newscrawl.browse.stored import at_work, limits, newest, site_counts
from newscrawl.history.accounts import Account
from newscrawl.history.monitoring import queued
from newscrawl.history.queries import latest_runs
from newscrawl.search.index import state_of
from newscrawl.store.schema import runs
from newscrawl.verdict.summary import summary

NEWEST, RUNS, PAGE = 12, 6, 30


def home(connection: Connection, _given: Mapping[str, str]) -> dict[str, Any]:
    latest = latest_runs(connection, RUNS)
    counts = site_counts(connection)
    return {
        "counts": counts,
        "articles": sum(each.articles for each in counts),
        "copies": sum(each.copies for each in counts),
        "queued": queued(connection),
        "newest": newest(connection, NEWEST),
        "runs": latest,
        "alarms": [(run["id"], alarm) for run in latest for alarm in run["alarms"] or ()],
        "state": state_of(connection).value,
    }


def listed(connection: Connection, given: Mapping[str, str]) -> dict[str, Any]:
    found = latest_runs(connection, PAGE + 1, before=asked.number(given, "before"))
    return {"runs": found[:PAGE], "before": found[PAGE - 1]["id"] if len(found) > PAGE else None}


def run(connection: Connection, number: int) -> dict[str, Any] | None:
    """Return what is known of a run, ``None`` where there was none."""
    row = connection.execute(select(runs).where(runs.c.id == number)).mappings().first()
    if row is None:
        return None
    account = row["account"] and Account.from_dict(row["account"])
    return {"run": row, "account": account, "summary": summary(account) if account else ""}


def now(connection: Connection, _given: Mapping[str, str]) -> dict[str, Any]:
    at = time.time()
    work = list(at_work(connection))
    return {
        "work": work,
        "is_live": any(each.is_alive for each in work),
        "queued": queued(connection),
        "limits": [(each, each.left(at)) for each in limits(connection)],
    }

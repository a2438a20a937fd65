"""How a run ended, from its reason and its stats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newscrawl.frontier.runs import ENDLESS, NOTHING_READ, TAKEN_OVER, WAITING
from newscrawl.history.accounts import Account
from newscrawl.verdict.reach import nothing_read, told

LOCKED = "locked"
"""Another run is crawling the site, or the database is locked."""
BUSY_ELSEWHERE = (LOCKED, TAKEN_OVER)
"""How a run ends that is in the way of another one, which goes on."""
TOO_LARGE = "memusage_exceeded"
STOPPED_IN_ORDER = frozenset({"finished", "max_articles", "shutdown", WAITING, ENDLESS, TOO_LARGE})


def faults(reason: str | None, stats: Mapping[str, Any]) -> list[str]:
    """Return what went wrong in a run, a sentence each; a run with none is a good one."""
    if reason in BUSY_ELSEWHERE:
        return []
    found = []
    if reason not in STOPPED_IN_ORDER and not str(reason).startswith("closespider_"):
        found.append(f"the run ended as {reason}")
    elif stats.get("newscrawl/balanced") is False:
        found.append("the accounts of the run do not balance")
    errors = max(stats.get("newscrawl/errors", 0), stats.get("spider_exceptions/count", 0))
    if errors:
        found.append(f"errors in the code of the crawl: {errors:,}; see the log")
    return found


def ending(
    reason: str | None, stats: Mapping[str, Any], account: Account | None = None
) -> list[str]:
    """Return what somebody should know of how a run ended: its faults, and what it did not reach."""
    found = faults(reason, stats)
    if account is not None and reason in NOTHING_READ:
        found[0] = f"{reason}: {nothing_read(account)}"
    elif account is not None and account.dead:
        sites = ", ".join(f"{site} ({word})" for site, word in account.dead.items())
        found.append(f"no start URL gave a page: {sites}: {told(account.unread)}")
    if account is not None:
        found += account.endless.values()
    if reason == TOO_LARGE:
        found.append("the run outgrew MEMUSAGE_LIMIT_MB and ended early; the next one goes on")
    return found

"""How a run ended, from its reason and its stats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LOCKED = "locked"
"""Another run is crawling the site."""
TOO_LARGE = "memusage_exceeded"
STOPPED_IN_ORDER = frozenset({"finished", "max_articles", "shutdown", "waiting", TOO_LARGE})


def faults(reason: str | None, stats: Mapping[str, Any]) -> list[str]:
    """Return what went wrong in a run, a sentence each; a run with none is a good one."""
    if reason == LOCKED:
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


def ending(reason: str | None, stats: Mapping[str, Any]) -> list[str]:
    """Return what somebody should know of how a run ended: its faults, or that it was too large."""
    if reason == TOO_LARGE:
        too_large = "the run outgrew MEMUSAGE_LIMIT_MB and ended early; the next one goes on"
        return [*faults(reason, stats), too_large]
    return faults(reason, stats)

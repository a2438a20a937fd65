"""What Scrapy's statistics show of a run: visits as they end, and what the database says at last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.outcomes import Outcome

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from newscrawl.frontier.visits import Visit
    from newscrawl.history.accounts import Account


def count_visit(stats: StatsCollector, visit: Visit) -> None:
    """Count the outcome of a visit, and its reason if that is none of many."""
    stats.inc_value(f"newscrawl/outcome/{visit.outcome}")
    if visit.reason is not None and visit.outcome is not Outcome.REDIRECTED:
        name = visit.reason.partition(":")[0]
        stats.inc_value(f"newscrawl/reason/{visit.outcome}/{name}")


def count_circle(stats: StatsCollector, visit: Visit) -> None:
    """Count a visit as failed that was counted as redirected."""
    stats.inc_value(f"newscrawl/outcome/{Outcome.REDIRECTED}", -1)
    count_visit(stats, visit)


def replace_counts(stats: StatsCollector, account: Account) -> None:
    """Replace what was counted on the way by what the database says at the end."""
    stats.set_value("newscrawl/run", account.run)
    stats.set_value("newscrawl/balanced", account.ledger.holds)
    for name, number in account.ledger._asdict().items():
        stats.set_value(f"newscrawl/ledger/{name}", number)
    for outcome, number in account.outcomes.items():
        stats.set_value(f"newscrawl/outcome/{outcome}", number)

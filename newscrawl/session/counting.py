"""What the statistics of a crawl hear of its visits, and of its account at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.outcomes import Outcome

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from newscrawl.frontier.visits import Visit
    from newscrawl.history.accounts import Account


def count_visit(stats: StatsCollector, visit: Visit) -> None:
    stats.inc_value(f"newscrawl/outcome/{visit.outcome}")
    if visit.reason is not None and visit.outcome is not Outcome.REDIRECTED:
        name = visit.reason.partition(":")[0]
        stats.inc_value(f"newscrawl/reason/{visit.outcome}/{name}")


def count_circle(stats: StatsCollector, visit: Visit) -> None:
    """Count a visit as failed that was counted as redirected."""
    stats.inc_value(f"newscrawl/outcome/{Outcome.REDIRECTED}", -1)
    stats.inc_value(f"newscrawl/outcome/{Outcome.FAILED}")
    stats.inc_value(f"newscrawl/reason/{Outcome.FAILED}/{visit.reason}")


def count_account(stats: StatsCollector, run: int, account: Account) -> None:
    """Replace what was counted on the way by what the database says at the end."""
    stats.set_value("newscrawl/run", run)
    stats.set_value("newscrawl/balanced", account.ledger.holds)
    for name, number in account.ledger._asdict().items():
        stats.set_value(f"newscrawl/ledger/{name}", number)
    for outcome, number in account.outcomes.items():
        stats.set_value(f"newscrawl/outcome/{outcome}", number)

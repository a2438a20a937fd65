"""Sums over the accounts of shards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from newscrawl.corpus.account import ShardAccount
from newscrawl.outcomes import Outcome


class Totals:
    """What all shards that were added have come to."""

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


def reasons(counts: Mapping[str, int], outcome: Outcome) -> dict[str, int]:
    """Return how many records have an outcome, by its reasons; one without has an empty name."""
    found = {}
    for told, number in counts.items():
        name, _, why = told.partition(": ")
        if name == outcome.value:
            found[why] = number
    return found

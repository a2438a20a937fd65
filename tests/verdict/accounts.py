"""Accounts of runs that never were."""

from __future__ import annotations

from typing import Any

from newscrawl.frontier.balance import Balance
from newscrawl.history.accounts import Account, Articles

QUEUED = {"suspects": 0, "tag_pages": 0, "sources": 0, "pages": 0}
SUMS = Balance(rows=3000, queued=1000, done=2000, erased=0, claims=2010, visits=2000, released=10)


def an_account(*, queued: dict[str, int] | None = None, **given: Any) -> Account:
    """A finished run of one site; ``given`` replaces what it says."""
    values: dict[str, Any] = {
        "run": 3,
        "spider": "site",
        "sites": ["news.example"],
        "started": "2026-03-01T06:00:00+00:00",
        "finished": "2026-03-01T06:30:00+00:00",
        "reason": "finished",
        "detail": "",
        "outcomes": {"article": 1200},
        "reasons": {},
        "ledger": SUMS,
        "new": Articles(1200, 0, 0),
        "stored": Articles(1200, 0, 0),
        "queued": {**QUEUED, **(queued or {})},
    }
    return Account(**{**values, **given})

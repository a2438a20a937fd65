"""How often a site publishes, and how often it is to be crawled."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

WEEK, LEAST = timedelta(days=7), timedelta(hours=6)
"""Entries of so long are counted, and a list that reaches back for less counts as so long."""
ENOUGH = 3
"""Moments that tell of a rhythm."""
MANY, SOME, FEW = 24.0, 6.0, 1.0
"""Articles a day from which a site is crawled every hour, every three hours, twice a day."""


def per_day(dates: Collection[datetime], now: datetime) -> float | None:
    """Return how many entries of a list are of a day, from the dates of the newest ones.

    ``None`` where too few have a date of their own to tell.
    """
    moments = {date for date in dates if date <= now}
    if len(moments) < ENOUGH:
        return None
    span = max(min(now - min(moments), WEEK), LEAST)
    count = sum(now - date <= span for date in dates if date <= now)
    return count / (span / timedelta(days=1))


def cron_for(name: str, rate: float | None) -> str:
    """Return a cron expression for so many articles a day; each name has its own minute."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    hour, minute = divmod(int.from_bytes(digest) % (24 * 60), 60)
    rate = rate or 0.0
    if rate >= MANY:
        return f"{minute} * * * *"
    if rate >= SOME:
        return f"{minute} */3 * * *"
    if rate >= FEW:
        return f"{minute} {hour % 12},{hour % 12 + 12} * * *"
    return f"{minute} {hour} * * *"


def told(rate: float | None) -> str:
    """Return a rate in words."""
    if rate is None:
        return "how often is not known"
    if rate == 0:
        return "nothing new for a week"
    number, span = (rate, "day") if rate >= FEW else (rate * 7, "week")
    count = max(round(number), 1)
    return f"about {count} {'article' if count == 1 else 'articles'} a {span}"

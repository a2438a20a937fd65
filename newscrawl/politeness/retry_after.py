"""How long a server asks to be left alone: ``Retry-After`` (RFC 9110, 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MOST_DIGITS = 12


def seconds_to_wait(said: str | None, date: str | None) -> float | None:
    """Return the seconds that ``Retry-After`` says: a number, or a date from now on.

    Now is what the host's own ``Date`` says, if it has one: one of the two clocks may be wrong.
    """
    if said is None:
        return None
    text = said.strip()
    if text.isascii() and text.isdigit():
        return float(text[:_MOST_DIGITS])
    when = _date(text)
    if when is None:
        return None
    now = _date(date or "") or datetime.now(UTC)
    return max(0.0, (when - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo is not None else when.replace(tzinfo=UTC)

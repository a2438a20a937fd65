"""Captures: a URL as an archive has it of some time, and where the archive shows it."""

from __future__ import annotations

from datetime import UTC, datetime

CAPTURE = "capture"
"""The kind of a row that is a capture: its URL is that of the site, which is not asked."""
REPLAYED = "newscrawl_replayed"
"""In the meta of a request: where an archive shows the answer; that is asked for in place of it."""
_MARK = "#"
"""What stands between page and time in the identity of a capture: no URL that is asked for has it."""
DIGITS = len("20250309101112")
_FORMAT = "%Y%m%d%H%M%S"


def capture_identity(page: str, timestamp: str) -> str:
    """Return the key of a capture's row, from the identity of its page and its 14 digits."""
    return f"{page}{_MARK}{timestamp}"


def page_of(identity: str) -> str:
    """Return the identity of the page that a row is of: its own, unless it is a capture."""
    return identity.partition(_MARK)[0]


def timestamp_in(identity: str) -> str:
    """Return the 14 digits of a capture, empty for any other row."""
    return identity.partition(_MARK)[2]


def captured_at(identity: str) -> datetime | None:
    """Return when a capture was made, ``None`` for any other row."""
    timestamp = timestamp_in(identity)
    return at_of(timestamp) if timestamp else None


def at_of(timestamp: str) -> datetime:
    """Return the time (UTC) of 14 digits.

    Raises:
        ValueError: they are none.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == DIGITS):
        raise ValueError("no time")
    year, rest = int(timestamp[:4]), timestamp[4:]
    month, day, hour, minute, second = (int(rest[place : place + 2]) for place in range(0, 10, 2))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def timestamp_of(at: datetime) -> str:
    return f"{at.astimezone(UTC):{_FORMAT}}"


def replay_url(collection: str, timestamp: str, url: str) -> str:
    """Return where an archive shows a capture as it was: pywb's and Wayback machines' ``id_``."""
    return f"{collection}{timestamp}id_/{url}"

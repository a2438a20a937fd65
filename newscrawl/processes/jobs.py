"""How many processes somebody asks for."""

from __future__ import annotations

MOST_JOBS = 1_000


def jobs_of(given: str) -> int:
    """Return the number of ``--jobs``.

    Raises:
        ValueError: it is no number from 1 to ``MOST_JOBS``.
    """
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= MOST_JOBS):
        raise ValueError(f"--jobs is no number from 1 to {MOST_JOBS:,}: {given}")
    return int(given)

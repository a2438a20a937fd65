"""How many processes somebody asks for."""

from __future__ import annotations

import os

MOST_JOBS = 1_000


def jobs_of(given: str) -> int:
    """Return the number of ``--jobs``.

    Raises:
        ValueError: it is no number from 1 to ``MOST_JOBS``.
    """
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= MOST_JOBS):
        raise ValueError(f"--jobs is no number from 1 to {MOST_JOBS:,}: {given}")
    return int(given)


def jobs_or_cores(given: str | None) -> int:
    """Return the number of ``--jobs``, else that of the cores this process may use.

    Raises:
        ValueError: as :func:`jobs_of`.
    """
    if given is not None:
        return jobs_of(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""With what status a command ends, so that a job can tell what came of it."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    GOOD = 0
    FAILED = 1
    BAD_INPUT = 2
    """What a user gave is wrong; Scrapy's own for a wrong command line."""
    ALARM = 3
    """Good, but a person has to look: a monitor raised an alarm, an erasure left something."""
    LOCKED = 75
    """Another run of the site is at work, or the database is locked: ``EX_TEMPFAIL`` of
    ``sysexits.h``, try again later.
    """

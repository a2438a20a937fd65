"""With what status a command ends, so that a job can tell what came of it."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """Scrapy itself ends with 2 where a command line is wrong."""

    GOOD = 0
    FAILED = 1
    ALARM = 3
    """Good, but a monitor raised an alarm."""
    LOCKED = 75
    """Another run of the site is at work: ``EX_TEMPFAIL`` of ``sysexits.h``, try again later."""

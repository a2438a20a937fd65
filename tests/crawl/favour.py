"""Servers whose clock tests rely on."""

from __future__ import annotations

import os


def favour(pid: int = 0) -> None:
    """Let a server (by default this thread and those it starts) note at once when it is asked.

    However busy the crawls keep the machine; as root only, elsewhere nothing changes.
    """
    try:
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        return

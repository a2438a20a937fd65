"""Processes of this machine."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")
_KIB = 1024


def is_running(pid: int) -> bool:
    """Whether there is a process of this number, whoever's it is, that has not ended yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) not in {"Z", "X"}


def stands_still(pid: int) -> bool:
    """Whether a process was stopped by a signal, or is held by a debugger; told by Linux alone."""
    return _state(pid) in {"T", "t"}


def _state(pid: int) -> str:
    """Return the letter of ``/proc/PID/stat``, which only Linux has."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[0]


def peak_memory() -> int:
    """Return the most memory that this program has held, in bytes.

    ``getrusage`` would begin with what the process held that started it: a crawl started by a
    large one would seem as large.
    """
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * _KIB
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * _KIB

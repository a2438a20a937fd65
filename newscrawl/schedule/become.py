"""Becomes a program that ends when its starter dies and whose memory is limited.

Run as a script by its path, so that nothing is imported before: PID_OF_STARTER MEGABYTES COMMAND…
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
"""Of Linux's prctl(2); what it sets outlasts an exec."""


def main(starter: str, megabytes: str, *command: str) -> None:
    """``megabytes`` limit what the program itself allocates (``RLIMIT_DATA``), 0 for no limit."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(starter):
        sys.exit("whoever started this is gone")
    if int(megabytes):
        limit = int(megabytes) << 20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.execv(command[0], command)  # noqa: S606 - the command is our own, and no shell


if __name__ == "__main__":
    main(*sys.argv[1:])

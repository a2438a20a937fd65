"""The server of the tests goes with them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

SERVE = """
import time
from tests.store.serving import postgres
with postgres() as server:
    print(server.pid, server.folder, flush=True)
    time.sleep(600)
"""


def is_alive(pid: str) -> bool:
    """Whether a process runs; one that has ended may wait long for somebody to notice."""
    shown = subprocess.run(
        ["ps", "-o", "stat=", "-p", pid], check=False, capture_output=True, text=True
    )
    return shown.stdout.strip()[:1] not in {"", "Z"}


def test_a_server_ends_with_tests_that_are_killed():
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        pid, folder = tests.stdout.readline().split()
        assert is_alive(pid)
        tests.send_signal(signal.SIGKILL)
    while is_alive(pid) or Path(folder).exists():
        time.sleep(0.05)

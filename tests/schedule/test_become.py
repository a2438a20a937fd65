from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newscrawl.schedule.running import BECOME

HOG = "block = bytearray(400 << 20)"
STARTER = """
import os, subprocess, sys
child = [sys.executable, "-I", "-S", sys.argv[1], str(os.getpid()), "0", sys.executable, "-c", sys.argv[2]]
subprocess.Popen(child).wait()
"""
WAITS = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("asked to end", flush=True), sys.exit()))
print(os.getpid(), flush=True)
time.sleep(60)
"""


def become(starter: int, megabytes: int, code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(BECOME), str(starter), str(megabytes)]
    return subprocess.run(
        [*command, sys.executable, "-c", code], check=False, capture_output=True, text=True
    )


def test_it_is_the_program_then():
    assert become(os.getpid(), 0, "print('here')").stdout == "here\n"


@pytest.mark.parametrize(("megabytes", "status"), [(0, 0), (2000, 0), (200, 1)])
def test_its_memory_is_limited(megabytes, status):
    ended = become(os.getpid(), megabytes, HOG)
    assert ended.returncode == status
    assert ("MemoryError" in ended.stderr) == (status == 1)


def test_it_does_not_begin_when_its_starter_is_gone():
    ended = become(1 << 22, 0, "print('here')")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "gone" in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="no other system tells of a starter's death")
def test_it_is_asked_to_end_when_its_starter_is_killed():
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(BECOME), WAITS], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    child = int(starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    assert starter.stdout.readline() == "asked to end\n"
    starter.stdout.close()
    while Path(f"/proc/{child}").exists():
        time.sleep(0.05)

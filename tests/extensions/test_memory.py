from __future__ import annotations

import subprocess
import sys

LARGE = """
import subprocess, sys
held = bytearray(400_000_000)
for at in range(0, len(held), 4096):
    held[at] = 1
subprocess.run([sys.executable, "-c", "from newscrawl.store.process import peak_memory; print(peak_memory())"])
"""


def test_the_peak_is_not_that_of_the_process_that_started_it():
    ended = subprocess.run(
        [sys.executable, "-c", LARGE], capture_output=True, text=True, check=True
    )
    assert 5_000_000 < int(ended.stdout) < 300_000_000

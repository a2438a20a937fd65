from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from newscrawl.schedule.running import run

PATIENT = "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\ntime.sleep(60)"
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"
OUTER = """
import sys
from newscrawl.schedule.running import run
print("ready", flush=True)
sys.exit(run([sys.executable, "-c", sys.argv[1]]))
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.parametrize("status", [0, 1, 3, 75])
def test_the_status_is_that_of_the_run(status):
    assert run(python(f"raise SystemExit({status})")) == status


def test_a_run_beyond_its_limit_is_asked_to_end():
    assert run(python(PATIENT), limit=1.0) == 7


def test_a_run_that_does_not_end_is_killed():
    assert run(python(STUBBORN), limit=0.5, grace=0.5) == -signal.SIGKILL


def test_a_signal_is_passed_on_and_waited_for():
    outer = subprocess.Popen(
        [sys.executable, "-c", OUTER, f"print('go', flush=True)\n{PATIENT}"],
        stdout=subprocess.PIPE,
    )
    assert outer.stdout is not None
    assert [outer.stdout.readline() for _ in range(2)] == [b"ready\n", b"go\n"]
    time.sleep(0.3)
    outer.send_signal(signal.SIGTERM)
    assert outer.wait(20) == 7
    outer.stdout.close()


def test_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    run(python(""))
    assert signal.getsignal(signal.SIGTERM) is before

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from newscrawl.store.process import is_running, stands_still

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process's state"
)


@pytest.fixture
def sleeper():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


def test_a_process_that_was_stopped_stands_still_and_is_running(sleeper):
    assert not stands_still(sleeper.pid)
    sleeper.send_signal(signal.SIGSTOP)
    while not stands_still(sleeper.pid):
        time.sleep(0.01)
    assert is_running(sleeper.pid)


def test_a_process_that_has_ended_is_not_running_though_nobody_asked_for_its_status(sleeper):
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(sleeper.pid)


def test_a_number_of_no_process_stands_not_still():
    assert not stands_still(2**22 + 1)

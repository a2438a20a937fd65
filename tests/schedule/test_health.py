from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from newscrawl.schedule.metrics import DEAF_SECONDS, _health


@pytest.mark.parametrize(
    ("silent", "status"), [(0.0, "200 OK"), (DEAF_SECONDS + 1, "503 Service Unavailable")]
)
def test_a_worker_is_healthy_while_the_database_answers(silent, status):
    worker: Any = SimpleNamespace(heard=time.monotonic() - silent, at_work=["example"])
    assert _health(worker)[0] == status

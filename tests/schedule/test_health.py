from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from newscrawl.frontier import runs
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.runs import NOTHING_READ
from newscrawl.schedule.metrics import DEAF_SECONDS, LedgerCollector, _health


@pytest.mark.parametrize(
    ("silent", "status"), [(0.0, "200 OK"), (DEAF_SECONDS + 1, "503 Service Unavailable")]
)
def test_a_worker_is_healthy_while_the_database_answers(silent, status):
    worker: Any = SimpleNamespace(heard=time.monotonic() - silent, at_work=["example"])
    assert _health(worker)[0] == status


@pytest.mark.parametrize("reason", [*NOTHING_READ, "waiting", "store_failed"])
def test_a_run_that_read_nothing_is_no_success(engine, reason):
    sites = ["paper.example"]
    with engine.begin() as connection:
        begun = runs.begin_run(
            connection,
            spider="site",
            sites=sites,
            arguments={},
            version="1",
            policy=RevisitPolicy(1.0, 2.0),
        )
        runs.end_run(connection, begun.run, reason)
    found = {family.name: family.samples for family in LedgerCollector(engine).collect()}
    assert found["newscrawl_last_success_timestamp_seconds"] == []
    (ended,) = (each for each in found["newscrawl_runs"] if each.name.endswith("_total"))
    assert ended.labels == {"site": "paper.example", "reason": reason}

"""Workers that are killed while they crawl; ``make scale`` does the same with more of all."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scale.fleet import Fleet, demo_sites, kill_now_and_then, measure
from tests.store.restarting import restartable, stopped


@pytest.fixture
def database() -> Iterator[str]:
    with restartable() as url:
        yield url


def test_killed_workers_lose_nothing_and_never_share_a_site(tmp_path: Path, database: str):
    with (
        demo_sites(3, 50) as sites,
        Fleet(tmp_path, database, sites, delay=0.1, concurrency=3) as fleet,
    ):
        for number in range(2):
            fleet.start(number)
        while len(sites[0].hits) < 20:
            time.sleep(0.05)
        kill_now_and_then(fleet, 2, 1.0, random.Random(1))
        with stopped(database):
            time.sleep(0.5)
        fleet.wait()
        assert fleet.stop() == [0, 0]
        measured = measure(fleet, tolerance=fleet.delay / 2)  # others may keep the servers waiting
    assert fleet.kills == 2
    assert measured.problems == []
    assert (measured.lost, measured.repeated) == (0, 0)
    assert (measured.overlapping, measured.delay_violations) == (0, 0)

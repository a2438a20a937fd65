"""Every executor of a corpus, with workers and the command killed at random moments."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil  # type: ignore[import-untyped] # it ships no types

from newscrawl.corpus.layout import Layout
from tests.corpus.executors.clusters import a_cluster
from tests.corpus.executors.house import House
from tests.corpus.running import Building, readers
from tests.store.serving import EMPTY, postgres

WORKERS = 3
"""Killed in each build, before the command itself."""


class Killed(NamedTuple):
    """A corpus that was built in the end, and what that took."""

    layout: Layout
    killed: int
    """Readings that were cut off."""
    read: int
    """Readings of shards that were begun."""


def in_pool(folder: Path, inputs: Path, chance: random.Random) -> Killed:
    building = Building(folder, inputs, "--jobs=2")
    building.kill_workers(WORKERS, chance, readers)
    building.run()
    return Killed(building.layout, building.seen.killed, len(building.seen.attempts))


def on_dask(folder: Path, inputs: Path, chance: random.Random) -> Killed:
    """Two workers of one thread; one that was killed is replaced."""
    with a_cluster(folder.with_name("cluster")) as cluster:
        for _ in range(2):
            cluster.add_worker("--no-nanny")

        def workers(_: object) -> list[psutil.Process]:
            return alive(cluster.workers, lambda: cluster.add_worker("--no-nanny"))

        building = Building(folder, inputs, "--dask", cluster.address)
        building.kill_workers(WORKERS, chance, workers, are_ours=False)
        building.run()
    return Killed(building.layout, building.seen.killed, len(building.seen.attempts))


def in_queue(folder: Path, inputs: Path, chance: random.Random) -> Killed:
    """Two workers that take shards from PostgreSQL; one that was killed is replaced."""
    home = folder.with_name("workers")
    home.mkdir()
    with postgres() as server, server.database(EMPTY) as url:
        house = House(home, url)
        for _ in range(2):
            house.add_worker()
        building = Building(folder, inputs, "--queue", environment=house.environment)
        building.kill_workers(
            WORKERS, chance, lambda _: alive(house.workers, house.add_worker), are_ours=False
        )
        alive(house.workers, house.add_worker)
        building.run()
        house.close()
    return Killed(building.layout, building.seen.killed, len(building.seen.attempts))


def alive(
    workers: list[subprocess.Popen[bytes]], add: Callable[[], object]
) -> list[psutil.Process]:
    """Let there be two workers that live, and return them."""
    living = [each for each in workers if each.poll() is None]
    for _ in range(2 - len(living)):
        add()
    return [psutil.Process(each.pid) for each in workers if each.poll() is None]


EXECUTORS: dict[str, Callable[[Path, Path, random.Random], Killed]] = {
    "pool": in_pool,
    "dask": on_dask,
    "queue": in_queue,
}

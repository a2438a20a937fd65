"""Every executor of a corpus, with workers and the command killed at random moments."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from newscrawl.corpus.layout import Layout
from tests.corpus.running import Building, readers

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


EXECUTORS: dict[str, Callable[[Path, Path, random.Random], Killed]] = {"pool": in_pool}

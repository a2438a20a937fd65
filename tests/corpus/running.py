"""``newscrawl corpus build`` in processes that are killed, and what it leaves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it ships no types
from pyarrow import parquet

from newscrawl.corpus.account import accounts
from newscrawl.corpus.layout import Layout
from tests.corpus.files import Made

PATIENCE = 900.0
PAUSE = 0.02


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "newscrawl", "corpus", *map(str, words)]


@dataclass
class Watched:
    """What was seen of commands while they ran."""

    attempts: set[str] = field(default_factory=set)
    """Folders that readings of shards had for themselves."""
    killed: int = 0
    rss: int = 0
    """The most bytes that one process which reads shards had."""


class Building:
    """One corpus, built by as many commands as it takes."""

    def __init__(
        self, out: Path, inputs: Path, *options: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self.layout = Layout(out)
        self.seen = Watched()
        self._line = command("build", out, inputs, *options)
        self._environment = {**os.environ, **(environment or {})}

    def run(self) -> str:
        """Run the command to its end; return what it printed last."""
        with self._started() as process:
            self._watch(process, until=lambda: process.poll() is not None)
            said, _ = process.communicate()
        assert process.returncode == 0, said
        return str(said.strip().splitlines()[-1])

    def kill_workers(
        self, number: int, chance: random.Random, find: Workers, *, are_ours: bool = True
    ) -> None:
        """Kill workers one after the other at random moments, then the command itself.

        Workers that are ours end with it.
        """
        with self._started() as process:
            for _ in range(number):
                self._wait(process, chance)
                workers = find(process)
                if workers:
                    chance.choice(workers).send_signal(signal.SIGKILL)
                    self.seen.killed += 1
            self._wait(process, chance)
            under_way = len(find(process)) if are_ours else 0
            process.kill()
            self.seen.killed += under_way
            process.communicate()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._line,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment,
        )

    def _wait(self, process: subprocess.Popen[str], chance: random.Random) -> None:
        """Let it work for a random while, counted in shards that it has begun."""
        more = len(self.seen.attempts) + chance.randrange(1, 4)
        self._watch(
            process, until=lambda: process.poll() is not None or len(self.seen.attempts) >= more
        )
        time.sleep(chance.random() / 2)
        assert process.poll() is None, "it ended before it could be killed"

    def _watch(self, process: subprocess.Popen[str], until: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < end, "it does not end"
            self.seen.attempts |= set(attempts(self.layout))
            self.seen.rss = max(self.seen.rss, *map(rss_of, descendants(process)), 0)
            time.sleep(PAUSE)


Workers = Callable[[subprocess.Popen[str]], list[psutil.Process]]


def attempts(layout: Layout) -> Iterator[str]:
    """Yield the names of the folders in which shards are being read."""
    with suppress(FileNotFoundError):
        for each in os.scandir(layout.work):
            if not each.name.startswith("input-"):
                yield each.name


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    try:
        return [*psutil.Process(process.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def rss_of(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def readers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the processes of a pool that read shards: those which have some memory of their own."""
    found = []
    for each in descendants(process):
        with suppress(psutil.Error):
            if each.children() or each.memory_info().rss < 60 << 20:
                continue
            found.append(each)
    return found


def rows_of(layout: Layout) -> Counter[tuple[str, datetime]]:
    """Return how often each capture is a row of a part that an account names."""
    found: Counter[tuple[str, datetime]] = Counter()
    for _, account in accounts(layout):
        table = parquet.read_table(layout.parts / account.part, columns=["url", "captured"])
        found.update(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))
    return found


def unbalanced(layout: Layout, made: Made) -> int:
    """Return how many accounts do not add up, or miss records together."""
    known = [account for _, account in accounts(layout)]
    records = sum(account.records for account in known)
    broken = sum(account.outcomes.get("failed: Unreadable", 0) for account in known)
    wrong = sum(not account.balances for account in known)
    return wrong + abs(records - made.records) + abs(broken - made.broken)


def lost(layout: Layout, made: Made) -> int:
    return len(made.captures - rows_of(layout).keys())


def repeated(layout: Layout) -> int:
    return sum(number - 1 for number in rows_of(layout).values())


def differing(one: Layout, other: Layout, folders: Sequence[str]) -> list[str]:
    """Return the names of files that two corpora do not have alike, byte for byte."""
    found = []
    for folder in folders:
        ours, theirs = (
            {each.name: each for each in (layout.folder / folder).iterdir()}
            for layout in (one, other)
        )
        found += [f"{folder}/{name} is in one" for name in ours.keys() ^ theirs.keys()]
        found += [
            f"{folder}/{name} differs"
            for name in ours.keys() & theirs.keys()
            if ours[name].read_bytes() != theirs[name].read_bytes()
        ]
    return found

"""Commands of newscrawl in a folder of their own, and how they are killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from tests.crawl.forking import Nursery, Started

LIMIT = 300
"""Seconds after which a command that goes on is a fault."""
POLL = 0.001


class Ended(NamedTuple):
    """How a command ended that nobody killed."""

    status: int
    said: str


class Work:
    """A folder with everything that commands write: ``data`` below it, and where they are started."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self.folder = folder
        self._nursery = nursery
        self.data = folder / "data"
        self.database = self.data / "newscrawl.db"
        self.log = self.data / "log"
        for each in ("data", "here", "out", "elsewhere"):
            (folder / each).mkdir(parents=True, exist_ok=True)

    def run(self, *arguments: str, cwd: str = "here") -> Ended:
        started = self.start(*arguments, cwd=cwd)
        said = started.communicate(LIMIT)
        return Ended(started.wait(), "".join(said))

    def start(self, *arguments: str, cwd: str = "here") -> Started:
        environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
        return self._nursery.start(
            self._command(arguments), folder=self.folder / cwd, environment=environment
        )

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(statement).fetchall()

    def _command(self, arguments: Sequence[str]) -> list[str]:
        settings = {
            "NEWSCRAWL_DATABASE_URL": f"sqlite:///{self.database}",
            "NEWSCRAWL_JSONL": f"{self.log}/{{site}}.jsonl",
            "NEWSCRAWL_ARCHIVE": f"{self.data}/archive",
            "NEWSCRAWL_REVISIT_MIN": "0",
            "NEWSCRAWL_REVISIT_MAX": "0",
            "DOWNLOAD_DELAY": "0",
            "AUTOTHROTTLE_ENABLED": "False",
            "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
        }
        own = [f"{name}={value}" for name, value in settings.items()]
        options = [part for each in own for part in ("-s", each)]
        return [*arguments[:1], *options, *arguments[1:]]


def kill(process: Started) -> bool:
    """Kill a process; return whether it was still at work."""
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def watch(folder: Path, process: Started, enough: Callable[[int], bool]) -> int:
    """Count how often the files below a folder change, until that is enough or the process ends."""
    changes = 0
    before = _seen(folder)
    until = time.monotonic() + LIMIT
    while process.poll() is None and not enough(changes):
        if time.monotonic() > until:
            process.kill()
            raise TimeoutError("a command goes on and on")
        time.sleep(POLL)
        now = _seen(folder)
        changes += now != before
        before = now
    return changes


def _seen(folder: Path) -> set[tuple[str, int]]:
    found = set()
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)  # noqa: PTH118 - called a thousand times a second
            try:
                found.add((path, os.lstat(path).st_size))
            except FileNotFoundError:
                continue
    return found

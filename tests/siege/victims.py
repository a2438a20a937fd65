"""Crawls of the siege's newspaper that something is done to, and what is left in their database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from tests.siege.site import Site

LOCKED = 75
ROOT = Path(__file__).parents[2]
OPTIONS = (
    "DOWNLOAD_DELAY=0.05",
    "AUTOTHROTTLE_ENABLED=False",
    "CONCURRENT_REQUESTS_PER_DOMAIN=4",
    "LOG_LEVEL=INFO",
)
LONGEST = 400.0
"""Seconds after which something is held to hang."""


def until(state: Callable[[], Any], what: str, seconds: float = LONGEST) -> float:
    """Wait for a state; return the seconds it took."""
    started = time.monotonic()
    while not state():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"{what}: not after {seconds:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - started


def repeated(lines: Iterable[dict[str, Any]]) -> int:
    """Count the lines of logs that say what the line before of the same article says.

    One that differs says something new, be it only a stronger way to the article.
    """
    count, last = 0, dict[str, dict[str, Any]]()
    for line in lines:
        told = {name: value for name, value in line.items() if name != "last_seen"}
        count += last.get(line["id"]) == told
        last[line["id"]] = told
    return count


class Beginning:
    """When a crawl begins to open its database, by its log, behind the first ``length`` bytes."""

    def __init__(self, log: Path, length: int = 0) -> None:
        self._log = log
        self._length = length
        self.at = 0.0

    def seen(self) -> bool:
        if not self.at and self._log.exists():
            with self._log.open("rb") as file:
                file.seek(self._length)
                if b"Spider opened" in file.read():
                    self.at = time.monotonic()
        return self.at > 0.0


@dataclass
class Victim:
    """A folder, a database and a newspaper of its own at ``address``."""

    folder: Path
    database: str
    site: Site
    address: str
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str, database: str = "", name: str = "crawl") -> Any:
        """Start a command of newscrawl, by default a crawl; its words are in ``NAME.log``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        crawl = ("crawl", "site", "-a", f"url={self.address}/")
        options = [word for each in OPTIONS for word in ("-s", each)] if not arguments else []
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "newscrawl", *(arguments or crawl), *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={
                    **os.environ,
                    "NEWSCRAWL_DATABASE_URL": database or self.database,
                    "NEWSCRAWL_JSONL": str(self.folder / "{site}.jsonl"),
                    "SCRAPY_SETTINGS_MODULE": "newscrawl.settings",
                    "PYTHONPATH": str(ROOT),
                },
            )
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()

    def asked(self) -> int:
        return sum(self.site.asked.values())

    def rows(self, query: str) -> Sequence[Any]:
        """What a query of the database gives, nothing where that has no tables yet."""
        engine = create_engine(self.database, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return connection.execute(text(query)).all()
        except SQLAlchemyError:
            return []
        finally:
            engine.dispose()

    def newest(self) -> int:
        """The number of the newest run, 0 before the first."""
        rows = self.rows("SELECT max(id) FROM runs")
        return int(rows[0][0] or 0) if rows else 0

    def go_on(self, name: str = "next") -> tuple[float, Any]:
        """Start crawls until one takes the site over; return the seconds, and that crawl.

        What its program took to start is left out: that is the machine's.
        """
        before, started = self.newest(), time.monotonic()
        while True:
            log = self.folder / f"{name}.log"
            begins = Beginning(log, log.stat().st_size if log.exists() else 0)
            process, begun = self.start(name=name), time.monotonic()
            until(
                lambda: (begins.seen() and self.newest() > before) or process.poll() is not None,  # noqa: B023 - asked at once
                "a run that goes on",
            )
            if self.newest() > before:
                return time.monotonic() - started - (begins.at - begun), process
            if process.returncode != LOCKED:
                raise AssertionError(f"the next run ended with {process.returncode}: {self.folder}")

    def lines(self) -> list[dict[str, Any]]:
        parts = sorted(self.folder.glob("*.jsonl"))
        return [json.loads(line) for part in parts for line in part.read_bytes().splitlines()]

    def lost(self) -> int:
        """How many articles of the newspaper are not stored, or in no line."""
        stored = {row[0] for row in self.rows("SELECT url FROM articles")}
        told = {each["url"] for each in self.lines()}
        wanted = {self.address + path for path in self.site.paths()}
        return len(wanted - stored) + len(wanted & (stored - told))

    def repeated(self) -> int:
        """How many articles are stored twice, and lines that repeat the one before."""
        urls = Counter(row[0] for row in self.rows("SELECT url FROM articles"))
        return sum(n - 1 for n in urls.values()) + repeated(self.lines())

    def unbalanced(self) -> int:
        """How many runs do not balance, and complaints of ``newscrawl db check``."""
        runs = self.rows(
            "SELECT id, claims, released, "
            "(SELECT count(*) FROM visits WHERE visits.run = runs.id) FROM runs"
        )
        wrong = [run for run in runs if run[1] != run[2] + run[3]]
        left = self.rows("SELECT id FROM pages WHERE state = 'claimed'")
        check = self.start("db", "check", name="check")
        return len(wrong) + len(left) + int(check.wait(LONGEST) != 0)

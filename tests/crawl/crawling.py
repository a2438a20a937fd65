"""Real crawls of the demo site by real processes, and what they left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from newscrawl.addresses.address import identity
from newscrawl.dataset.articles import article_from
from newscrawl.items import Article
from newscrawl.store.database import connect
from newscrawl.store.schema import articles, pages, revisions, runs, visits

OWN_SERVER = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
}
ALWAYS_DUE = {"NEWSCRAWL_REVISIT_MIN": "0", "NEWSCRAWL_REVISIT_MAX": "0"}
ENVIRONMENT = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings", "COLUMNS": "120"}
NEWSCRAWL = (sys.executable, "-m", "newscrawl")


class Running(Protocol):
    """A process, with what tests use of ``subprocess.Popen``."""

    pid: int

    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, number: int, /) -> None: ...
    def kill(self) -> None: ...


def run_newscrawl(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*NEWSCRAWL, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        timeout=300,
    )


def start_newscrawl(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> Running:
    return subprocess.Popen(
        [*NEWSCRAWL, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
    )


def _as_options(settings: Mapping[str, str]) -> Iterator[str]:
    for name, value in settings.items():
        yield from ("-s", f"{name}={value}")


@dataclass
class Crawl:
    """A folder with the database, the log of articles and Scrapy's log of its crawls.

    ``environment`` is added to that of crawls that are waited for.
    ``runner`` starts what is waited for, ``starter`` what is not; the suite puts others in their
    place that start sooner.
    """

    runner = staticmethod(run_newscrawl)
    starter = staticmethod(start_newscrawl)
    folder: Path
    database: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = self.database or f"sqlite:///{self.folder}/newscrawl.db"

    @property
    def jsonl(self) -> Path:
        return self.folder / "articles.jsonl"

    @property
    def log(self) -> str:
        return (self.folder / "crawl.log").read_text()

    def arguments(self, *arguments: str, settings: dict[str, str] | None = None) -> list[str]:
        own = {
            **OWN_SERVER,
            "NEWSCRAWL_DATABASE_URL": self.database,
            "NEWSCRAWL_JSONL": str(self.jsonl),
            "LOG_FILE": f"{self.folder}/crawl.log",
            "LOG_FILE_APPEND": "False",
            **(settings or {}),
        }
        return ["crawl", *arguments, *_as_options(own)]

    def command(self, *arguments: str, settings: dict[str, str] | None = None) -> list[str]:
        return [*NEWSCRAWL, *self.arguments(*arguments, settings=settings)]

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return self.runner(
            self.arguments(*arguments, settings=settings),
            folder=self.folder,
            environment={**ENVIRONMENT, **self.environment},
        )

    def do(
        self, *arguments: str, database: str | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command on what is stored."""
        url = self.database if database is None else database
        own = {"NEWSCRAWL_DATABASE_URL": url, **settings}
        return self.runner(
            [*arguments, *_as_options(own)], folder=self.folder, environment=ENVIRONMENT
        )

    def start(self, *arguments: str, **settings: str) -> Running:
        return self.starter(
            self.arguments(*arguments, settings=settings),
            folder=self.folder,
            environment=ENVIRONMENT,
        )

    def rows(self, table: Any) -> list[RowMapping]:
        engine = connect(self.database)
        with engine.begin() as connection:
            rows = connection.execute(select(table)).mappings().all()
        engine.dispose()
        return list(rows)

    def articles(self) -> dict[str, Article]:
        """Stored articles by the identity of their URL."""
        return {identity(row["url"]): article_from(row) for row in self.rows(articles)}

    def pages(self) -> dict[str, RowMapping]:
        return {row["identity"]: row for row in self.rows(pages)}

    def runs(self) -> list[RowMapping]:
        return self.rows(runs)

    def visits(self) -> list[RowMapping]:
        return self.rows(visits)

    def revisions(self) -> list[RowMapping]:
        return self.rows(revisions)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.jsonl.read_text().splitlines()]

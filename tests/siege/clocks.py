"""Wrong clocks: ahead or behind by an hour, a day, a year, before, within and between runs.

Processes see another time by ``libfaketime``. True time goes on too, as the attack says: a run
may be a day after the one before it. ``clock_cases`` counts the cases, ``clock_cases_wrong`` those
after which, with the clock right again, anything is missing, miscounted, damaged or set aside.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.siege.site import Answer, Site, path_of, serving
from tests.store.serving import EMPTY, KINDS, postgres

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
HERE = Path(__file__).parent
ERRORS = tuple(sign * each for each in (HOUR, DAY, YEAR) for sign in (1, -1))
"""Seconds by which a clock is ahead."""
MOMENTS = ("before", "within", "between")
ARTICLES, MORE = 40, 8
RETRY_AFTER = 1200
"""Seconds; longer than a run waits."""
AT_A_TIME = 2
PATIENCE = 180
LOGS = {
    HOUR: "{site}-{day}-{part}.jsonl",
    DAY: "{site}-{day}.jsonl",
    YEAR: "{site}-{day}-{part}.jsonl",
}
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "NEWSCRAWL_REVISIT_MIN": "60",
    "NEWSCRAWL_REVISIT_MAX": "600",
    "NEWSCRAWL_COMMIT_INTERVAL": "0.05",
}


def library() -> Path | None:
    """The library that gives programs another time; Debian's package ``libfaketime`` has it."""
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)


class Paper(Site):
    """A newspaper with validators, that grows, revises, and is too busy once when told to be."""

    def __init__(self, articles: int = ARTICLES) -> None:
        super().__init__(articles, self._changed)
        self.revised: set[int] = set()
        self.busy_at = 0
        self.as_date = False
        self.served = 0

    def answer(self, path: str) -> Answer:
        said = super().answer(path)
        if said.status != 200 or path.count("/") != 2:
            return said
        with self._lock:
            self.served += 1
            is_busy = self.busy_at and self.served >= self.busy_at
            if is_busy:
                self.busy_at = 0
        if is_busy:
            until = formatdate(time.time() + self.ahead + RETRY_AFTER, usegmt=True)
            after = until if self.as_date else f"{RETRY_AFTER}"
            return Answer(b"later", 503, (("Retry-After", after),))
        tag = f'"{hashlib.sha256(said.body).hexdigest()[:16]}"'
        return said._replace(headers=(*said.headers, ("ETag", tag)))

    def _changed(self, path: str) -> Answer | None:
        number = path.rpartition("-")[2]
        if not number.isdigit() or int(number) not in self.revised or path != path_of(int(number)):
            return None
        said = self._article(int(number))
        return said._replace(
            body=said.body.replace(
                b"</article>",
                b"<p>Corrected since: the quay is timber, the council had it wrong and says so.</p></article>",
                1,
            )
        )


class Case(NamedTuple):
    moment: str
    error: int
    kind: str

    def __str__(self) -> str:
        return f"{self.moment} {self.error:+} s {self.kind}"


@dataclass
class House:
    """A folder with a database and the logs of one case; ``passed`` is how much true time has."""

    folder: Path
    database: str
    paper: Paper
    url: str
    log: str
    passed: float = 0.0
    faults: list[str] = field(default_factory=list)
    runs: int = 0

    def go_on(self, seconds: float) -> None:
        self.passed += seconds
        self.paper.ahead = self.passed

    def start(self, *arguments: str, error: float = 0.0) -> subprocess.Popen[str]:
        """Start a command with a clock that is wrong by so many seconds."""
        self.runs += 1
        self.clock.write_text(f"{self.passed + error:+}")
        with (self.folder / f"{self.runs}.log").open("w") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "newscrawl", *arguments, *_options(self._settings)],
                cwd=self.folder,
                env={**os.environ, **faked(self.clock), "COLUMNS": "120"},
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    def jump(self, error: float) -> None:
        """Set the clock of the command at work."""
        beside = self.clock.with_suffix(".new")
        beside.write_text(f"{self.passed + error:+}")
        beside.rename(self.clock)

    @property
    def said(self) -> str:
        return (self.folder / f"{self.runs}.log").read_text()

    @property
    def _settings(self) -> dict[str, str]:
        return {
            **SETTINGS,
            "NEWSCRAWL_DATABASE_URL": self.database,
            "NEWSCRAWL_JSONL": self.log,
            "NEWSCRAWL_JSONL_MAX_BYTES": "20000" if "part" in self.log else "0",
        }

    def crawl(self, error: float = 0.0) -> int:
        return self.start("crawl", "site", "-a", f"url={self.url}", error=error).wait(PATIENCE)

    def ask(self, query: str) -> list[Any]:
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.begin() as connection:
            result = connection.execute(text(query))
            rows = [tuple(row) for row in result] if result.returns_rows else []
        engine.dispose()
        return rows

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.faults.append(what)

    def missing(self) -> int:
        stored = {url.removeprefix(self.url) for (url,) in self.ask("SELECT url FROM articles")}
        return len(set(self.paper.paths()) - stored)


def _options(settings: dict[str, str]) -> Iterator[str]:
    for name, value in settings.items():
        yield from ("-s", f"{name}={value}")


def faked(clock: Path) -> dict[str, str]:
    """The environment in which a program reads its clock from a file, at each look.

    The clock that only goes on stays as it is. With the fix for old C libraries threads that wait
    for Python's lock would spin.
    """
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "PYTHONPATH": f"{HERE / 'sleeping'}:{HERE.parents[1]}",
    }


def until(state: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Wait until something is so; return whether it is."""
    deadline = time.monotonic() + seconds
    while not (reached := state()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return reached


def wrong_run(house: House, case: Case) -> None:
    """Crawl while the clock is wrong; within a run it jumps there and, later, back."""
    if case.moment != "within":
        house.crawl(case.error)
        return
    before = house.paper.served
    run = house.start("crawl", "site", "-a", f"url={house.url}")
    until(lambda: house.paper.served >= before + 4 or run.poll() is not None)
    house.jump(case.error)
    until(lambda: house.paper.served >= before + 25 or run.poll() is not None)
    house.jump(0.0)
    house.expect(run.wait(PATIENCE) in {0, 3}, f"a jump ended the run: {house.said[-300:]}")


def other_host_dies(house: House, case: Case) -> None:
    """Leave the lease of another host that was killed while its clock was wrong, 46 s ago."""
    house.paper.revised |= {*range(0, house.paper.articles, 2)}
    before = house.paper.served
    run = house.start("crawl", "site", "-a", f"url={house.url}", error=case.error)
    reached = until(lambda: house.paper.served >= before + 3 or run.poll() is not None)
    if run.poll() is None:
        house.expect(house.crawl() == 75, "two runs of one site")
    run.send_signal(signal.SIGKILL)
    run.wait()
    house.expect(reached and run.returncode == -signal.SIGKILL, "nothing was due to be killed at")
    house.ask("UPDATE leases SET host = 'elsewhere.example', heartbeat = heartbeat - 46")


def grow(house: House) -> None:
    house.paper.articles += MORE
    house.paper.revised |= {1, 2, 3}


def attack(house: House, case: Case) -> None:
    house.paper.as_date = case.kind == "sqlite"
    if case.moment == "between":
        house.crawl()
        house.go_on(2 * HOUR)
        grow(house)
    house.paper.busy_at = house.paper.served + 12
    wrong_run(house, case)
    house.go_on(RETRY_AFTER + 60)
    wrong_run(house, case)
    house.go_on(RETRY_AFTER)
    grow(house)
    for _ in range(2):
        house.expect(house.crawl() in {0, 3}, f"a run failed: {house.said[-300:]}")
        house.go_on(RETRY_AFTER + 60)
    house.expect(not house.missing(), f"{house.missing()} articles are missing")
    revised = {
        url.rpartition("-")[2]
        for (url,) in house.ask("SELECT url FROM articles WHERE revision > 1")
    }
    house.expect(len(revised) >= 3, f"only {sorted(revised)} were revised")
    other_host_dies(house, case)
    house.go_on(60)
    house.expect(house.crawl() in {0, 3}, f"a dead host blocks: {house.said[-300:]}")
    compacted = house.start("db", "vacuum", "--logs").wait(PATIENCE)
    house.expect(compacted == 0, f"no compaction: {house.said[-300:]}")
    house.go_on(HOUR)
    house.expect(house.crawl() in {0, 3}, f"the last run failed: {house.said[-300:]}")
    house.expect("Set aside" not in house.said, "set aside for longer than was asked for")
    house.expect(not house.missing(), f"{house.missing()} articles are missing at the end")
    checked = house.start("db", "check").wait(PATIENCE)
    house.expect(checked == 0, f"db check: {house.said[-600:]}")


@contextmanager
def databases(kinds: tuple[str, ...]) -> Iterator[Callable[[str, Path], Any]]:
    """Give what makes a database of a kind for a folder, as a context."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres()) if "postgresql" in kinds else None

        @contextmanager
        def make(kind: str, folder: Path) -> Iterator[str]:
            if kind == "sqlite" or server is None:
                yield f"sqlite:///{folder}/newscrawl.db"
            else:
                with server.database(EMPTY) as url:
                    yield url

        yield make


def faults_of(case: Case, folder: Path, make: Callable[[str, Path], Any]) -> list[str]:
    """Try one case in a folder of its own; return what went wrong."""
    folder.mkdir()
    paper = Paper()
    with make(case.kind, folder) as database, serving(paper) as url:
        log = LOGS[abs(case.error)]
        house = House(folder, database, paper, url, log)
        try:
            attack(house, case)
        except subprocess.TimeoutExpired as error:
            house.faults.append(f"it stands still: {error}")
    return house.faults


def figures(
    folder: Path,
    errors: tuple[int, ...] = ERRORS,
    moments: tuple[str, ...] = MOMENTS,
    kinds: tuple[str, ...] = KINDS,
) -> Iterator[tuple[str, int]]:
    if library() is None:
        raise SystemExit("libfaketime is not installed")
    cases = [Case(*each) for each in product(moments, errors, kinds)]
    wrong = 0
    with databases(kinds) as make, ThreadPoolExecutor(AT_A_TIME) as pool:
        tried = pool.map(
            lambda numbered: faults_of(numbered[1], folder / str(numbered[0]), make),
            enumerate(cases),
        )
        for case, faults in zip(cases, tried, strict=True):
            wrong += bool(faults)
            for fault in faults:
                print(f"{case}: {fault}", file=sys.stderr, flush=True)
    yield "clock_cases", len(cases)
    yield "clock_cases_wrong", wrong

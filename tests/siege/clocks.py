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
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from tests.crawl.forking import Nursery, Started
from tests.siege.site import Answer, Site, path_of, serving
from tests.store.serving import EMPTY, KINDS, postgres

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
HERE = Path(__file__).parent
ERRORS = tuple(sign * each for each in (HOUR, DAY, YEAR) for sign in (1, -1))
"""Seconds by which a clock is ahead."""
WORKERS = "workers"
MOMENTS = ("before", "within", "between", WORKERS)
ARTICLES, MORE, REVISED = 20, 5, 3
GOOD, LOCKED = (0, 3), 75
"""What commands end with; a run may have raised an alarm."""
RETRY_AFTER = 1200
"""Seconds; longer than a run waits."""
AT_A_TIME = 2
PATIENCE = 600
LOGS = {
    HOUR: "{site}-{day}-{part}.jsonl",
    DAY: "{site}-{day}.jsonl",
    YEAR: "{site}-{day}-{part}.jsonl",
}
JOB = """
[paper]
spider = "site"
cron = "* * * * *"
[paper.arguments]
url = "{url}"
[paper.settings]
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = false
NEWSCRAWL_JSONL = "{log}"
"""
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "DOWNLOAD_TIMEOUT": "20",
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
        self.stuck_at = 0
        self.let_go = threading.Event()
        self.as_date = False
        self.served = 0

    def answer(self, path: str) -> Answer:
        said = super().answer(path)
        if said.status != 200 or path.count("/") != 2:
            return said
        with self._lock:
            self.served += 1
            is_busy = self.busy_at and self.served >= self.busy_at
            is_stuck = self.stuck_at and self.served >= self.stuck_at
            self.busy_at = 0 if is_busy else self.busy_at
            self.stuck_at = 0 if is_stuck else self.stuck_at
        if is_stuck:
            self.let_go.wait()
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
    nursery: Nursery
    passed: float = 0.0
    said: str = ""
    faults: list[str] = field(default_factory=list)

    def go_on(self, seconds: float) -> None:
        self.passed += seconds
        self.paper.ahead = self.passed

    def jump(self, error: float) -> None:
        """Set the clock of all that is at work to one that is wrong by so many seconds."""
        beside = self.folder / "clock.new"
        beside.write_text(f"{self.passed + error:+}")
        beside.rename(self.folder / "clock")

    def start(self, *arguments: str, error: float = 0.0) -> Started:
        """Start a command with a clock that is wrong by so many seconds."""
        self.jump(error)
        options = [each for pair in self._settings.items() for each in ("-s", "=".join(pair))]
        return self.nursery.start(
            [*arguments, *options], folder=self.folder, environment=self.environment
        )

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **faked(self.folder / "clock")}

    def ended(self, run: Started) -> int:
        """Wait for a command; return its status."""
        self.said = "".join(run.communicate(PATIENCE))
        return run.wait()

    def do(self, *arguments: str) -> int:
        return self.ended(self.start(*arguments))

    @property
    def _settings(self) -> dict[str, str]:
        return {
            **SETTINGS,
            "NEWSCRAWL_DATABASE_URL": self.database,
            "NEWSCRAWL_JSONL": self.log,
            "NEWSCRAWL_JSONL_MAX_BYTES": "20000" if "part" in self.log else "0",
        }

    def begin(self, error: float = 0.0) -> Started:
        return self.start("crawl", "site", "-a", f"url={self.url}", error=error)

    def crawl(self, error: float = 0.0) -> int:
        return self.ended(self.begin(error))

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

    def has_had(self, runs: int) -> bool:
        """Whether so many runs have ended."""
        try:
            return len(self.ask("SELECT id FROM runs WHERE finished IS NOT NULL")) >= runs
        except ProgrammingError:  # there are no tables yet
            return False

    def expect_all(self) -> None:
        """Expect that each article of the paper is stored."""
        stored = {url.removeprefix(self.url) for (url,) in self.ask("SELECT url FROM articles")}
        missing = set(self.paper.paths()) - stored
        failed = "SELECT reason, count(*) FROM pages WHERE outcome = 'failed' GROUP BY reason"
        self.expect(not missing, f"{len(missing)} are missing; failed: {self.ask(failed)}")


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
    paper, before = house.paper, house.paper.served
    paper.stuck_at = before + 4
    run = house.begin()
    until(lambda: not paper.stuck_at or run.poll() is not None)
    house.jump(case.error)
    until(lambda: paper.served >= before + 14 or run.poll() is not None)
    house.jump(0.0)
    house.expect(house.ended(run) in GOOD, f"a jump ended the run: {house.said[-300:]}")
    paper.stuck_at = 0
    paper.let_go.set()


def other_host_dies(house: House, case: Case) -> None:
    """Leave the lease of another host that was killed while its clock was wrong, 46 s ago."""
    paper, before = house.paper, house.paper.served
    paper.revised |= {*range(0, paper.articles, 2)}
    run = house.begin(case.error)
    reached = until(lambda: paper.served >= before + 3 or run.poll() is not None)
    if case.moment == "within" and run.poll() is None:
        house.jump(0.0)
        house.expect(house.crawl() == LOCKED, "two runs of one site")
    run.kill()
    house.expect(reached and run.wait() == -signal.SIGKILL, "nothing was due to be killed at")
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
    house.paper.busy_at = house.paper.served + 8
    wrong_run(house, case)
    house.go_on(RETRY_AFTER + 60)
    wrong_run(house, case)
    house.go_on(RETRY_AFTER)
    grow(house)
    house.expect(house.crawl() in GOOD, f"a run failed: {house.said[-300:]}")
    house.expect("Set aside" not in house.said, "set aside for longer than was asked for")
    house.expect_all()
    revised = house.ask("SELECT url FROM articles WHERE revision > 1")
    house.expect(len(revised) >= REVISED, f"only {len(revised)} were revised")
    house.go_on(RETRY_AFTER)
    other_host_dies(house, case)
    house.go_on(60)
    house.expect(house.crawl() in GOOD, f"a dead host blocks: {house.said[-300:]}")
    house.expect_all()
    house.expect(house.do("db", "vacuum", "--logs") == 0, f"no compaction: {house.said[-300:]}")
    house.expect(house.do("db", "check") == 0, f"db check: {house.said[-600:]}")


def attack_workers(house: House, case: Case) -> None:
    """Let a worker with a wrong clock begin what is due, and one with a right clock go on."""
    (house.folder / "sites.toml").write_text(JOB.format(url=house.url, log=house.log))
    environment = {**house.environment, "NEWSCRAWL_DATABASE_URL": house.database}
    for runs, error in enumerate((case.error, 0), 1):
        house.jump(error)
        worker = house.nursery.start(
            ["worker", "--concurrency=1", "--logs=logs"],
            folder=house.folder,
            environment=environment,
        )
        began = until(partial(house.has_had, runs), PATIENCE)
        worker.send_signal(signal.SIGTERM)
        told = "".join(worker.communicate(PATIENCE))[-300:]
        house.expect(began, f"the worker that is wrong by {error} s began nothing: {told}")
    house.expect_all()


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
    clock = folder / "clock"
    clock.write_text("+0")
    with (
        make(case.kind, folder) as database,
        serving(paper) as url,
        Nursery({**os.environ, **faked(clock)}) as nursery,
    ):
        house = House(folder, database, paper, url, LOGS[abs(case.error)], nursery)
        try:
            (attack_workers if case.moment == WORKERS else attack)(house, case)
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
    tried = product(moments, errors, kinds)
    cases = [Case(*each) for each in tried if each[0] != WORKERS or each[2] == "postgresql"]
    wrong = 0
    with databases(kinds) as make, ThreadPoolExecutor(AT_A_TIME) as pool:
        found = pool.map(
            lambda numbered: faults_of(numbered[1], folder / str(numbered[0]), make),
            enumerate(cases),
        )
        for case, faults in zip(cases, found, strict=True):
            wrong += bool(faults)
            for fault in faults:
                print(f"{case}: {fault}", file=sys.stderr, flush=True)
    yield "clock_cases", len(cases)
    yield "clock_cases_wrong", wrong

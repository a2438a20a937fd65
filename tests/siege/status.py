"""Runs that are in each other's way: does the status say what it was, and do the words?

A status of 75 says that another one is at work and to try again later, 1 that the run has failed.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.siege.endless import ENVIRONMENT, OWN
from tests.siege.site import Answer, Site, html, serving
from tests.store.serving import postgres

ARTICLES = 15
LONGEST = 200.0
"""Seconds after which the slow page of the site is answered at the latest."""
WAIT = 2
"""Seconds that a program waits for a lock of the database."""
LOCKED, FAILED, GOOD = 75, 1, 0


class Case(NamedTuple):
    """What came of a command: it should end with ``status`` and say ``words``, and no traceback."""

    name: str
    status: int
    words: str
    got: int
    said: str

    @property
    def is_lie(self) -> bool:
        told = self.words in self.said and "Traceback" not in self.said
        return self.got != self.status or not told


@dataclass
class Folder:
    """Where the runs of one database work; ``url`` is of the site."""

    path: Path
    url: str
    database: str

    @property
    def now(self) -> str:
        """The time by which leases are measured, as SQL."""
        is_server = self.database.startswith("postgresql")
        return "extract(epoch FROM clock_timestamp())" if is_server else str(time.monotonic())

    def command(self, name: str, *arguments: str) -> list[str]:
        settings = {"NEWSCRAWL_DATABASE_URL": self.database}
        if name == "crawl":
            arguments = ("site", "-a", f"url={self.url}", *arguments)
            settings |= {
                **OWN,
                "NEWSCRAWL_JSONL": "site.jsonl",
                "NEWSCRAWL_DATABASE_PATIENCE": "60",
            }
        options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
        return [sys.executable, "-m", "newscrawl", name, *arguments, *options]

    def run(self, name: str, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            self.command(name, *arguments),
            check=False,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            cwd=self.path,
            timeout=300,
        )
        return done.returncode, done.stderr + done.stdout

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        run = subprocess.Popen(
            self.command("crawl", *arguments),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
            cwd=self.path,
        )
        try:
            yield run
        finally:
            if run.poll() is None:
                run.send_signal(signal.SIGCONT)
                run.kill()
                run.communicate()

    def execute(self, statement: str) -> int:
        engine = create_engine(self.database)
        with engine.begin() as connection:
            changed = connection.execute(text(statement)).rowcount
        engine.dispose()
        return changed

    @contextmanager
    def locked(self, statement: str) -> Iterator[None]:
        """Keep a transaction open that has changed something."""
        engine = create_engine(self.database)
        with engine.connect() as connection:
            connection.execute(text(statement))
            yield
            connection.rollback()
        engine.dispose()


def until(happened: Callable[[], object], longest: float = 120) -> None:
    deadline = time.monotonic() + longest
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(happened)
        time.sleep(0.05)


class SlowPage(Site):
    """A newspaper with a page that is answered when somebody says so."""

    def __init__(self) -> None:
        super().__init__(ARTICLES, self._slowly)
        self.may_answer = threading.Event()

    def hold(self) -> None:
        self.asked.clear()
        self.may_answer.clear()

    def _slowly(self, path: str) -> Answer | None:
        if path == "/slow":
            self.may_answer.wait(LONGEST)
            return html("<p>At last.</p>")
        return FRONT if path == "/" else None


FRONT = html('<h1>The Estuary Post</h1><nav><a href="/slow">Slow</a></nav>')


@contextmanager
def beating(folder: Folder) -> Iterator[None]:
    """Renew the lease of a stopped process, so that it is fresh however slow this machine is."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(1):
            with suppress(DBAPIError):  # the stopped one may have locked the database
                folder.execute(f"UPDATE leases SET heartbeat = {folder.now}")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def beside(folder: Folder, site: SlowPage) -> Iterator[Case]:
    """A run comes while another one is at work, then while that one is stopped."""
    with folder.running() as first:
        until(lambda: site.asked["/slow"])
        yield Case("beside", LOCKED, "is crawling", *folder.run("crawl"))
        first.send_signal(signal.SIGSTOP)
        with beating(folder):
            yield Case("beside a stopped one", LOCKED, "Not started", *folder.run("crawl"))


def taken_over(folder: Folder, site: SlowPage) -> Iterator[Case]:
    """A run stands still until its lease is over, another one goes on, and it wakes up."""
    site.hold()
    with folder.running() as first:
        until(lambda: site.asked["/slow"])
        first.send_signal(signal.SIGSTOP)
        if not _aged(folder):
            return
        site.may_answer.set()
        yield Case("taking over", GOOD, "finished", *folder.run("crawl"))
        first.send_signal(signal.SIGCONT)
        _, said = first.communicate(timeout=120)
        yield Case("taken over", LOCKED, "was closed by another run", first.returncode, said)


def _aged(folder: Folder) -> bool:
    """Let the lease be over; not while the stopped process keeps the database locked."""
    try:
        return folder.execute("UPDATE leases SET heartbeat = heartbeat - 1000") == 1
    except DBAPIError:
        return False


COMMANDS: Sequence[tuple[str, ...]] = (
    ("dedupe",),
    ("forget", "http://127.0.0.1/"),
    ("db", "vacuum"),
    ("crawl",),
)


def locked(folder: Folder, site: SlowPage, statement: str) -> Iterator[Case]:
    """Commands come while another process has locked what they need."""
    site.may_answer.set()
    with folder.locked(statement):
        for command in COMMANDS:
            name = f"{' '.join(command[:2])} on a locked database"
            words = "another process has locked the database"
            if command[0] in {"db", "dedupe"} and "postgresql" in folder.database:
                continue  # these only read what is locked there
            yield Case(name, LOCKED, words, *folder.run(*command))
    yield Case("when it is free again", GOOD, "finished", *folder.run("crawl"))


def locked_for_a_while(folder: Folder, site: SlowPage) -> Iterator[Case]:
    """The database is locked in the middle of a run for longer than it waits."""
    site.hold()
    folder.run("forget", "--site", site_of(folder.url))
    with folder.running() as run:
        until(lambda: site.asked["/slow"])
        with folder.locked("UPDATE runs SET job = job"):
            site.may_answer.set()
            time.sleep(3 * WAIT)
        _, said = run.communicate(timeout=120)
        yield Case("locked for a while", GOOD, "finished", run.returncode, said)


def site_of(url: str) -> str:
    return url.removeprefix("http://")


def broken(folder: Folder) -> Iterator[Case]:
    """What is no lock is none: a file that is no database, a server that is not there."""
    (folder.path / "broken.db").write_bytes(b"this is no database" * 100)
    for name, url in (
        ("a file that is no database", f"sqlite:///{folder.path}/broken.db"),
        ("no server", "postgresql+psycopg://nobody@127.0.0.1:9/none"),
    ):
        own = Folder(folder.path, folder.url, url)
        options = ("-s", "NEWSCRAWL_DATABASE_PATIENCE=1")
        status, said = own.run("crawl", *options)
        yield Case(name, FAILED, "Cannot open the store", status, said)


def on_sqlite(folder: Path) -> Iterator[Case]:
    site = SlowPage()
    with serving(site) as url:
        own = Folder(folder, url, f"sqlite:///{folder}/site.db?timeout={WAIT}")
        yield from beside(own, site)
        yield from locked(own, site, "UPDATE runs SET job = job")
        yield from taken_over(own, site)
        yield from locked_for_a_while(own, site)
        yield from broken(own)


def on_postgresql(folder: Path) -> Iterator[Case]:
    site = SlowPage()
    with postgres() as server, server.database() as database, serving(site) as url:
        options = f"options=-c%20lock_timeout%3D{WAIT}s"
        own = Folder(folder, url, f"{database}{'&' if '?' in database else '?'}{options}")
        yield from beside(own, site)
        yield from locked(own, site, "LOCK TABLE leases, pages, articles IN EXCLUSIVE MODE")
        yield from taken_over(own, site)


def figures(folder: Path) -> Iterator[tuple[str, int]]:
    cases: list[Case] = []
    for attack in (on_sqlite, on_postgresql):
        own = folder / attack.__name__
        own.mkdir()
        try:
            for case in attack(own):
                cases.append(case)
                if case.is_lie:
                    print(f"  {case}", file=sys.stderr, flush=True)
        except pytest.skip.Exception as error:
            print(f"  {attack.__name__}: {error}", file=sys.stderr, flush=True)
    yield "status_cases", len(cases)
    yield "status_lies", sum(case.is_lie for case in cases)

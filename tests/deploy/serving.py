"""A real scrapyd with jobs of newscrawl: deployed, scheduled, cancelled, killed and gone on with."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from newscrawl.addresses.address import identity
from tests.crawl.crawling import Crawl
from tests.demo.serving import DemoServer, run_demo
from tests.deploy import eggs
from tests.extensions.receiving import free_port

CONFIGURATION = """[scrapyd]
http_port = {port}
poll_interval = 0.2
max_proc = 2
items_dir = items
jobs_dir = jobs
"""
PATIENCE = 200.0
FAST = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "False"}
UNDER_WAY = 40
"""Requests after which a crawl is in its middle."""


def until(state: Callable[[], bool]) -> None:
    """Ask until a state has come."""
    end = time.monotonic() + PATIENCE
    while not state():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


class Scrapyd:
    """A running scrapyd and its folder, in which its jobs work."""

    def __init__(self, url: str, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.url = url
        self.folder = folder
        self._process = process

    def ask(self, service: str, *form: tuple[str, str], query: str = "") -> dict[str, Any]:
        data = urlencode(form).encode() if form else None
        with urlopen(f"{self.url}{service}.json{query}", data, timeout=60) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def answers(self) -> bool:
        assert self._process.poll() is None, (self.folder / "scrapyd.log").read_text()
        try:
            return bool(self.ask("daemonstatus"))
        except (URLError, ConnectionError):
            return False

    def schedule(self, site: str) -> str:
        settings = [("setting", f"{name}={value}") for name, value in FAST.items()]
        job = ("project", "newscrawl"), ("spider", "site"), ("url", f"{site}/")
        return str(self.ask("schedule", *job, *settings)["jobid"])

    def cancel(self, job: str, **how: str) -> None:
        self.ask("cancel", ("project", "newscrawl"), ("job", job), *how.items())

    def jobs(self, state: str) -> set[str]:
        return {job["id"] for job in self.ask("listjobs")[state]}

    def wait(self, job: str) -> None:
        until(lambda: job in self.jobs("finished"))

    def log(self, job: str) -> str:
        return (self.folder / "logs" / "newscrawl" / "site" / f"{job}.log").read_text()


@contextmanager
def scrapyd(folder: Path) -> Iterator[Scrapyd]:
    """Run scrapyd by a Python that cannot import newscrawl but out of an egg."""
    home = folder / "scrapyd"
    home.mkdir()
    port = free_port()
    (home / "scrapyd.conf").write_text(CONFIGURATION.format(port=port))
    with (home / "scrapyd.log").open("wb") as log:
        process = subprocess.Popen(
            [eggs.only_dependencies(folder), "-m", "scrapyd"],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=eggs.outside(home),
        )
    try:
        server = Scrapyd(f"http://127.0.0.1:{port}/", home, process)
        until(server.answers)
        yield server
    finally:
        process.terminate()
        process.wait(60)


@dataclass
class Played:
    """What came of jobs, by name; ``numbers`` are their ids."""

    folder: Path
    deployed: subprocess.CompletedProcess[str]
    spiders: list[str]
    numbers: dict[str, str] = field(default_factory=dict)
    listed: dict[str, set[str]] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    true: dict[str, set[str]] = field(default_factory=dict)

    @property
    def crawl(self) -> Crawl:
        """What is stored, where newscrawl stores it if it is told nothing."""
        return Crawl(self.folder, f"sqlite:///{self.folder}/data/newscrawl.db")

    def run(self, name: str) -> dict[str, Any]:
        (run,) = (run for run in self.crawl.runs() if run["job"] == self.numbers[name])
        return dict(run)

    def stored(self, site: str) -> Counter[str]:
        """Return how often each article of a site is stored that is no copy."""
        articles = self.crawl.articles().values()
        return Counter(
            identity(each.url) for each in articles if each.site == site and not each.duplicate_of
        )

    def as_they_should(self) -> dict[str, bool]:
        """Return of each job whether it ran as it should."""
        ended = {name: self.run(name)["reason"] for name in self.numbers}
        whole = {site: self.stored(site) == Counter(true) for site, true in self.true.items()}
        once, again = whole
        return {
            "once": ended["once"] == "finished" and whole[once],
            "cancelled": ended["cancelled"] == "shutdown",
            "killed": ended["killed"] == "killed",
            "resumed": ended["resumed"] == "finished" and whole[again],
        }


def deploy(folder: Path, server: Scrapyd) -> subprocess.CompletedProcess[str]:
    project = eggs.checkout(folder)
    configuration = (project / "scrapy.cfg").read_text()
    assert "http://127.0.0.1:6800/" in configuration
    (project / "scrapy.cfg").write_text(configuration.replace("http://127.0.0.1:6800/", server.url))
    command = eggs.PROGRAMS / "scrapyd-deploy", "--version", "1"
    return eggs.run(*command, folder=project, environment=eggs.outside(folder))


def play(folder: Path) -> Played:
    """Deploy, let one job come to its end, and cut off two of another site before a last one."""
    with scrapyd(folder) as server, run_demo(articles=40) as one, run_demo(articles=90) as other:
        deployed = deploy(folder, server)
        assert deployed.returncode == 0, deployed.stderr
        spiders = server.ask("listspiders", query="?project=newscrawl")["spiders"]
        played = Played(server.folder, deployed, spiders)
        played.true = {site_of(demo): true_of(demo) for demo in (one, other)}
        played.numbers["once"] = server.schedule(one.url)
        played.numbers["cancelled"] = server.schedule(other.url)
        until(lambda: len(other.hits) > UNDER_WAY)
        played.listed["running"] = server.jobs("running")
        server.cancel(played.numbers["cancelled"])
        server.wait(played.numbers["cancelled"])
        before = len(other.hits)
        played.numbers["killed"] = server.schedule(other.url)
        until(lambda: len(other.hits) > before + UNDER_WAY)
        server.cancel(played.numbers["killed"], signal="KILL")
        server.wait(played.numbers["killed"])
        played.numbers["resumed"] = server.schedule(other.url)
        for job in played.numbers.values():
            server.wait(job)
        played.listed["finished"] = server.jobs("finished")
        played.logs = {name: server.log(job) for name, job in played.numbers.items()}
    return played


def site_of(demo: DemoServer) -> str:
    return demo.url.removeprefix("http://")


def true_of(demo: DemoServer) -> set[str]:
    return {identity(article.url) for article in demo.site.truth()}


def scrapyd_jobs() -> int:
    """Return the number of jobs of a scrapyd that ran as they should."""
    with tempfile.TemporaryDirectory(prefix="newscrawl-scrapyd-") as folder:
        return sum(play(Path(folder)).as_they_should().values())

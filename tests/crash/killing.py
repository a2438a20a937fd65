"""Crawls that are killed at random moments, and what they lost compared with one that was not."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from newscrawl.dataset.jsonl import line
from newscrawl.items import Article
from newscrawl.settings import NEWSCRAWL_COMMIT_EVENTS, NEWSCRAWL_COMMIT_INTERVAL
from newscrawl.store.schema import logs
from tests.crawl.crawling import OWN_SERVER, Crawl, Running
from tests.demo.serving import DemoServer

OK = 200
EARLY_SHARE = 0.3
LONGEST_RUN_SECONDS = 600
QUIET = {"LOG_LEVEL": "WARNING"}
IN_SIGHT = ("first_seen", "last_seen")


def pages_of(hits: Sequence[tuple[int, str]]) -> list[str]:
    """Return the pages that were answered with 200; robots.txt is asked for in every run."""
    return [path for status, path in hits if status == OK and path != "/robots.txt"]


@dataclass
class Reference:
    """A crawl that nobody killed; ``startup`` is the time before its first request."""

    articles: dict[str, Article]
    pages: int
    seconds: float
    startup: float
    busiest: int
    """The most requests within one interval between two commits."""

    @property
    def bound_per_kill(self) -> int:
        """Pages that a kill may waste: those under way and those of one commit group."""
        under_way = int(OWN_SERVER["CONCURRENT_REQUESTS_PER_DOMAIN"]) + 1
        return under_way + min(NEWSCRAWL_COMMIT_EVENTS, self.busiest)


def crawl_undisturbed(server: DemoServer, folder: Path) -> Reference:
    crawl = Crawl(folder)
    before, started = len(server.hits), time.time()
    process = crawl.run("site", "-a", f"url={server.url}/", **QUIET)
    if process.returncode:
        raise RuntimeError(f"the reference ended with {process.returncode}: {crawl.log[-2000:]}")
    seconds = time.time() - started
    times = times_of(server)[before:]
    return Reference(
        articles=articles_by_id(crawl),
        pages=len(pages_of(server.hits[before:])),
        seconds=seconds,
        startup=times[0] - started,
        busiest=busiest(times, NEWSCRAWL_COMMIT_INTERVAL),
    )


def wait_for(requests: int, server: DemoServer) -> None:
    """Wait until the server has had so many requests."""
    deadline = time.monotonic() + 60
    while len(server.hits) < requests:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def times_of(server: DemoServer) -> list[float]:
    return [float(entry.split(" ", 1)[0]) for entry in server._log.read_text().splitlines()]


def busiest(times: Sequence[float], seconds: float) -> int:
    """Return the most requests within any span of so many seconds."""
    return max(bisect_right(times, start + seconds) - at for at, start in enumerate(times))


def articles_by_id(crawl: Crawl) -> dict[str, Article]:
    return {article.id: article for article in crawl.articles().values()}


@dataclass(frozen=True)
class Life:
    """How long a run may live: for some seconds, or until so many requests have come."""

    seconds: float = LONGEST_RUN_SECONDS
    requests: int | None = None

    def ends_before(self, process: Running, server: DemoServer) -> bool:
        """Wait; say whether the run was still at work then."""
        deadline = time.monotonic() + self.seconds
        before = len(server.hits)
        while process.poll() is None and time.monotonic() < deadline:
            if self.requests is not None and len(server.hits) >= before + self.requests:
                break
            time.sleep(0.01)
        return process.poll() is None


def plan_requests(chance: random.Random, number: int, reference: Reference) -> Iterator[Life]:
    """Yield lives that end for certain within a crawl, however busy the machine is."""
    points = sorted(chance.randint(5, reference.pages - 20) for _ in range(number))
    for before, point in zip([0, *points], points, strict=False):
        yield Life(requests=point - before + 1)


def plan_kills(chance: random.Random, number: int, reference: Reference) -> Iterator[Life]:
    """Yield for how many seconds each run may live.

    The kills spread over the whole crawl; some come in the first second after the first request
    or before it: while Python starts, the tables are made, the first rows are claimed.
    """
    work = reference.seconds - reference.startup
    points = sorted(chance.uniform(0, work) for _ in range(number))
    for before, point in zip([0.0, *points], points, strict=False):
        if chance.random() < EARLY_SHARE:
            yield Life(chance.uniform(0, reference.startup + 1))
        else:
            yield Life(reference.startup + point - before)


@dataclass
class Measured:
    """What became of one crawl; ``wasted`` counts pages fetched again, a number for each kill."""

    kills: int = 0
    lost: int = 0
    repeated: int = 0
    wasted: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def crawl_killed(
    server: DemoServer,
    crawl: Crawl,
    lives: Iterator[Life],
    reference: Reference,
    **settings: str,
) -> Measured:
    measured = Measured()
    settings = {**QUIET, **settings}
    arguments = ("site", "-a", f"url={server.url}/")
    starts = [len(server.hits)]
    for life in lives:
        process = crawl.start(*arguments, **settings)
        if not life.ends_before(process, server):
            measured.problems += bad_end(process.wait(), crawl)
            break
        process.kill()
        process.wait()
        measured.kills += 1
        starts.append(len(server.hits))
    else:
        process = crawl.start(*arguments, **settings)
        measured.problems += bad_end(process.wait(LONGEST_RUN_SECONDS), crawl)
    measured.wasted = wasted(server.hits, starts)
    compare(measured, crawl, reference)
    return measured


def given_up(crawl: Crawl) -> Iterator[str]:
    """Yield the visits of a crawl that lost something, as far as they say of a page that it failed."""
    for visit in crawl.visits():
        if visit["outcome"] == "failed":
            yield f"page {visit['page']} failed in run {visit['run']}: {visit['reason']}"


def bad_end(status: int, crawl: Crawl) -> Iterator[str]:
    if status:
        yield f"exit status {status}: {crawl.log[-1000:]}"


def wasted(hits: Sequence[tuple[int, str]], starts: Sequence[int]) -> list[int]:
    """Return for each run how many of the pages it fetched were fetched again after it."""
    counts = [0] * len(starts)
    fetched_by: dict[str, int] = {}
    for run, (start, end) in enumerate(zip(starts, [*starts[1:], len(hits)], strict=True)):
        for path in pages_of(hits[start:end]):
            if path in fetched_by:
                counts[fetched_by[path]] += 1
            fetched_by[path] = run
    return counts


def compare(measured: Measured, crawl: Crawl, reference: Reference) -> None:
    stored = articles_by_id(crawl)
    missing = reference.articles.keys() - stored.keys()
    measured.lost = len(missing)
    measured.problems += [f"lost {reference.articles[key].url}" for key in missing]
    if missing:
        measured.problems += given_up(crawl)
    for key, article in stored.items():
        differing = differences(article, reference.articles.get(key))
        if differing:
            measured.repeated += 1
            measured.problems.append(f"{article.url} differs in {sorted(differing)}")
    for problem in broken_lines(crawl, stored):
        measured.repeated += 1
        measured.problems.append(problem)
    measured.problems += broken_accounts(crawl)
    measured.problems += broken_database(crawl)


def differences(article: Article, expected: Article | None) -> set[str]:
    """Return the fields that differ, times of sight apart."""
    if expected is None:
        return {"id"}
    got, wanted = asdict(article), asdict(expected)
    return {name for name in got if name not in IN_SIGHT and got[name] != wanted[name]}


def without(record: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


def lines_of(crawl: Crawl) -> Iterator[bytes]:
    """Yield the lines of all parts of the log, in order."""
    for part in sorted(crawl.rows(logs), key=lambda part: (part["day"], part["part"])):
        yield from Path(part["path"]).read_bytes().splitlines()


def broken_lines(crawl: Crawl, stored: dict[str, Article]) -> Iterator[str]:
    """Yield what is wrong with the log: torn or repeated lines, and what the database knows otherwise."""
    last: dict[str, dict[str, Any]] = {}
    for number, text in enumerate(lines_of(crawl), 1):
        try:
            record = json.loads(text)
        except ValueError:
            yield f"line {number} is torn"
            continue
        key = record["id"]
        if key in last and without(record, IN_SIGHT) == without(last[key], IN_SIGHT):
            yield f"line {number} repeats an earlier one of {key}"
        last[key] = record
    for key in last.keys() | stored.keys():
        expected = json.loads(line(stored[key])) if key in stored else {}
        if without(last.get(key, {}), ["last_seen"]) != without(expected, ["last_seen"]):
            yield f"log and database disagree about {key}"


def broken_accounts(crawl: Crawl) -> Iterator[str]:
    visits = Counter(visit["run"] for visit in crawl.visits())
    for run in crawl.runs():
        if run["claims"] != visits[run["id"]] + run["released"]:
            yield (
                f"run {run['id']} ({run['reason']}): {run['claims']} claims, "
                f"{visits[run['id']]} visits, {run['released']} released"
            )
    claimed = [page["url"] for page in crawl.pages().values() if page["state"] == "claimed"]
    if claimed:
        yield f"left claimed: {claimed}"


def broken_database(crawl: Crawl) -> Iterator[str]:
    database = sqlite3.connect(crawl.folder / "newscrawl.db")
    for check in ("integrity_check", "foreign_key_check"):
        answer = database.execute(f"PRAGMA {check}").fetchall()
        if answer not in ([], [("ok",)]):
            yield f"{check}: {answer[:5]}"
    database.close()

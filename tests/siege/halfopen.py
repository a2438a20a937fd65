"""Connections that are cut without a word, processes that stand still, machines that are gone."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import psutil  # type: ignore[import-untyped]
from sqlalchemy import create_engine

from tests.siege.killing import kill_together
from tests.siege.silence import silent_proxy
from tests.siege.site import Site, serving
from tests.siege.victims import LOCKED, LONGEST, OPTIONS, Beginning, Victim, until
from tests.store.serving import EMPTY, Server, postgres

ARTICLES = 40
AT_ONCE = 6
JOB = """
[paper]
spider = "site"
cron = "0 0 1 1 *"
[paper.arguments]
url = "{url}/"
[paper.settings]
{settings}
"""


@dataclass
class Found:
    """What became of one case: seconds until another went on, until SIGTERM was answered."""

    went_on: float = 0.0
    sigterm: float = 0.0
    stopped: int = 0
    unbalanced: int = 0
    lost: int = 0
    repeated: int = 0


Case = Callable[[Victim, Random], Found]


def judged(victim: Victim, found: Found) -> Found:
    """Add what is left when a run has ended in order."""
    found.unbalanced += victim.unbalanced()
    found.lost += victim.lost()
    found.repeated += victim.repeated()
    return found


def under_way(victim: Victim, chance: Random, process: Any) -> None:
    """Wait for a random moment of a crawl."""
    pages = chance.randrange(3, victim.site.articles // 2)
    before = victim.asked()
    until(lambda: victim.asked() >= before + pages or process.poll() is not None, "a crawl's pages")
    time.sleep(chance.random())


def ended_in_order(process: Any) -> None:
    status = process.wait(LONGEST)
    assert status == 0, f"the run that went on ended with {status}"


def cut_off(victim: Victim, chance: Random) -> Found:
    """The connection of a crawl dies without a word, and so do those it tries to open."""
    with silent_proxy(victim.database) as (proxy, through):
        crawl = victim.start(database=through)
        under_way(victim, chance, crawl)
        proxy.vanish()
        time.sleep(chance.uniform(0, 8))
        crawl.send_signal(signal.SIGTERM)
        sigterm = until(lambda: crawl.poll() is not None, "the end of a crawl that is cut off")
        went_on, process = victim.go_on()
        ended_in_order(process)
    return judged(victim, Found(went_on=went_on, sigterm=sigterm))


def cut_off_and_left(victim: Victim, chance: Random) -> Found:
    """The same, and the crawl that is cut off knows nothing of it while another goes on."""
    with silent_proxy(victim.database) as (proxy, through):
        crawl = victim.start(database=through)
        under_way(victim, chance, crawl)
        proxy.vanish()
        went_on, process = victim.go_on()
        ended_in_order(process)
        crawl.send_signal(signal.SIGTERM)
        sigterm = until(lambda: crawl.poll() is not None, "the end of a crawl that is cut off")
    return judged(victim, Found(went_on=went_on, sigterm=sigterm))


def cut_for_a_moment(victim: Victim, chance: Random) -> Found:
    """The connection dies without a word, and a new one would do: the crawl itself goes on."""
    with silent_proxy(victim.database) as (proxy, through):
        crawl = victim.start(database=through)
        under_way(victim, chance, crawl)
        proxy.cut()
        started, asked = time.monotonic(), victim.asked()
        until(
            lambda: victim.asked() > asked + 30 or crawl.poll() is not None, "a crawl that goes on"
        )
        went_on = time.monotonic() - started
        crawl.wait(LONGEST)
        _, process = victim.go_on()
        ended_in_order(process)
    return judged(victim, Found(went_on=went_on))


def stopped(victim: Victim, chance: Random) -> Found:
    """A crawl stands still (SIGSTOP), is taken over, and stirs again while the other one works.

    On SQLite nobody can take over from a process that stands still with the write lock in its
    hands: the next run says so, and which process it is. Then that process is let go on.
    """
    crawl = victim.start()
    under_way(victim, chance, crawl)
    crawl.send_signal(signal.SIGSTOP)
    with ExitStack() as stack:
        stack.callback(crawl.send_signal, signal.SIGCONT)
        if victim.database.startswith("sqlite"):
            let_go_if_told(victim, crawl)
        went_on, process = victim.go_on()
        time.sleep(chance.uniform(0, 2))
    crawl.wait(LONGEST)
    ended_in_order(process)
    return judged(victim, Found(went_on=went_on, stopped=1))


def let_go_if_told(victim: Victim, crawl: Any) -> None:
    """Kill a stopped crawl if the next run says that it holds the database; else that went on."""
    telling = victim.start(name="told")
    status = telling.wait(LONGEST)
    assert status in {0, LOCKED}, f"beside a stopped crawl a run ended with {status}"
    if f"process {crawl.pid} stands still" in (victim.folder / "told.log").read_text():
        crawl.kill()
        crawl.wait()


def waiting_for_a_lock(victim: Victim, chance: Random) -> Found:
    """A run that waits for a lock of a stranger is asked to end, when it opens and when it works."""
    first = victim.start()
    under_way(victim, chance, first)
    at_work = asked_to_end_while_waiting(victim, first)
    opening = asked_to_end_while_waiting(victim, None)
    _, process = victim.go_on()
    ended_in_order(process)
    return judged(victim, Found(sigterm=max(at_work, opening)))


def asked_to_end_while_waiting(victim: Victim, crawl: Any) -> float:
    """Return the seconds that a crawl takes to end beside a stranger's lock."""
    engine = create_engine(victim.database, isolation_level="AUTOCOMMIT")
    with engine.connect() as stranger:
        stranger.exec_driver_sql("BEGIN" if engine.name == "postgresql" else "BEGIN IMMEDIATE")
        if engine.name == "postgresql":
            tables = "alembic_version, leases, runs, pages"
            stranger.exec_driver_sql(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        process = crawl or victim.start()
        time.sleep(10)
        assert process.poll() is None, "a crawl did not wait for a lock"
        process.send_signal(signal.SIGTERM)
        waited = until(lambda: process.poll() is not None, "the end of a crawl that waits")
        stranger.exec_driver_sql("ROLLBACK")
    engine.dispose()
    return waited


def write_schedule(victim: Victim) -> None:
    """A run that is due at once."""
    pairs = (each.split("=") for each in OPTIONS)
    settings = "\n".join(f'{name} = "{value}"' for name, value in pairs)
    victim.folder.mkdir(parents=True, exist_ok=True)
    (victim.folder / "sites.toml").write_text(JOB.format(url=victim.address, settings=settings))


def vanished(victim: Victim, chance: Random) -> Found:
    """The machine of a worker is gone with its crawl, without a word to anybody."""
    write_schedule(victim)
    with silent_proxy(victim.database) as (proxy, through):
        worker = victim.start("worker", "--logs=logs1", database=through, name="worker1")
        under_way(victim, chance, worker)
        other = victim.start("worker", "--logs=logs2", name="worker2")
        until(lambda: "Adding tasks" in (victim.folder / "worker2.log").read_text(), "a worker")
        proxy.vanish()
        machine = [worker, *psutil.Process(worker.pid).children(recursive=True)]
        for each in machine:
            each.kill()
        worker.wait()
        went_on = seconds_until_a_worker_goes_on(victim, victim.newest())
        done = "SELECT 1 FROM procrastinate_jobs WHERE status = 'succeeded'"
        until(lambda: victim.rows(done), "the job's end")
        other.send_signal(signal.SIGTERM)
        sigterm = until(lambda: other.poll() is not None, "the end of a worker")
    return judged(victim, Found(went_on=went_on, sigterm=sigterm))


def seconds_until_a_worker_goes_on(victim: Victim, before: int) -> float:
    """As ``Victim.go_on``: without what the program of the crawl took to start."""
    started = time.monotonic()
    crawls: dict[Path, tuple[float, Beginning]] = {}

    def goes_on() -> bool:
        for log in victim.folder.glob("logs2/*.log"):
            crawls.setdefault(log, (time.monotonic(), Beginning(log)))[1].seen()
        return victim.newest() > before

    until(goes_on, "a worker that goes on")
    begun, begins = list(crawls.values())[-1]
    return time.monotonic() - started - max(0.0, begins.at - begun)


def worker_cut_off(victim: Victim, chance: Random) -> Found:
    """A worker is cut off from the database, and asked to end."""
    write_schedule(victim)
    with silent_proxy(victim.database) as (proxy, through):
        worker = victim.start("worker", "--logs=logs1", database=through, name="worker1")
        under_way(victim, chance, worker)
        proxy.vanish()
        time.sleep(chance.uniform(0, 8))
        worker.send_signal(signal.SIGTERM)
        sigterm = until(lambda: worker.poll() is not None, "the end of a worker that is cut off")
        went_on, process = victim.go_on()
        ended_in_order(process)
    return judged(victim, Found(went_on=went_on, sigterm=sigterm))


def attacked(case: Case, folder: Path, server: Server | None, chance: Random) -> Found:
    """Do one case with a newspaper and a database of its own; without a server on SQLite."""
    site = Site(ARTICLES * (4 if case in {vanished, waiting_for_a_lock} else 1))
    folder.mkdir()
    with ExitStack() as stack:
        database = f"sqlite:///{folder}/newscrawl.db"
        if server is not None:
            database = stack.enter_context(server.database(EMPTY))
        address = stack.enter_context(serving(site))
        victim = Victim(folder, database, site, address)
        stack.callback(victim.end)
        found = case(victim, chance)
        print(f"{folder.name}: {found}", file=sys.stderr, flush=True)
        return found


ON_POSTGRESQL: tuple[tuple[Case, int], ...] = (
    (cut_off, 3),
    (cut_off_and_left, 3),
    (cut_for_a_moment, 2),
    (stopped, 12),
    (waiting_for_a_lock, 1),
    (vanished, 3),
    (worker_cut_off, 2),
)
ON_SQLITE: tuple[tuple[Case, int], ...] = ((stopped, 8), (waiting_for_a_lock, 1))
KILLED_TOGETHER = 4


def figures(
    folder: Path,
    on_postgresql: tuple[tuple[Case, int], ...] = ON_POSTGRESQL,
    on_sqlite: tuple[tuple[Case, int], ...] = ON_SQLITE,
    together: int = KILLED_TOGETHER,
) -> Iterator[tuple[str, float]]:
    """Yield ``half_open_s`` and its like; a case that hangs or fails stops it with its name."""
    with postgres() as server, ThreadPoolExecutor(AT_ONCE) as pool:
        todo = []
        for kind, cases, where in (("p", on_postgresql, server), ("s", on_sqlite, None)):
            for case, number in cases:
                for seed in range(number):
                    own = folder / f"{kind}-{case.__name__}-{seed}"
                    todo.append(partial(attacked, case, own, where, Random(own.name)))
        found = list(pool.map(lambda each: each(), todo))
    found += [
        Found(*kill_together(folder / f"together-{seed}", Random(seed))) for seed in range(together)
    ]
    yield "half_open_s", round(max(each.went_on for each in found), 1)
    yield "half_open_sigterm_s", round(max(each.sigterm for each in found), 1)
    yield "stopped_moments", sum(each.stopped for each in found)
    yield "half_open_unbalanced", sum(each.unbalanced for each in found)
    yield "half_open_lost", sum(each.lost for each in found)
    yield "half_open_repeated", sum(each.repeated for each in found)

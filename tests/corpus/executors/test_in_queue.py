"""Real workers with a real PostgreSQL: they, what reads for them, and builds are killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from newscrawl.corpus.account import accounts
from newscrawl.corpus.executors.shard_queue import ShardQueue
from newscrawl.corpus.executors.shard_worker import End
from newscrawl.corpus.layout import Layout
from newscrawl.corpus.task import Filters, ShardTask
from newscrawl.schedule.queue import JobQueue
from newscrawl.store.waiting import Waits
from tests.corpus.executors.house import NEWSCRAWL, House
from tests.corpus.executors.reading import (
    FILES,
    done,
    ended,
    files,
    kill,
    started,
    wait_for,
    wait_for_children,
    wait_until_gone,
)
from tests.schedule.test_worker import asked
from tests.store.restarting import restartable, stopped
from tests.store.serving import EMPTY, Server

QUEUED = "SELECT last_value FROM procrastinate_jobs_id_seq"
"""How many jobs were ever queued."""


@pytest.fixture
def house(tmp_path: Path, postgresql: Server) -> Iterator[House]:
    with postgresql.database(EMPTY) as url:
        house = House(tmp_path, url)
        yield house
        house.close()


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_workers_make_the_same_corpus_and_leave_no_jobs(house, usual):
    for _ in range(2):
        house.add_worker()
    ended(house.build(usual.inputs))
    assert files(house.out) == usual.files
    assert house.ask(QUEUED) == FILES
    assert house.ask("SELECT count(*) FROM procrastinate_jobs") == 0


def test_the_shard_of_a_killed_worker_is_read_by_another(house, usual):
    first = house.add_worker()
    build = house.build(usual.inputs)
    reading = wait_for_children(first.pid)
    kill(first)
    wait_until_gone(reading)
    house.add_worker()
    ended(build)
    assert files(house.out) == usual.files


def test_a_worker_that_is_terminated_gives_its_shard_back(house, usual):
    first = house.add_worker()
    build = house.build(usual.inputs)
    reading = wait_for_children(first.pid)
    first.terminate()
    assert first.wait() == 0
    wait_until_gone(reading)
    doing = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
    assert house.ask(doing) == 0
    house.add_worker()
    ended(build)
    assert files(house.out) == usual.files


def test_a_killed_child_costs_another_try(house, usual):
    worker = house.add_worker()
    build = house.build(usual.inputs)
    kill(wait_for_children(worker.pid)[0])
    ended(build)
    assert files(house.out) == usual.files
    assert house.ask(QUEUED) == FILES


def test_a_build_that_was_killed_queues_nothing_twice(house, usual):
    house.add_worker()
    build = house.build(usual.inputs)
    wait_for(1, house.out)
    build.kill()
    build.communicate()
    again = ended(house.build(usual.inputs))
    assert files(house.out) == usual.files
    assert "had been read before" in again
    assert house.ask(QUEUED) == FILES


def test_workers_go_on_when_a_build_is_interrupted(house, usual):
    house.add_worker()
    build = house.build(usual.inputs)
    wait_for(1, house.out)
    build.send_signal(signal.SIGINT)
    assert build.communicate()[1] == "interrupted\n"
    wait_for(FILES, house.out)
    assert files(house.out) == usual.files


def test_an_input_that_cannot_be_read_is_told_with_its_reason(house, usual, tmp_path):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for path in list(usual.inputs.iterdir())[:2]:
        (inputs / path.name).write_bytes(path.read_bytes())
    lost = min(inputs.iterdir())
    house.add_worker()
    listed = tmp_path / "all.paths"
    listed.write_text("".join(f"{path}\n" for path in inputs.iterdir()))
    lost.unlink()
    build = started(house.out, listed, "--queue", environment=house.environment)
    out, _ = build.communicate()
    assert build.returncode == 1
    assert f"not read: {lost}" in " ".join(out.split())
    assert done(house.out) == 1


def test_a_build_waits_for_workers_that_are_still_to_come(house, usual):
    build = house.build(usual.inputs)
    while not done(house.out):
        assert build.poll() is None
        if not house.workers:
            house.add_worker()
        time.sleep(0.05)
    ended(build)
    assert files(house.out) == usual.files


def test_a_restart_of_the_server_is_waited_for(usual, tmp_path):
    with restartable() as url:
        house = House(tmp_path, url)
        worker = house.add_worker()
        build = house.build(usual.inputs)
        wait_for_children(worker.pid)
        with stopped(url):
            assert (build.poll(), worker.poll()) == (None, None)
        ended(build)
        house.close()
    assert files(house.out) == usual.files


def test_workers_that_crawl_leave_shards_to_others(postgresql, tmp_path):
    crawled = asyncio.Event()

    async def crawl(_name: str, _attempts: int) -> None:
        crawled.set()

    async def work(engine: Engine) -> set[str]:
        shards, crawls = ShardQueue(engine, Waits()), JobQueue(engine, crawl, Waits())
        task = ShardTask(folder=str(tmp_path), name="a", address="a", filters=Filters())
        async with shards.open(), crawls.open():
            await shards.add(task)
            await shards.add(task)
            await crawls.add("site", 0, 0)
            working = asyncio.ensure_future(crawls.work(2))
            await crawled.wait()
            working.cancel()
            await asyncio.wait((working,))
            return await shards.open_jobs(str(tmp_path))

    with postgresql.database(EMPTY) as url:
        engine = create_engine(url)
        assert asyncio.run(work(engine)) == {"a"}
        engine.dispose()


def test_metrics_tell_of_shards_records_seconds_and_failures(house, usual, unused_port, tmp_path):
    address = f"127.0.0.1:{unused_port}"
    worker = house.add_worker("--listen", address)
    lost = tmp_path / "lost.warc"
    lost.write_bytes(b"")
    listed = tmp_path / "all.paths"
    listed.write_text("".join(f"{each}\n" for each in [*usual.inputs.iterdir(), lost]))
    build = started(house.out, listed, "--queue", environment=house.environment)
    kill(wait_for_children(worker.pid)[0])
    lost.unlink()
    assert build.wait() == 1
    build.communicate()
    lines = asked(address, "/metrics").splitlines()
    told = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    ends = {name: told[f'newscrawl_shards_total{{end="{name}"}}'] for name in End}
    died = float(ends.pop(End.DIED))
    assert ends == {"read": f"{FILES}.0", "unread": "1.0", "given_back": "0.0"}
    assert died >= 1
    assert float(told["newscrawl_shard_seconds_count"]) == FILES + 1 + died
    assert float(told["newscrawl_shard_seconds_sum"]) > 0
    assert told["newscrawl_worker_shards"] == "0.0"
    known = [account for _, account in accounts(Layout(house.out))]
    numbers = {
        name: float(told[f'newscrawl_shard_records_total{{outcome="{name}"}}'])
        for name in ("article", "passed_over")
    }
    assert numbers["article"] == sum(each.rows for each in known)
    assert numbers["passed_over"] == sum(sum(each.passed_over.values()) for each in known)
    assert sum(
        float(number) for name, number in told.items() if "shard_records_total" in name
    ) == sum(each.records for each in known)
    assert asked(address, "/healthz") == "at work: nothing\n"


def test_an_address_that_is_taken_is_one_line(house, unused_port):
    with socket.create_server(("127.0.0.1", unused_port)):
        ended = subprocess.run(
            [*NEWSCRAWL, "worker", "--shards=1", f"--listen=127.0.0.1:{unused_port}"],
            env={**os.environ, **house.environment},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert f"127.0.0.1:{unused_port}: Address already in use" in ended.stderr


@pytest.mark.parametrize("number", ["0", "many"])
def test_a_number_of_shards_that_is_none_is_refused(number, house):
    ended = subprocess.run(
        [*NEWSCRAWL, "worker", f"--shards={number}"],
        env={**os.environ, **house.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert f"--shards is no number from 1 to 1000: {number}" in ended.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--queue"], "--queue: workers share a PostgreSQL"),
        (["--queue", "--dask", "tcp://127.0.0.1:1"], "exclude each other"),
    ],
)
def test_what_cannot_be_is_refused(options, message, usual, tmp_path):
    sqlite = {"NEWSCRAWL_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"}
    (tmp_path / "a.db").touch()
    build = started(tmp_path / "out", usual.inputs, *options, environment=sqlite)
    _, errors = build.communicate()
    assert build.returncode == 2
    assert message in errors
    assert len(errors.splitlines()) == 1

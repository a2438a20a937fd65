"""Real workers with a real PostgreSQL: they, what reads for them, and builds are killed."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus.executors.house import House
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
from tests.store.serving import EMPTY, Server

QUEUED = "SELECT last_value FROM procrastinate_jobs_id_seq"
"""How many jobs were ever queued."""


@pytest.fixture
def house(tmp_path: Path, postgresql: Server) -> Iterator[House]:
    with postgresql.database(EMPTY) as url:
        house = House(tmp_path, url)
        yield house
        house.close()


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

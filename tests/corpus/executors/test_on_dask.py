"""Real schedulers and workers, which are killed."""

from __future__ import annotations

import pytest

from tests.corpus.executors.clusters import a_cluster, family
from tests.corpus.executors.reading import (
    children,
    ended,
    files,
    kill,
    started,
    wait_for,
    wait_for_children,
    wait_until_gone,
)


@pytest.fixture
def cluster(tmp_path):
    with a_cluster(tmp_path / "cluster") as cluster:
        yield cluster


def test_a_cluster_makes_the_same_corpus(cluster, usual, tmp_path):
    for option in ("--nanny", "--no-nanny"):
        cluster.add_worker(option)
    ended(started(tmp_path / "out", usual.inputs, "--dask", cluster.address))
    assert files(tmp_path / "out") == usual.files


def test_the_shards_of_a_killed_worker_are_read_by_another(cluster, usual, tmp_path):
    first = cluster.add_worker("--no-nanny")
    build = started(tmp_path / "out", usual.inputs, "--dask", cluster.address)
    reading = wait_for_children(first.pid)
    kill(first)
    wait_until_gone(reading)
    cluster.add_worker()
    ended(build)
    assert files(tmp_path / "out") == usual.files


def test_a_killed_child_costs_another_try(cluster, usual, tmp_path):
    worker = cluster.add_worker()
    build = started(tmp_path / "out", usual.inputs, "--dask", cluster.address)
    kill(wait_for_children(worker.pid)[0])
    ended(build)
    assert files(tmp_path / "out") == usual.files


def test_a_build_that_was_killed_goes_on_where_it_was(cluster, usual, tmp_path):
    cluster.add_worker("--no-nanny")
    out = tmp_path / "out"
    build = started(out, usual.inputs, "--dask", cluster.address)
    wait_for(2, out)
    build.kill()
    build.communicate()
    told = ended(started(out, usual.inputs, "--dask", cluster.address))
    assert files(out) == usual.files
    assert "shards had been read before" in told


def test_an_interrupt_ends_a_build_with_one_line(cluster, usual, tmp_path):
    cluster.add_worker()
    build = started(tmp_path / "out", usual.inputs, "--dask", cluster.address)
    wait_for(1, tmp_path / "out")
    build.send_signal(2)
    _, errors = build.communicate()
    assert (build.returncode, errors) == (130, "interrupted\n")


def test_a_scheduler_that_is_killed_is_told_in_one_line(cluster, usual, tmp_path):
    worker = cluster.add_worker("--no-nanny")
    build = started(tmp_path / "out", usual.inputs, "--dask", cluster.address)
    wait_for_children(worker.pid)
    for each in family(cluster.scheduler):
        kill(each)
    _, errors = build.communicate()
    assert build.returncode == 2
    assert "has gone away" in errors.splitlines()[-1]
    assert "Traceback" not in errors
    assert children(build.pid) == []


def test_an_address_of_no_scheduler_is_refused(monkeypatch):
    monkeypatch.setattr("newscrawl.corpus.executors.on_dask.PATIENCE", 1)
    from newscrawl.corpus.executors.on_dask import ClusterError, OnDask

    with pytest.raises(ClusterError, match="no Dask scheduler at"):
        list(OnDask("tcp://127.0.0.1:1").run([]))

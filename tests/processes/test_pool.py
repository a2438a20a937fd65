"""Workers are really killed: while idle, busy or sending, one or all, once or each time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from itertools import count, islice
from multiprocessing import forkserver

import pytest

from newscrawl.processes.pool import Died, ProcessPool, StartError, TaskError
from newscrawl.store.process import is_running
from tests.processes import tasks


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def pids_in(folder, number):
    """Wait until a task has begun; return the processes that began it."""
    path = folder / str(number)
    while not path.exists() or not path.read_text().endswith("\n"):
        time.sleep(0.01)
    return [int(line) for line in path.read_text().split()]


def wait_until_gone(*pids):
    while any(is_running(pid) for pid in pids):
        time.sleep(0.01)


def test_every_task_comes_back_with_its_result():
    with ProcessPool(2, tasks.squares) as pool:
        assert sorted(pool.run(range(20))) == [(n, n * n) for n in range(20)]


@pytest.mark.parametrize("ahead", [0, 3])
def test_results_come_in_the_order_of_the_tasks_when_asked_for(ahead):
    with ProcessPool(2, tasks.slower_first) as pool:
        told = pool.run(range(20), in_order=True, ahead=ahead)
        assert [task for task, _ in told] == [*range(20)]


def test_no_more_workers_are_started_than_there_are_tasks():
    with ProcessPool(3, tasks.squares) as pool:
        assert [*pool.run([5])] == [(5, 25)]
        assert len(pool.workers) == 1


def test_without_tasks_nothing_is_started():
    with ProcessPool(2, tasks.squares) as pool:
        assert [*pool.run([])] == []
        assert pool.workers == []


def test_workers_are_kept_for_the_next_run():
    with ProcessPool(1, tasks.pids) as pool:
        assert {*dict(pool.run(range(3))).values()} == {*dict(pool.run(range(3))).values()}


def test_tasks_are_done_in_the_main_thread():
    with ProcessPool(1, tasks.main_threads) as pool:
        assert [*pool.run([1])] == [(1, True)]


def test_processes_are_spawned_where_they_cannot_be_forked(monkeypatch):
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    with ProcessPool(1, tasks.squares) as pool:
        assert [*pool.run([4])] == [(4, 16)]


def test_tasks_without_end_are_taken_only_as_they_are_needed():
    taken = []

    def endless():
        for number in count():
            taken.append(number)
            yield number

    with ProcessPool(2, tasks.squares) as pool:
        for number, (_, _) in enumerate(islice(pool.run(endless(), ahead=1), 50)):
            assert len(taken) - number <= 2 * (1 + 2)


def test_a_killed_worker_costs_nothing_but_another_try(tmp_path):
    with ProcessPool(2, partial(tasks.killing_once, tmp_path)) as pool:
        assert sorted(pool.run(range(12))) == [(n, n) for n in range(12)]
    tried = [tasks.tries(tmp_path, n) for n in range(12)]
    assert [n for n in range(12) if tried[n] > 1 and n % 3] == []


def test_the_order_holds_though_workers_are_killed(tmp_path):
    with ProcessPool(2, partial(tasks.killing_once, tmp_path)) as pool:
        told = pool.run(range(12), in_order=True, ahead=2)
        assert [task for task, _ in told] == [*range(12)]


def test_a_task_that_kills_each_worker_is_told_and_no_other_pays(tmp_path):
    with ProcessPool(1, partial(tasks.poisoned, tmp_path)) as pool:
        told = dict(pool.run(range(14), ahead=6))
    assert told.pop(7) == Died(3, "killed by signal 9")
    assert {len(result) for result in told.values()} == {1_000_000}
    assert tasks.tries(tmp_path, 7) == 3


def test_attempts_can_be_limited(tmp_path):
    with ProcessPool(1, partial(tasks.poisoned, tmp_path), attempts=1) as pool:
        assert dict(pool.run([7])) == {7: Died(1, "killed by signal 9")}


def test_a_worker_that_exits_has_died_with_its_status():
    with ProcessPool(1, tasks.exiting) as pool:
        assert [*pool.run([1])] == [(1, Died(3, "exit status 3"))]


def test_an_idle_worker_may_be_killed():
    with ProcessPool(1, tasks.pids) as pool:
        [(_, pid)] = pool.run([1])
        kill(pid)
        wait_until_gone(pid)
        [(_, other)] = pool.run([1])
        assert other != pid


def test_all_workers_may_be_killed_while_they_are_busy(tmp_path):
    def three():
        yield from range(3)
        for number in range(3):
            for pid in pids_in(tmp_path, number):
                kill(pid)

    with ProcessPool(3, partial(tasks.waiting, tmp_path)) as pool:
        assert sorted(pool.run(three(), ahead=1)) == [(n, n) for n in range(3)]
    assert [tasks.tries(tmp_path, n) for n in range(3)] == [2, 2, 2]


def test_a_worker_may_be_killed_in_the_middle_of_sending(tmp_path):
    size = 30_000_000
    with ProcessPool(1, partial(tasks.big, tmp_path)) as pool:
        run = pool.run([1, size, 2], ahead=1)
        assert next(run) == (1, b"\0")
        [pid] = pids_in(tmp_path, size)
        pool.workers[0].connection.poll(None)  # the beginning is there, and nobody reads on
        kill(pid)
        assert [(task, len(result)) for task, result in run] == [(size, size), (2, 2)]
    assert tasks.tries(tmp_path, size) == 2


def test_an_exception_is_raised_here_with_its_task_and_its_traceback():
    with ProcessPool(1, tasks.raising) as pool:
        run = pool.run([1, 2, 3])
        assert next(run) == (1, 1)
        with pytest.raises(TaskError, match=r"2: ValueError: two is too much\n\nTraceback"):
            next(run)


def test_what_cannot_be_sent_is_an_exception_and_no_death():
    with ProcessPool(1, tasks.not_picklable) as pool, pytest.raises(TaskError, match="pickle"):
        list(pool.run([1]))


def test_an_exception_at_the_start_is_raised_here():
    with (
        ProcessPool(1, tasks.not_made) as pool,
        pytest.raises(StartError, match="cannot start: LookupError: nothing to be loaded"),
    ):
        list(pool.run([1]))


def test_workers_that_die_at_their_start_are_not_started_for_ever():
    with (
        ProcessPool(1, tasks.killed_at_start) as pool,
        pytest.raises(StartError, match="killed by signal 9"),
    ):
        list(pool.run([1]))


def test_a_run_that_is_left_ends_its_workers_and_another_may_follow(tmp_path):
    with ProcessPool(2, partial(tasks.waiting, tmp_path)) as pool:
        left = pool.run([8, 9])
        tasks._count(tmp_path, 8)
        assert next(left) == (8, 8)
        busy = pids_in(tmp_path, 9)
        left.close()
        wait_until_gone(*busy)
        assert dict(pool.run([9])) == {9: 9}


def test_nothing_is_left_of_workers_when_the_pool_is_closed():
    with ProcessPool(2, tasks.pids) as pool:
        pids = {pid for _, pid in pool.run(range(20))}
    wait_until_gone(*pids)


def test_a_pool_outlives_the_process_that_starts_its_workers(tmp_path):
    with ProcessPool(1, partial(tasks.killing_once, tmp_path)) as pool:
        run = pool.run(range(1, 7))
        assert next(run) == (1, 1)
        server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined] # private
        assert server is not None
        kill(server)
        assert sorted(run) == [(n, n) for n in range(2, 7)]


COORDINATOR = """
import sys
from functools import partial
from pathlib import Path
from newscrawl.processes.pool import ProcessPool
from tests.processes import tasks
if __name__ == "__main__":
    with ProcessPool(2, partial(tasks.busy, Path(sys.argv[1]))) as pool:
        list(pool.run([1, 2]))
"""


@pytest.fixture
def coordinator(tmp_path):
    """A process whose two workers never end by themselves."""
    with subprocess.Popen(
        [sys.executable, "-c", COORDINATOR, str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def test_workers_end_when_their_coordinator_is_killed_though_they_are_busy(coordinator, tmp_path):
    workers = [*pids_in(tmp_path, 1), *pids_in(tmp_path, 2)]
    coordinator.send_signal(signal.SIGKILL)
    wait_until_gone(*workers)
    assert coordinator.communicate() == (None, "")


def test_workers_end_when_their_coordinator_is_terminated(coordinator, tmp_path):
    workers = [*pids_in(tmp_path, 1), *pids_in(tmp_path, 2)]
    coordinator.terminate()
    wait_until_gone(*workers)
    assert coordinator.communicate() == (None, "")


def test_an_interrupt_of_the_whole_group_is_told_once(coordinator, tmp_path):
    workers = [*pids_in(tmp_path, 1), *pids_in(tmp_path, 2)]
    os.killpg(coordinator.pid, signal.SIGINT)
    wait_until_gone(*workers)
    _, errors = coordinator.communicate()
    assert errors.count("Traceback") == 1
    assert errors.count("KeyboardInterrupt") == 1

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from newscrawl.store.database import connect
from newscrawl.store.writer import Operation, Writer


@pytest.fixture
def engine(tmp_path: Path):
    engine = connect(f"sqlite:///{tmp_path}/w.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    yield engine
    engine.dispose()


def insert(number: int) -> Callable[[Connection], object]:
    return lambda db: db.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})


def numbers(engine: Engine) -> list[int]:
    with engine.begin() as connection:
        return list(connection.execute(text("SELECT n FROM t ORDER BY rowid")).scalars())


def writer(engine: Engine, **options) -> Writer:
    defaults = {
        "interval": 0.05,
        "events": 10,
        "before_commit": lambda _: None,
        "failed": lambda _: None,
    }
    made = Writer(engine, **{**defaults, **options})
    made.start()
    return made


def test_operations_run_in_the_order_of_submission(engine):
    ordered = writer(engine)
    for number in range(25):
        ordered.submit(Operation(insert(number)))
    ordered.close()
    assert numbers(engine) == list(range(25))


def test_a_group_ends_after_the_number_of_events(engine):
    commits: list[Connection] = []
    ordered = writer(engine, interval=60, before_commit=commits.append)
    for number in range(30):
        ordered.submit(Operation(insert(number)))
    ordered.close()
    assert len(commits) == 3


def test_a_group_ends_in_time_however_many_operations_wait(engine):
    commits: list[Connection] = []
    ordered = writer(engine, interval=0.05, events=1000, before_commit=commits.append)
    for _ in range(20):
        ordered.submit(Operation(lambda _: time.sleep(0.02)))
    ordered.close()
    assert len(commits) >= 4


def test_a_durable_operation_is_committed_before_its_answer(engine):
    answered = threading.Event()
    ordered = writer(engine, interval=60)
    ordered.submit(Operation(insert(1)))
    ordered.submit(Operation(insert(2), answered.set, durable=True))
    assert answered.wait(10)
    assert numbers(engine) == [1, 2]
    ordered.close()


def test_a_failure_rolls_its_group_back_and_is_told_once(engine):
    failures: list[BaseException] = []
    ordered = writer(engine, interval=60, failed=failures.append)
    ordered.submit(Operation(insert(1), durable=True))
    ordered.submit(Operation(insert(2)))
    ordered.submit(Operation(lambda _: 1 // 0))
    ordered.submit(Operation(insert(3)))
    ordered.close()
    assert [type(failure) for failure in failures] == [ZeroDivisionError]
    assert numbers(engine) == [1]

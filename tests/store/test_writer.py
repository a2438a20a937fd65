from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from newscrawl.store.database import connect
from newscrawl.store.writer import GivenUp, Operation, Writer
from tests.siege.silence import silent_proxy
from tests.store.serving import EMPTY


@pytest.fixture
def engine(empty_database: str):
    engine = connect(empty_database)
    numbered = "INTEGER" if engine.dialect.name == "sqlite" else "SERIAL"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE t (at {numbered} PRIMARY KEY, n INTEGER)"))
    yield engine
    engine.dispose()


def insert(number: int) -> Callable[[Connection], object]:
    return lambda db: db.execute(text("INSERT INTO t (n) VALUES (:n)"), {"n": number})


def numbers(engine: Engine) -> list[int]:
    with engine.begin() as connection:
        return list(connection.execute(text("SELECT n FROM t ORDER BY at")).scalars())


class Notes:
    """A journal that notes what it was told of; groups in ``committed`` it has had before."""

    def __init__(self, committed: set[int] | None = None) -> None:
        self.begun: list[int] = []
        self.commits = 0
        self.reopened = 0
        self._committed = committed or set()

    def begin(self, _: Connection, group: int) -> None:
        self.begun.append(group)

    def before_commit(self, _: Connection) -> None:
        self.commits += 1

    def has(self, _: Connection, group: int) -> bool:
        return group in self._committed

    def reopen(self, _: Connection) -> None:
        self.reopened += 1

    def attempt(self, connection: Connection) -> AbstractContextManager[None]:
        return nested(connection)


@contextmanager
def nested(connection: Connection) -> Iterator[None]:
    with connection.begin_nested():
        yield


def writer(engine: Engine, notes: Notes | None = None, **options) -> Writer:
    defaults = {"interval": 0.05, "events": 10, "patience": 10, "failed": lambda _: None}
    made = Writer(engine, notes or Notes(), **{**defaults, **options})
    made.start()
    return made


def test_operations_run_in_the_order_of_submission(engine):
    ordered = writer(engine)
    for number in range(25):
        ordered.submit(Operation(insert(number)))
    ordered.close()
    assert numbers(engine) == list(range(25))


def test_a_group_ends_after_the_number_of_events(engine):
    notes = Notes()
    ordered = writer(engine, notes, interval=60)
    for number in range(30):
        ordered.submit(Operation(insert(number)))
    ordered.close()
    assert notes.commits == 3


def test_a_group_ends_in_time_however_many_operations_wait(engine):
    notes = Notes()
    ordered = writer(engine, notes, interval=0.05, events=1000)
    for _ in range(20):
        ordered.submit(Operation(lambda _: time.sleep(0.02)))
    ordered.close()
    assert notes.commits >= 4


@pytest.mark.parametrize("events", [1, 2, 3, 200])
@pytest.mark.parametrize("interval", [0, 0.01, 60])
def test_the_last_operation_shares_the_group_of_what_it_ends(engine, events, interval):
    """After it the journal may refuse every group, as a closed run does."""
    closed: list[bool] = []

    class Closing(Notes):
        def begin(self, connection: Connection, group: int) -> None:
            assert not closed
            super().begin(connection, group)

    def end(db: Connection) -> None:
        insert(3)(db)
        closed.append(True)

    failures: list[BaseException] = []
    ordered = writer(engine, Closing(), interval=interval, events=events, failed=failures.append)
    ordered.submit(Operation(insert(1)))
    ordered.submit(Operation(insert(2)))
    ordered.close(Operation(end))
    assert (numbers(engine), failures) == ([1, 2, 3], [])


def test_what_is_submitted_after_the_last_operation_is_never_done(engine):
    failures: list[BaseException] = []
    ordered = writer(engine, interval=0, failed=failures.append)

    def late(db: Connection) -> None:
        insert(1)(db)
        ordered.submit(Operation(insert(2)))

    ordered.close(Operation(late))
    assert (numbers(engine), failures) == ([1], [])


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


def refuse(_: Connection) -> None:
    raise ValueError("no database takes this")


def test_one_operation_that_is_refused_does_not_take_its_group_down(engine):
    failures: list[BaseException] = []
    ordered = writer(engine, interval=60, failed=failures.append)
    ordered.submit(Operation(insert(1)))
    ordered.submit(Operation(refuse, rescue=lambda db, _: insert(20)(db)))
    ordered.submit(Operation(insert(3)))
    ordered.close()
    assert numbers(engine) == [1, 20, 3]
    assert failures == []


def test_what_a_refused_operation_had_written_is_taken_back(engine):
    def half(db: Connection) -> None:
        insert(7)(db)
        refuse(db)

    ordered = writer(engine, interval=60)
    ordered.submit(Operation(half, rescue=lambda db, _: insert(8)(db)))
    ordered.close()
    assert numbers(engine) == [8]


def test_a_group_is_told_once_that_it_is_committed_however_often_it_was_tried(engine):
    told: list[int] = []
    notes = Notes()
    ordered = writer(engine, notes, interval=60)
    ordered.submit(Operation(insert(1), lambda: told.append(1)))
    ordered.submit(Operation(refuse, rescue=lambda *_: None))
    ordered.close()
    assert told == [1]
    assert notes.begun == [1, 1]
    assert (notes.reopened, notes.commits) == (1, 1)


def lost() -> OperationalError:
    return OperationalError("COMMIT", None, ConnectionLostError(), connection_invalidated=True)


class ConnectionLostError(Exception):
    """As psycopg's: it has a SQLSTATE."""

    sqlstate = "57P01"


def test_a_group_whose_connection_was_lost_is_done_again(engine):
    failures = [lost(), lost()]

    def shaky(db: Connection) -> None:
        insert(1)(db)
        if failures:
            raise failures.pop()

    ordered = writer(engine)
    ordered.submit(Operation(shaky))
    ordered.submit(Operation(insert(2)))
    ordered.close()
    assert ordered.failure is None
    assert numbers(engine) == [1, 2]


def test_a_group_that_was_committed_unheard_is_not_done_again(engine):
    told = threading.Event()
    failures = [lost()]

    def unheard(db: Connection) -> None:
        insert(1)(db)
        if failures:
            raise failures.pop()

    ordered = writer(engine, Notes(committed={1}))
    ordered.submit(Operation(unheard, told.set))
    ordered.close()
    assert told.is_set()
    assert numbers(engine) == []


def test_a_server_that_stays_away_ends_it(engine):
    def away(_: Connection) -> None:
        raise lost()

    failures: list[BaseException] = []
    ordered = writer(engine, patience=0.3, failed=failures.append)
    ordered.submit(Operation(away))
    ordered.close()
    assert [type(failure) for failure in failures] == [OperationalError]


def test_a_group_whose_server_says_nothing_is_done_again_when_it_is_broken_off(postgresql):
    with postgresql.database(EMPTY) as url, silent_proxy(url) as (proxy, through):
        engine = connect(through)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE t (at SERIAL PRIMARY KEY, n INTEGER)"))
        ordered = writer(engine)
        proxy.cut()
        ordered.submit(Operation(insert(1)))
        while ordered.waited < 0.3:
            time.sleep(0.05)
        ordered.break_off()
        ordered.close()
        assert (numbers(engine), ordered.failure) == ([1], None)
        engine.dispose()


def test_a_writer_that_gives_up_its_turn_is_not_waited_for_and_writes_nothing_later(engine):
    failures: list[BaseException] = []
    if engine.dialect.name != "sqlite":
        pytest.skip("on a server there are no turns")
    ordered = writer(engine, failed=failures.append)
    with engine.begin():
        ordered.submit(Operation(insert(1)))
        while ordered.waited < 0.3:
            time.sleep(0.05)
        assert not ordered.has_begun
        ordered.give_up()
        ordered.close()
        assert ordered.is_alive()
    ordered.join(30)
    assert ([type(each) for each in failures], numbers(engine)) == ([GivenUp], [])


def test_a_writer_in_haste_tries_nothing_again(postgresql):
    failures: list[BaseException] = []
    with postgresql.database(EMPTY) as url, silent_proxy(url) as (proxy, through):
        engine = connect(through)
        ordered = writer(engine, failed=failures.append, patience=300)
        told = threading.Event()
        ordered.submit(Operation(lambda db: db.execute(text("SELECT 1")), told.set, durable=True))
        assert told.wait(30)
        proxy.vanish()
        ordered.submit(Operation(lambda db: db.execute(text("SELECT 2"))))
        while ordered.waited < 0.3:
            time.sleep(0.05)
        ordered.hurry()
        ordered.break_off()
        ordered.close()
        assert len(failures) == 1
        engine.dispose()


def test_a_run_that_may_write_no_more_leaves_its_files_alone(engine):
    """Going back to what was committed would cut a file that belongs to another run by now."""

    class Fenced(Notes):
        def begin(self, connection: Connection, group: int) -> None:
            super().begin(connection, group)
            if len(self.begun) > 1:
                raise RuntimeError("closed")

    tries: list[int] = []

    def lose_connection(_: Connection) -> None:
        tries.append(1)
        raise lost()

    notes = Fenced()
    ordered = writer(engine, notes)
    ordered.submit(Operation(lose_connection))
    ordered.close()
    assert (len(tries), notes.reopened, str(ordered.failure)) == (1, 0, "closed")

"""What becomes of a run that is taken over while it is alive."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import DBAPIError

from newscrawl.frontier import fencing, lease
from newscrawl.frontier.balance import balance
from newscrawl.frontier.journal import RunJournal
from newscrawl.frontier.lease import LeaseLost, SiteLocked
from newscrawl.frontier.rows import ROW, Row
from newscrawl.frontier.runs import last_group
from newscrawl.outcomes import Outcome
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import leases, pages, runs
from tests.frontier.trying import OTHER, SITE, begin, claim, discover, finish, kill

SITES = (SITE, OTHER)


@pytest.fixture
def served(postgresql) -> Iterator[Engine]:
    """A database of PostgreSQL, in which a run has claimed two pages and was not heard of since."""
    with postgresql.database() as url:
        engine = connect(url)
        migrate(engine)
        with engine.begin() as db:
            run = begin(db)
            discover(db, run, "a", "b")
            claim(db, run)
            kill(db)
        yield engine
        engine.dispose()


def test_the_open_transaction_of_a_dead_run_is_ended(served):
    with served.connect() as dead, served.begin() as db:
        fencing.begin_group(dead, 1, 1)
        dead.execute(update(leases).values(pid=leases.c.pid))
        assert begin(db) == 2
        with pytest.raises(DBAPIError, match="terminating connection"):
            dead.execute(select(runs.c.id))
        dead.rollback()


def test_the_sessions_of_other_runs_are_left_alone(served):
    with served.begin() as other, served.begin() as db:
        other.execute(select(func.set_config("application_name", "newscrawl run 11", True)))
        begin(db)
        assert other.scalar(select(1)) == 1


def test_a_session_has_the_name_of_its_run_only_while_that_writes(served):
    name = select(func.current_setting("application_name"))
    with served.connect() as db:
        with db.begin():
            fencing.begin_group(db, 1, 1)
            assert db.scalar(name) == fencing.session_name(1)
        with db.begin():
            assert db.scalar(name) == "newscrawl"


def test_a_dead_run_whose_session_is_not_ours_to_end_is_waited_for(served, caplog):
    with served.begin() as db:
        db.execute(text("CREATE ROLE reporter LOGIN"))
        db.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO reporter"))
    url = served.url.set(username="reporter").render_as_string(hide_password=False)
    other = connect(url)
    with served.begin() as dead:
        fencing.begin_group(dead, 1, 1)
        with other.begin() as db:
            fencing.end_sessions(db, lease.holders(db, SITES))
            assert db.scalar(select(1)) == 1
        assert dead.scalar(select(1)) == 1
    other.dispose()
    with served.begin() as db:
        db.execute(text("DROP OWNED BY reporter"))
        db.execute(text("DROP ROLE reporter"))
    assert "not ours to end" in caplog.text


def test_what_a_dead_run_commits_at_the_last_moment_is_not_released_too(served, monkeypatch):
    """As where its session is another role's: the next run waits for its commit."""
    monkeypatch.setattr(fencing, "end_sessions", lambda *_: None)
    begun = threading.Event()

    def take_over() -> None:
        with served.begin() as db:
            begun.set()
            begin(db)

    with served.begin() as dead:
        fencing.begin_group(dead, 1, 1)
        taking = threading.Thread(target=take_over)
        taking.start()
        begun.wait()
        while not dead.scalar(
            text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        ):
            dead.execute(text("SELECT pg_stat_clear_snapshot()"))
        first = dead.execute(select(*ROW).order_by(pages.c.id)).first()
        assert first is not None
        finish(dead, 1, Row(*first), Outcome.PAGE)
    taking.join()
    with served.begin() as db:
        account = balance(db, 1, SITES)
    assert (account.claims, account.visits, account.released) == (2, 1, 1)
    assert account.holds


def test_a_run_that_stirs_while_it_is_taken_over_keeps_its_sites(served, monkeypatch):
    def stir(db, _dead) -> None:
        db.execute(update(leases).values(heartbeat=lease.now(db), host="another machine"))

    monkeypatch.setattr(fencing, "end_sessions", stir)
    with served.connect() as db, pytest.raises(SiteLocked, match="run 1 "):
        begin(db)


def test_a_run_that_was_fenced_off_begins_no_group(engine):
    with engine.begin() as db:
        run = begin(db)
        kill(db)
        assert fencing.fence_off(db, SITES) == [run]
        with pytest.raises(LeaseLost, match=f"run {run} was closed"):
            fencing.begin_group(db, run, 1)


def test_the_server_knows_whether_a_run_is_at_work(served):
    with served.connect() as own, served.connect() as asking, own.begin():
        fencing.begin_group(own, 1, 1)
        with asking.begin():
            assert not fencing.is_at_work(asking, 1, may_wait=True)
        sleeping = threading.Thread(target=lambda: own.execute(text("SELECT pg_sleep(2)")))
        sleeping.start()
        until_at_work(asking)
        sleeping.join()


def test_a_connection_lost_in_the_middle_of_a_batch_is_ended_before_its_group_is_done_again(served):
    with served.connect() as lost, served.begin() as again:
        fencing.begin_group(lost, 1, 1)
        ask_without_an_end(lost)
        journal = RunJournal(1, [])
        assert not journal.has(again, 1)
        journal.begin(again, 1)
        lost.invalidate()


def test_a_group_that_is_being_committed_counts_as_committed(served):
    committed = []
    with served.connect() as slow, served.connect() as again:
        again.execute(text("SELECT 1"))
        slow.execute(update(runs).values(groups=7))
        waiting = threading.Thread(target=lambda: committed.append(last_group(again, 1)))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        slow.commit()
        waiting.join()
        again.rollback()
    assert committed == [7]


def ask_without_an_end(connection) -> None:
    """Have a server work on a part of a batch, and wait for the rest of it."""
    driver = connection.connection.driver_connection.pgconn
    driver.enter_pipeline_mode()
    driver.send_query_params(b"UPDATE runs SET groups = groups", [])
    driver.send_flush_request()
    driver.flush()
    session = connection.connection.driver_connection.info.backend_pid
    state = text("SELECT state, wait_event FROM pg_stat_activity WHERE pid = :pid")
    with connection.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as asking:
        while asking.execute(state, {"pid": session}).one() != ("active", "ClientRead"):
            time.sleep(0.05)


def until_at_work(asking) -> None:
    while True:
        with asking.begin():
            if fencing.is_at_work(asking, 1, may_wait=False):
                return


@pytest.mark.parametrize("locked", ["pages", "runs"])
def test_a_run_that_waits_for_a_lock_is_at_work_only_if_it_may_wait(served, locked):
    with served.connect() as own, served.connect() as asking, served.connect() as stranger:
        stranger.execute(text(f"LOCK TABLE {locked} IN EXCLUSIVE MODE"))

        def work() -> None:
            with own.begin():
                fencing.begin_group(own, 1, 1)
                own.execute(update(pages).values(depth=1))

        waiting = threading.Thread(target=work)
        waiting.start()
        while True:
            with asking.begin():
                if fencing.is_at_work(asking, 1, may_wait=True) and not fencing.is_at_work(
                    asking, 1, may_wait=False
                ):
                    break
        stranger.rollback()
        waiting.join()

"""Connections of PostgreSQL that wait for no longer than they were told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from scrapy.settings import Settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from newscrawl.store.database import connect, reading
from newscrawl.store.faults import is_passing
from newscrawl.store.waiting import Waits, break_off, end_when_silent, with_keepalives
from tests.siege.silence import silent_proxy
from tests.store.serving import EMPTY

SERVER = "postgresql+psycopg://reader@db.example/news"


@pytest.fixture
def url(postgresql) -> Iterator[str]:
    with postgresql.database(EMPTY) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = connect(url, waits=Waits(lock=0.2, transaction=0.3, silence=8))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    yield engine
    engine.dispose()


def shown(connection, *names: str) -> list[str]:
    return [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]


def test_a_url_gets_keepalives_that_find_a_gone_peer_within_the_silence():
    query = with_keepalives(make_url(SERVER), Waits(silence=20)).query
    assert query["keepalives_idle"] == query["keepalives_interval"] == "5"
    assert query["keepalives_count"] == "3"
    assert query["tcp_user_timeout"] == "20000"


def test_what_a_url_says_itself_stays():
    url = with_keepalives(make_url(f"{SERVER}?keepalives_idle=99&connect_timeout=60"), Waits())
    assert (url.query["keepalives_idle"], url.query["connect_timeout"]) == ("99", "60")


def test_no_silence_leaves_keepalives_to_the_system():
    assert "keepalives_idle" not in with_keepalives(make_url(SERVER), Waits(silence=0)).query


def test_a_transaction_has_limits_that_end_with_it(engine):
    names = ("lock_timeout", "idle_in_transaction_session_timeout")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as outside:
        assert shown(outside, *names) == ["0", "0"]
    with engine.begin() as connection:
        assert shown(connection, *names) == ["200ms", "300ms"]


def test_the_database_as_a_whole_keeps_its_own_settings(engine, url):
    with engine.begin():
        pass
    other = create_engine(url)
    with other.connect() as connection:
        assert shown(connection, "lock_timeout", "tcp_keepalives_idle")[0] == "0"
        assert connection.scalar(text("SELECT count(*) FROM pg_db_role_setting")) == 0
    other.dispose()


def test_what_only_reads_may_take_its_time(engine):
    with reading(engine) as connection:
        assert shown(connection, "idle_in_transaction_session_timeout") == ["0"]


def test_a_lock_of_another_session_is_waited_for_as_long_as_was_said(engine):
    with engine.connect() as other, engine.connect() as ours:
        other.execute(text("LOCK TABLE t"))
        with pytest.raises(OperationalError, match="lock timeout") as raised:
            ours.execute(text("SELECT * FROM t"))
        assert is_passing(raised.value)


def test_a_transaction_that_stands_still_loses_its_locks(engine, url):
    still = engine.connect()
    still.execute(text("LOCK TABLE t"))
    other = create_engine(url)
    with other.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
    other.dispose()
    with pytest.raises(DBAPIError) as raised:
        still.execute(text("SELECT 1"))
    assert raised.value.connection_invalidated
    still.close()


def test_a_session_that_asks_nothing_loses_its_advisory_locks(engine, url):
    silent = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    end_when_silent(silent, 0.3)
    silent.execute(text("SELECT pg_advisory_lock(7)"))
    other = create_engine(url)
    with other.begin() as connection:
        connection.execute(text("SELECT pg_advisory_lock(7)"))
    other.dispose()
    silent.invalidate()
    silent.close()


def test_whoever_waits_on_a_dead_connection_can_be_told(url):
    with silent_proxy(url) as (proxy, through):
        engine = connect(through)
        connection = engine.connect()
        connection.execute(text("SELECT 1"))
        proxy.cut()
        errors: list[Exception] = []

        def ask() -> None:
            try:
                connection.execute(text("SELECT 2"))
            except DBAPIError as error:
                errors.append(error)

        driver = connection.connection.driver_connection
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join(0.3)
        assert asking.is_alive()
        break_off(driver)
        asking.join(30)
        assert is_passing(errors[0])
        connection.close()
        engine.dispose()


def test_whoever_is_gone_while_waiting_for_a_lock_does_not_get_it(url):
    with silent_proxy(url) as (_, through):
        gone, holder = connect(through, waits=Waits(lock=0)), connect(url)
        with holder.connect() as held, gone.connect() as waiting:
            held.execute(text("CREATE TABLE t (n INTEGER)"))
            held.commit()
            held.execute(text("LOCK TABLE t"))
            driver = waiting.connection.driver_connection
            session = waiting.scalar(text("SELECT pg_backend_pid()"))
            asking = threading.Thread(target=waits_in_vain, args=(waiting,))
            asking.start()
            asking.join(0.3)
            break_off(driver)
            asking.join()
            until_gone(url, session)
        gone.dispose()
        holder.dispose()


def waits_in_vain(connection) -> None:
    with pytest.raises(DBAPIError):
        connection.execute(text("LOCK TABLE t"))


def until_gone(url: str, session: int) -> None:
    """Wait for the end of a session of the server, which waited for a lock."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    known = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid").bindparams(pid=session)
    with engine.connect() as connection:
        while connection.scalar(known):
            time.sleep(0.1)
    engine.dispose()


def test_settings_say_how_long_a_run_waits():
    values = {"NEWSCRAWL_LOCK_TIMEOUT": "5", "NEWSCRAWL_TRANSACTION_TIMEOUT": 0}
    assert Waits.of(Settings(values)) == Waits(lock=5.0, transaction=0.0, silence=30.0)


@pytest.mark.parametrize("wrong", ["-1", "1e9", "nan"])
def test_what_is_no_number_of_seconds_is_refused(wrong):
    with pytest.raises(ValueError, match="NEWSCRAWL_SILENCE_TIMEOUT"):
        Waits.of(Settings({"NEWSCRAWL_SILENCE_TIMEOUT": wrong}))

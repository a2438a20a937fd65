"""Real workers with a real PostgreSQL; ``tests/scale`` kills them."""

from __future__ import annotations

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text

from newscrawl.history.ticks import TABLES
from newscrawl.schedule.worker import STAMP
from newscrawl.store.schema import runs
from tests.crawl.crawling import Crawl
from tests.demo.serving import DemoServer
from tests.scale.fleet import Fleet, demo_sites
from tests.siege.silence import silent_proxy
from tests.store.restarting import restartable, stopped
from tests.store.serving import EMPTY, Server


@pytest.fixture
def database(postgresql: Server) -> Iterator[str]:
    with postgresql.database(EMPTY) as url:
        yield url


@pytest.fixture(scope="module")
def sites() -> Iterator[list[DemoServer]]:
    with demo_sites(2, 12) as sites:
        yield sites


@pytest.fixture
def fleet(tmp_path: Path, database: str, sites: list[DemoServer]) -> Iterator[Fleet]:
    """Two sites that take some time to crawl, and no worker yet."""
    with Fleet(tmp_path, database, sites, delay=0.03, concurrency=1) as fleet:
        yield fleet


@pytest.fixture
def restarted(tmp_path: Path, sites: list[DemoServer]) -> Iterator[Fleet]:
    """The same with a server of its own."""
    with (
        restartable() as url,
        Fleet(tmp_path, url, sites, delay=0.03, concurrency=1) as fleet,
    ):
        yield fleet


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


def refused(folder: Path, url: str, *options: str) -> str:
    ended = Crawl.runner(
        ["worker", *options],
        folder=folder,
        environment={**os.environ, "NEWSCRAWL_DATABASE_URL": url},
    )
    assert ended.returncode == 2, ended.stderr
    return ended.stderr


def until_asked(fleet: Fleet, requests: int = 10) -> None:
    """Wait until the first site has had more requests."""
    before = len(fleet.sites[0].hits)
    while len(fleet.sites[0].hits) < before + requests:
        time.sleep(0.05)


def test_the_logs_of_another_job_whose_name_begins_alike_are_let_be():
    pattern = f"example.{STAMP}.log"
    assert fnmatch("example.20261126T071500.log", pattern)
    assert not fnmatch("example.2.com.20261126T071500.log", pattern)


def test_two_workers_share_the_sites_and_each_is_crawled_once(fleet):
    fleet.start(0)
    fleet.start(1)
    fleet.wait()
    assert fleet.stop() == [0, 0]
    assert len(fleet.stored().rows(runs)) == 2
    assert [len(list(fleet.folder.glob(f"logs{n}/site?.*.log"))) for n in range(2)] == [1, 1]


def test_sigterm_ends_the_crawl_in_order_and_another_worker_goes_on(fleet):
    fleet.start(0)
    until_asked(fleet)
    assert fleet.stop() == [0]
    (cut_off,) = fleet.stored().rows(runs)
    assert cut_off["reason"] == "shutdown"
    assert fleet.statuses() == {"todo": 2}
    fleet.start(1)
    fleet.wait()
    first, *later = sorted(fleet.stored().rows(runs), key=lambda run: run["id"])
    assert [run["reason"] for run in later] == ["finished", "finished"]
    assert {run["cycle"] for run in later if run["sites"] == first["sites"]} == {first["id"]}


def test_a_worker_outlives_a_server_that_is_away(restarted):
    fleet = restarted
    fleet.start(0)
    until_asked(fleet)
    with stopped(fleet.url, "immediate"):
        time.sleep(1)
    fleet.wait()
    assert fleet.stop() == [0]


def test_a_worker_begins_when_the_server_comes(restarted):
    fleet = restarted
    with stopped(fleet.url):
        fleet.start(0)
        while "The database is away" not in (fleet.folder / "worker0.log").read_text():
            time.sleep(0.05)
    until_asked(fleet)
    assert fleet.stop() == [0]


def test_a_worker_whose_connection_breaks_while_it_makes_tables_begins_again(fleet):
    engine = create_engine(fleet.url, isolation_level="AUTOCOMMIT")
    waiting = text("SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory'")
    with engine.connect() as other:
        other.execute(select(func.pg_advisory_lock(TABLES)))
        fleet.start(0)
        while (pid := other.execute(waiting).scalar()) is None:
            assert fleet.workers[0].poll() is None
            time.sleep(0.05)
        other.execute(select(func.pg_terminate_backend(pid)))
        while "The database is away" not in (fleet.folder / "worker0.log").read_text():
            assert fleet.workers[0].poll() is None
            time.sleep(0.05)
        other.execute(select(func.pg_advisory_unlock(TABLES)))
    engine.dispose()
    until_asked(fleet)
    assert fleet.stop() == [0]


def test_a_job_added_to_the_file_is_taken_up(fleet):
    schedule = fleet.folder / "sites.toml"
    whole = schedule.read_text()
    schedule.write_text(whole[: whole.index("[site1]")])
    fleet.start(0)
    until_asked(fleet)
    schedule.write_text(whole)
    fleet.wait()
    assert len(fleet.stored().rows(runs)) == 2


def test_a_mistake_in_the_file_leaves_the_schedule_as_it_was(fleet):
    fleet.start(0)
    until_asked(fleet)
    (fleet.folder / "sites.toml").write_text("[site0]\n")
    fleet.wait()
    assert fleet.stop() == [0]
    assert "spider is missing" in (fleet.folder / "worker0.log").read_text()


def test_a_crawl_that_fails_fails_its_job(fleet):
    (fleet.folder / "sites.toml").write_text(
        '[broken]\nspider = "site"\ncron = "0 0 1 1 *"\n'
        '[broken.arguments]\nurl = "http://127.0.0.1:9/"\n'
        '[broken.settings]\nNEWSCRAWL_DEDUPE_SCOPE = "nowhere"\n'
    )
    fleet.start(0)
    while not fleet.statuses()["failed"]:
        time.sleep(0.1)
    assert fleet.stop() == [0]
    assert "Crawl of broken failed" in (fleet.folder / "worker0.log").read_text()


def asked(address: str, path: str) -> str:
    while True:
        try:
            with urllib.request.urlopen(f"http://{address}{path}") as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)


def test_metrics_tell_of_outcomes_runs_and_the_queue(fleet, unused_port):
    address = f"127.0.0.1:{unused_port}"
    fleet.start(0, "--listen", address)
    until_asked(fleet)
    while 'newscrawl_lag_seconds{job="site1"}' not in asked(address, "/metrics"):
        time.sleep(0.2)
    assert asked(address, "/healthz") == "at work: site0\n"
    fleet.wait()
    lines = asked(address, "/metrics").splitlines()
    site = fleet.sites[0].url.removeprefix("http://")
    stored = len([each for each in fleet.stored().articles().values() if each.site == site])
    told = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    visits = sum(
        float(told.get(f'newscrawl_visits_total{{outcome="{name}",site="{site}"}}', 0))
        for name in ("article", "duplicate")
    )
    assert visits >= stored > 0
    assert told[f'newscrawl_runs_total{{reason="finished",site="{site}"}}'] == "1.0"
    assert float(told[f'newscrawl_last_success_timestamp_seconds{{site="{site}"}}']) > 1.7e9
    assert told['newscrawl_worker_exits_total{status="0"}'] == "2.0"
    assert f'newscrawl_queued_pages{{site="{site}"}}' in told


def test_other_addresses_are_not_found(fleet, unused_port):
    address = f"127.0.0.1:{unused_port}"
    fleet.start(0, "--listen", address)
    assert asked(address, "/healthz")
    with pytest.raises(urllib.error.HTTPError, match="404") as raised:
        urllib.request.urlopen(f"http://{address}/elsewhere")
    raised.value.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--concurrency=0"], "--concurrency is no number from 1 to 1000: 0"),
        (["--listen=9464"], "--listen is no HOST:PORT, e.g. 127.0.0.1:9464: 9464"),
        (["--file=absent.toml"], "absent.toml: No such file or directory"),
        (["--logs=/dev/null/logs"], "/dev/null/logs: Not a directory"),
    ],
)
def test_a_wrong_option_is_one_line(tmp_path, database, options, message):
    (tmp_path / "sites.toml").write_text('[a]\nspider = "buyersinsight"\ncron = "0 0 1 1 *"\n')
    assert message in refused(tmp_path, database, *options)


def test_sqlite_has_no_workers(tmp_path):
    url = f"sqlite:///{tmp_path}/own.db"
    create_engine(url).connect().execute(text("SELECT 1"))
    (tmp_path / "own.db").touch()
    assert "workers share a PostgreSQL" in refused(tmp_path, url)


def test_a_worker_that_is_cut_off_from_its_database_ends_when_it_is_asked_to(
    tmp_path, database, sites
):
    """It gives no jobs back, and others take them."""
    with (
        silent_proxy(database) as (proxy, through),
        Fleet(tmp_path, through, sites, delay=0.03, concurrency=1) as fleet,
    ):
        fleet.start(0)
        until_asked(fleet)
        proxy.vanish()
        assert fleet.stop() == [0]
    assert "The database does not answer" in (tmp_path / "worker0.log").read_text()


def test_a_worker_that_waits_for_the_tables_ends_when_it_is_asked_to(fleet):
    engine = create_engine(fleet.url, isolation_level="AUTOCOMMIT")
    waiting = text("SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory'")
    with engine.connect() as other:
        other.execute(select(func.pg_advisory_lock(TABLES)))
        fleet.start(0)
        while other.execute(waiting).scalar() is None:
            assert fleet.workers[0].poll() is None
            time.sleep(0.05)
        assert fleet.stop() == [0]
    engine.dispose()

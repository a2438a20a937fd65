"""What is opened for a run and what closing it leaves, in both databases."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import found_at
from newscrawl.frontier.visits import Visit
from newscrawl.history.accounts import Account, Articles, Told
from newscrawl.outcomes import Outcome
from newscrawl.session.opening import OpenRun, Plan, open_run
from newscrawl.session.settings import SessionSettings
from newscrawl.store.schema import leases, pages, runs
from newscrawl.store.waiting import Waits

SITE, OTHER = "daily.example", "weekly.example"
PLAN = Plan("site", (SITE, OTHER), {"url": "x"}, frozenset(), starts_only=False)
START = found_at(f"https://{SITE}/", kind="category", way=Way.SEED, depth=0, priority=9)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> SessionSettings:
    return SessionSettings(
        database_url=database,
        synchronous="NORMAL",
        database_patience=0,
        waits=Waits(),
        jsonl=str(tmp_path / "{site}.jsonl"),
        jsonl_max_bytes=0,
        archive=str(tmp_path / "archive"),
        archive_max_bytes=0,
        dedupe_scope="site",
        commit_interval=1,
        commit_events=1,
        max_barren=0,
        max_revisits=10,
        revisits=RevisitPolicy(60.0, 3600.0),
    )


@pytest.fixture
def run(settings):
    run = open_run(PLAN, settings)
    yield run
    run.close()


def ended(run: OpenRun) -> Account:
    told = Told(before=Articles(), left_out=frozenset(), detail="", unread={}, dead={})
    with run.engine.begin() as connection:
        return run.end(connection, "finished", told, peak_rss_mb=1)


def visit_start(run: OpenRun) -> None:
    with run.engine.begin() as connection:
        rows.discover(connection, run.begun.run, [START])
        (row,) = claims.claim(
            connection, run.begun.run, [SITE], 1, Stage.ORDINARY, claimed_before=1
        )
        visit = Visit(row, Outcome.LISTING)
        policy = RevisitPolicy(60.0, 3600.0)
        visits.finish(connection, run.begun.run, [visit], policy, cycle=run.begun.cycle)


def test_a_plan_is_what_the_spider_was_asked_for():
    spider = SimpleNamespace(name="site", sites={OTHER, SITE}, arguments={"url": "x"}, max_depth=0)
    plan = Plan.of(spider)  # type: ignore[arg-type] # all it asks
    assert plan == PLAN._replace(sites=[SITE, OTHER], starts_only=True)


def test_a_spider_of_others_has_no_sites():
    assert not Plan.of(SimpleNamespace(name="other")).sites  # type: ignore[arg-type] # as above


def test_an_open_run_holds_its_sites_and_has_their_files(run, settings):
    with run.engine.begin() as connection:
        held = connection.execute(select(leases.c.site).order_by(leases.c.site)).scalars().all()
        connection.execute(update(leases).values(pid=os.getppid()))
    assert held == [SITE, OTHER]
    assert sorted(run.before.stored) == [SITE, OTHER]
    with pytest.raises(SiteLocked):
        open_run(PLAN, settings)


def test_an_ended_run_gives_its_sites_back_and_balances(run):
    visit_start(run)
    account = ended(run)
    assert (account.reason, account.outcomes, account.ledger.holds) == (
        "finished",
        {"listing": 1},
        True,
    )
    with run.engine.begin() as connection:
        assert connection.execute(select(leases)).all() == []
        assert connection.execute(select(runs.c.peak_rss_mb)).scalar_one() == 1


def test_rows_still_claimed_at_the_end_are_queued_again(run):
    with run.engine.begin() as connection:
        rows.discover(connection, run.begun.run, [START])
        claims.claim(connection, run.begun.run, [SITE], 1, Stage.ORDINARY, claimed_before=1)
    account = ended(run)
    assert (account.ledger.released, account.ledger.queued, account.ledger.holds) == (1, 1, True)


def test_what_is_due_is_queued_when_a_walk_begins(run, settings):
    visit_start(run)
    ended(run)
    run.close()
    later = open_run(PLAN, settings)
    assert (later.before.queued, later.begun.resumed) == (1, False)
    assert later.before.alike == {run.begun.run, later.begun.run}
    later.close()


def test_a_walk_that_goes_on_knows_which_sources_were_read(run, settings):
    visit_start(run)
    with run.engine.begin() as connection:
        rows.discover(connection, run.begun.run, [START._replace(identity="x", url="x")])
        connection.execute(update(pages).where(pages.c.depth == 0).values(kind="sitemap"))
        connection.execute(update(leases).values(heartbeat=0.0))
    later = open_run(PLAN, settings)
    assert (later.begun.resumed, set(later.before.sources_read)) == (True, {"sitemap"})
    later.close()


def test_no_archive_is_opened_that_nobody_asked_for(settings, tmp_path):
    run = open_run(PLAN, replace(settings, archive=""))
    assert run.archive is None
    assert not (tmp_path / "archive").exists()
    run.close()

from __future__ import annotations

import os
import time

import pytest
from sqlalchemy import Connection, update

from newscrawl.frontier import lease
from newscrawl.frontier.lease import LEASE_SECONDS, LeaseLost, SiteLocked
from newscrawl.store.schema import leases
from tests.frontier.trying import OTHER, SITE

SITES = (SITE, OTHER)


def held_by(db: Connection, **values: object) -> None:
    db.execute(update(leases).values(**values))


def test_a_holder_that_is_running_is_alive(db, run):
    held_by(db, pid=os.getppid())
    with pytest.raises(SiteLocked, match=f"run {run} "):
        lease.clear_dead(db, SITES)


def test_another_run_of_this_process_is_alive(db, run):
    with pytest.raises(SiteLocked, match=f"run {run} "):
        lease.clear_dead(db, SITES)


def test_this_process_itself_holds_nothing_from_before_it_began(db, run):
    age = time.monotonic() - lease.STARTED
    held_by(db, heartbeat=lease.now(db) - age - 1.0)
    assert lease.clear_dead(db, SITES) == [run]
    assert lease.holders(db, SITES) == []


def test_a_holder_elsewhere_is_alive_until_nothing_was_heard_for_long(db, run):
    held_by(db, host="another machine")
    with pytest.raises(SiteLocked, match="on another machine"):
        lease.holders(db, SITES)
    held_by(db, heartbeat=lease.now(db) - LEASE_SECONDS - 1)
    assert lease.clear_dead(db, SITES) == [run]


def test_a_lease_is_renewed_while_it_is_held(db, run):
    held_by(db, heartbeat=0.0)
    lease.renew(db, SITES, run)
    assert all(each.heartbeat > 0 for each in db.execute(leases.select()))


def test_a_lease_of_which_a_part_is_gone_is_lost(db, run):
    db.execute(leases.delete().where(leases.c.site == OTHER))
    with pytest.raises(LeaseLost, match=f"run {run} lost"):
        lease.renew(db, SITES, run)


@pytest.mark.parametrize("ahead", [LEASE_SECONDS + 1, 365 * 86_400.0])
def test_a_lease_further_ahead_than_its_own_length_is_none(db, run, ahead):
    held_by(db, host="another machine", heartbeat=lease.now(db) + ahead)
    assert lease.clear_dead(db, SITES) == [run]

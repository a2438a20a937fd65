from __future__ import annotations

from sqlalchemy import select

from newscrawl.frontier import claims
from newscrawl.frontier.balance import Balance, balance
from newscrawl.frontier.claims import MAX_CLAIMS
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import runs, visits
from tests.frontier.trying import SITE, claim, deaths, discover, finish, found


def test_every_row_and_every_claim_is_accounted_for(db, run):
    discover(db, run, "a", "b", "c")
    first, second = claim(db, run, 2)
    finish(db, run, first, Outcome.ARTICLE, parts=[found("2")], links=[found("d")])
    claims.release(db, run, second)
    sums = balance(db, run, (SITE,))
    assert sums == Balance(5, 3, 2, 0, claims=3, visits=2, released=1)
    assert sums.holds


def test_a_row_under_way_does_not_balance(db, run):
    discover(db, run, "a")
    claim(db, run)
    assert not balance(db, run, (SITE,)).holds


def test_a_visit_that_went_missing_does_not_balance(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.PAGE)
    db.execute(visits.delete())
    assert not balance(db, run, (SITE,)).holds


def test_a_run_that_did_nothing_balances(db, run):
    assert balance(db, run, (SITE,)).holds


def test_every_run_balances_after_a_row_was_given_up(db, run):
    discover(db, run, "a")
    deaths(db, run, MAX_CLAIMS + 1)
    numbers = db.execute(select(runs.c.id)).scalars().all()
    assert [number for number in numbers if not balance(db, number, (SITE,)).holds] == []

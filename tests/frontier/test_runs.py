from __future__ import annotations

import os
import time

import pytest
from sqlalchemy import func, select, update

from newscrawl.frontier import claims, runs
from newscrawl.frontier.balance import balance
from newscrawl.frontier.claims import MAX_CLAIMS, Stage
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.runs import NOTHING_READ
from newscrawl.history import queries
from newscrawl.outcomes import Outcome
from newscrawl.store import schema
from newscrawl.store.schema import DONE, QUEUED, leases, pages
from tests.frontier.trying import (
    OTHER,
    SITE,
    begin,
    claim,
    deaths,
    discover,
    end,
    finish,
    found,
    kill,
    open_run,
    page,
    paths,
    stored,
)


def test_runs_are_alike_that_were_asked_for_the_same(db):
    def of(spider: str, arguments: dict[str, str], version: str) -> int:
        begun = open_run(db, SITE, spider=spider, arguments=arguments, version=version)
        end(db, begun.run)
        return begun.run

    asked = ("daily", {"url": "https://daily.example/", "sections": "sport"}, "1")
    first, *_ = of(*asked), of("weekly", *asked[1:]), of("daily", {}, "1"), of(*asked[:2], "2")
    alike = runs.runs_alike(db, spider=asked[0], arguments=asked[1], version=asked[2])
    assert alike == {first}


def test_a_run_ends_with_its_reason_and_outcomes(db, run):
    discover(db, run, "a", "b")
    for row in claim(db, run):
        finish(db, run, row, Outcome.PAGE)
    end(db, run)
    told = db.execute(select(schema.runs)).mappings().one()
    assert (told["reason"], told["outcomes"]) == ("finished", {"page": 2})
    assert told["finished"] >= told["started"]


def test_one_run_at_a_time_holds_a_site(db, run):
    db.execute(update(leases).values(pid=os.getppid()))
    with pytest.raises(
        SiteLocked, match=rf"run {run} \(process {os.getppid()} on .*\) is crawling"
    ):
        begin(db)


def test_other_sites_are_free(db):
    begin(db, OTHER)
    db.execute(update(leases).values(pid=os.getppid()))
    assert begin(db, SITE)


def test_a_run_that_has_ended_gives_its_sites_back(db, run):
    db.execute(update(leases).values(pid=os.getppid()))
    end(db, run)
    assert begin(db) != run


def test_the_rows_of_a_dead_run_are_queued_again(db, run):
    discover(db, run, "a", "b")
    claim(db, run)
    kill(db)
    assert paths(claim(db, begin(db))) == ["a", "b"]


def test_a_dead_run_is_closed_as_killed_and_its_accounts_balance(db, run):
    discover(db, run, "a", "b")
    first, _ = claim(db, run)
    finish(db, run, first, Outcome.PAGE)
    kill(db)
    begin(db)
    reason = db.execute(select(schema.runs.c.reason).where(schema.runs.c.id == run)).scalar()
    assert reason == "killed"
    assert balance(db, run, (SITE,)).holds


def test_a_run_after_a_dead_one_goes_on_with_its_walk(db, run):
    discover(db, run, "a")
    kill(db)
    assert open_run(db, SITE).resumed


def test_a_run_after_a_dead_one_that_left_nothing_begins_anew(db):
    begin(db)
    kill(db)
    assert not open_run(db, SITE).resumed


@pytest.mark.parametrize("reason", ["finished", *NOTHING_READ])
def test_a_run_after_one_that_came_to_its_end_begins_anew(db, run, reason):
    discover(db, run, "a")
    end(db, run, reason)
    assert not open_run(db, SITE).resumed


def test_the_run_after_a_death_knows_which_walk_is_unfinished(db, run):
    stored(db, run, "a", "One story.")
    kill(db)
    begun = open_run(db)
    assert (begun.resumed, begun.unfinished) == (False, run)


def test_a_row_that_was_under_way_at_three_deaths_is_a_suspect(db, run):
    discover(db, run, "a")
    later = deaths(db, run, MAX_CLAIMS)
    assert claim(db, later) == []
    assert paths(claim(db, later, 1, Stage.SUSPECT)) == ["a"]


def test_a_suspect_that_survives_is_a_row_like_any_other(db, run):
    discover(db, run, "a")
    later = deaths(db, run, MAX_CLAIMS)
    (row,) = claim(db, later, 1, Stage.SUSPECT)
    finish(db, later, row, Outcome.PAGE)
    assert page(db, "a")["claims"] == 0


def test_a_suspect_that_ends_its_run_is_given_up_until_it_is_due(db, run):
    discover(db, run, "a")
    deaths(db, run, MAX_CLAIMS + 1)
    told = page(db, "a")
    assert (told["state"], told["outcome"], told["reason"]) == (DONE, "failed", "Wedged")
    assert told["due"] > time.time()
    assert told["claims"] == MAX_CLAIMS


def test_a_page_forgotten_after_a_death_leaves_the_others_to_the_next_run(db, run):
    discover(db, run, "a", "b", "c")
    finish(db, run, claim(db, run, 1)[0], Outcome.PAGE)
    claim(db, run)
    kill(db)
    assert queries.forget(db, identity=found("a").identity) == 1
    assert paths(claim(db, begin(db))) == ["a", "b", "c"]


def test_no_row_is_ever_lost(db, run):
    discover(db, run, *"abcdef")
    rows = claim(db, run, 4)
    finish(db, run, rows[0], Outcome.ARTICLE)
    claims.release(db, run, rows[1])
    kill(db)
    begin(db)
    counted = db.execute(select(pages.c.state, func.count()).group_by(pages.c.state)).all()
    assert {state: number for state, number in counted} == {DONE: 1, QUEUED: 5}  # noqa: C416 - rows are no pairs to a type checker

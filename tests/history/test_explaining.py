from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, runs, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import found_at
from newscrawl.frontier.visits import Visit
from newscrawl.history.explaining import explain
from newscrawl.outcomes import Outcome

SITE = "https://weekly.example"
POLICY = RevisitPolicy(3600.0, 86_400.0)


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def run(db) -> int:
    return runs.begin_run(
        db, spider="site", sites=["weekly.example"], arguments={}, version="", policy=POLICY
    ).run


def visited(db: Connection, run: int, path: str, outcome: Outcome, reason: str | None) -> None:
    found = found_at(f"{SITE}{path}", kind="article", way=Way.CATEGORY, depth=1, priority=1)
    rows.discover(db, run, [found])
    (row,) = claims.claim(db, run, ["weekly.example"], 1, Stage.ORDINARY, claimed_before=1)
    visits.finish(db, run, [Visit(row, outcome, reason)], POLICY, cycle=run)


def hops(db: Connection, path: str) -> list[Any]:
    return [page["url"] for page in explain(db, f"{SITE}{path}").leads_to]


def test_a_redirect_is_followed_to_its_end(db, run):
    visited(db, run, "/a", Outcome.REDIRECTED, f"{SITE}/b")
    visited(db, run, "/b", Outcome.REDIRECTED, f"{SITE}/c")
    visited(db, run, "/c", Outcome.GONE, "Http410")
    assert hops(db, "/a") == [f"{SITE}/b", f"{SITE}/c"]


def test_a_redirect_that_goes_round_has_an_end(db, run):
    visited(db, run, "/a", Outcome.REDIRECTED, f"{SITE}/b")
    visited(db, run, "/b", Outcome.REDIRECTED, f"{SITE}/a")
    assert hops(db, "/a") == [f"{SITE}/b"]


def test_a_redirect_may_lead_to_what_nobody_has_seen(db, run):
    visited(db, run, "/a", Outcome.REDIRECTED, f"{SITE}/b")
    assert hops(db, "/a") == []


def test_pages_of_the_same_name_are_near_one_that_is_unknown(db, run):
    for path in ("/town/bridge-opens", "/2025/bridge-opens/2", "/town/bridge"):
        visited(db, run, path, Outcome.PAGE, None)
    found = explain(db, f"{SITE}/harbour/bridge-opens")
    assert (found.page, found.of_site) == (None, 3)
    assert found.nearest == [f"{SITE}/town/bridge-opens", f"{SITE}/2025/bridge-opens/2"]


def test_a_name_is_no_pattern(db, run):
    visited(db, run, "/town/bridge", Outcome.PAGE, None)
    assert explain(db, f"{SITE}/harbour/b____e").nearest == []

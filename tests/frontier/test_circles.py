from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import Connection, update

from newscrawl.frontier import visits
from newscrawl.frontier.circles import break_circles
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import DONE, QUEUED, pages
from tests.frontier.trying import (
    HOUR,
    POLICY,
    begin,
    claim,
    discover,
    end,
    found,
    kill,
    last,
    page,
    visits_of,
)

CIRCLE = ("failed", "TooManyRedirects")


def redirected(
    db: Connection, run: int, hops: Mapping[str, str], cycle: int | None = None
) -> tuple[list[str], int]:
    """Visit pages that redirect; return which have failed by it, and how many were queued."""
    discover(db, run, *hops)
    keys = [found(path).identity for path in hops]
    db.execute(update(pages).where(pages.c.identity.in_(keys)).values(state=QUEUED))
    rows = {row.identity: row for row in claim(db, run)}
    done = [
        Visit(rows[found(path).identity], Outcome.REDIRECTED, found(target).url)
        for path, target in hops.items()
    ]
    visits.finish(db, run, done, POLICY, cycle=run)
    broken, queued = break_circles(db, run, done, POLICY, cycle=cycle or run)
    return sorted(visit.row.url.rpartition("/")[2] for visit in broken), queued


@pytest.mark.parametrize(
    "hops",
    [
        pytest.param({"a": "a"}, id="one page"),
        pytest.param({"a": "b", "b": "a"}, id="two pages"),
        pytest.param({"b": "a", "a": "b"}, id="in whatever order"),
        pytest.param({"a": "b", "b": "c", "c": "a"}, id="three pages"),
        pytest.param({f"{n}": f"{(n + 1) % 40}" for n in range(40)}, id="forty pages"),
        pytest.param({"a": "b?utm_source=x", "b": "a/"}, id="by other spellings"),
    ],
)
def test_all_pages_of_a_circle_have_failed(db, run, hops):
    broken, queued = redirected(db, run, hops)
    assert (broken, queued) == (sorted(hops), 0)
    for path in hops:
        assert last(db, path) == CIRCLE
        assert [visit["outcome"] for visit in visits_of(db, path)] == ["failed"]


def test_a_circle_is_found_however_its_visits_were_committed(db, run):
    assert redirected(db, run, {"a": "b"}) == ([], 0)
    assert last(db, "a")[0] == "redirected"
    assert redirected(db, run, {"b": "a"}) == (["a", "b"], 0)
    assert last(db, "a") == last(db, "b") == CIRCLE


@pytest.mark.parametrize(
    "hops",
    [
        pytest.param({"a": "b", "b": "c"}, id="to a page that was not visited"),
        pytest.param({"a": "b", "c": "b"}, id="to one page"),
        pytest.param({"a": "nowhere"}, id="to nothing known"),
    ],
)
def test_what_does_not_come_back_is_redirected(db, run, hops):
    assert redirected(db, run, hops) == ([], 0)
    assert {last(db, path)[0] for path in hops} == {"redirected"}


def test_what_only_leads_into_a_circle_is_redirected(db, run):
    assert redirected(db, run, {"in": "a", "a": "b", "b": "a"}) == (["a", "b"], 0)
    assert last(db, "in")[0] == "redirected"


def test_a_page_that_was_read_ends_a_chain(db, run):
    discover(db, run, "b")
    visits.finish(db, run, [Visit(claim(db, run)[0], Outcome.ARTICLE)], POLICY, cycle=run)
    assert redirected(db, run, {"a": "b"}) == ([], 0)


def test_what_an_earlier_run_saw_is_asked_again_before_it_counts(db, run):
    redirected(db, run, {"a": "b"})
    end(db, run)
    run = begin(db)
    assert redirected(db, run, {"b": "a"}) == ([], 1)
    assert (page(db, "a")["state"], page(db, "b")["state"]) == (QUEUED, DONE)
    assert redirected(db, run, {"a": "b"}) == (["a", "b"], 0)


def test_what_a_run_of_the_same_walk_saw_before_it_was_killed_is_not_asked_again(db, run):
    redirected(db, run, {"a": "b"})
    kill(db)
    assert redirected(db, begin(db), {"b": "a"}, cycle=run) == (["b"], 0)
    assert last(db, "a") == last(db, "b") == CIRCLE
    assert [visit["outcome"] for visit in visits_of(db, "a")] == ["redirected"]
    assert [visit["outcome"] for visit in visits_of(db, "b")] == ["failed"]


def test_a_circle_of_an_earlier_run_is_asked_again_as_a_whole(db, run):
    redirected(db, run, {"a": "b", "b": "a"})
    end(db, run)
    run = begin(db)
    assert redirected(db, run, {"a": "b"}) == ([], 1)
    assert page(db, "b")["state"] == QUEUED


def test_pages_of_a_circle_are_due_as_what_has_failed(db, run):
    redirected(db, run, {"a": "b", "b": "a"})
    for path in ("a", "b"):
        assert (page(db, path)["failures"], page(db, path)["interval"]) == (1, HOUR)


def test_failures_of_a_circle_are_counted_on(db, run):
    for _ in range(3):
        redirected(db, run, {"a": "b", "b": "a"})
        end(db, run)
        run = begin(db)
    assert [page(db, path)["failures"] for path in ("a", "b")] == [3, 3]

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from newscrawl.frontier import visits
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import CLAIMED, DONE, QUEUED, pages
from tests.frontier.trying import (
    HOUR,
    POLICY,
    claim,
    discover,
    finish,
    found,
    last,
    page,
    paths,
    stored,
    visits_of,
)


def test_a_visit_has_one_outcome(db, run):
    discover(db, run, "a")
    (row,) = claim(db, run)
    finish(db, run, row, Outcome.REJECTED, reason="TooShort", status=200, attempts=2)
    assert (page(db, "a")["state"], page(db, "a")["outcome"]) == (DONE, "rejected")
    (visit,) = visits_of(db, "a")
    assert (visit["run"], visit["outcome"], visit["reason"]) == (run, "rejected", "TooShort")
    assert (visit["status"], visit["attempts"]) == (200, 2)


def test_links_are_queued_with_the_outcome_of_their_page(db, run):
    discover(db, run, "a")
    (row,) = claim(db, run)
    assert finish(db, run, row, Outcome.LISTING, links=[found("b"), found("c"), found("a")]) == 2
    assert paths(claim(db, run)) == ["b", "c"]


def test_the_evidence_is_kept_with_the_visit(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.PAGE, evidence={"rule": "no body", "teasers": 1})
    assert visits_of(db, "a")[0]["evidence"] == {"rule": "no body", "teasers": 1}


def test_a_visit_without_an_outcome_cannot_be_finished(db, run):
    discover(db, run, "a")
    (row,) = claim(db, run)
    with pytest.raises(ValueError, match="released, not finished"):
        visits.finish(db, run, [Visit(row)], POLICY, cycle=run)


def test_validators_come_back_with_the_next_claim(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, etag='"1"', last_modified="yesterday")
    db.execute(update(pages).values(state=QUEUED))
    (row,) = claim(db, run)
    assert (row.etag, row.last_modified) == ('"1"', "yesterday")


def test_an_article_once_known_stays_known_of_its_row(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, article_id="1f")
    db.execute(update(pages).values(state=QUEUED))
    finish(db, run, claim(db, run)[0], Outcome.UNCHANGED, status=304)
    assert page(db, "a")["article_id"] == "1f"


def test_failures_in_a_row_are_counted(db, run):
    discover(db, run, "a")
    for _ in range(2):
        finish(db, run, claim(db, run)[0], Outcome.FAILED, reason="Http503")
        db.execute(update(pages).values(state=QUEUED))
    assert page(db, "a")["failures"] == 2
    finish(db, run, claim(db, run)[0], Outcome.PAGE)
    assert page(db, "a")["failures"] == 0


def test_parts_are_done_with_their_article(db, run):
    discover(db, run, "a")
    parts = [found("2", kind="part"), found("3", kind="part")]
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, article_id="1f", parts=parts)
    assert [
        (page(db, path)["state"], page(db, path)["outcome"], page(db, path)["article_id"])
        for path in ("2", "3")
    ] == [(DONE, "part", "1f")] * 2
    assert [visit["outcome"] for visit in visits_of(db, "2")] == ["part"]


def test_a_part_that_waited_in_the_queue_is_not_fetched_again(db, run):
    discover(db, run, "a", priority=9)
    discover(db, run, "2")
    (row,) = claim(db, run, 1)
    finish(db, run, row, Outcome.ARTICLE, parts=[found("2", kind="part")])
    assert claim(db, run) == []


def test_a_part_under_way_keeps_the_outcome_of_its_own_visit(db, run):
    discover(db, run, "a", "2")
    first, second = claim(db, run)
    finish(db, run, first, Outcome.ARTICLE, parts=[found("2", kind="part")])
    assert page(db, "2")["state"] == CLAIMED
    finish(db, run, second, Outcome.PART)
    assert len(visits_of(db, "2")) == 1


def due_in(db: Connection, path: str) -> float | None:
    due: float | None = page(db, path)["due"]
    return None if due is None else due - time.time()


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.PAGE, Outcome.REFUSED, Outcome.REJECTED])
def test_a_page_without_an_article_is_not_visited_again(db, run, outcome):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], outcome)
    assert due_in(db, "a") is None


def test_an_article_is_visited_again_after_half_its_age(db, run):
    discover(db, run, "a")
    published = datetime.now(UTC) - timedelta(hours=40)
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, published=published)
    assert due_in(db, "a") == pytest.approx(20 * HOUR, abs=60)


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.REFUSED, Outcome.REDIRECTED])
def test_a_source_that_is_none_is_asked_again_after_the_longest_time(db, run, outcome):
    discover(db, run, "a", kind="sitemap", depth=0)
    finish(db, run, claim(db, run)[0], outcome)
    assert due_in(db, "a") == pytest.approx(POLICY.longest, abs=60)


def test_a_source_that_was_one_is_asked_again_soon_then_ever_later(db, run):
    discover(db, run, "a", kind="api", depth=0)
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    waits = []
    for _ in range(2):
        db.execute(update(pages).values(state=QUEUED))
        finish(db, run, claim(db, run)[0], Outcome.REFUSED)
        waits.append(due_in(db, "a"))
    assert waits == pytest.approx([POLICY.shortest, 2 * POLICY.shortest], abs=60)


def test_what_a_source_leads_on_to_is_not_due_by_itself(db, run):
    discover(db, run, "a", kind="feed", depth=1)
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    assert due_in(db, "a") is None


def test_a_page_whose_article_is_found_to_be_a_copy_says_so(db, run):
    stored(db, run, "b", "One story.")
    stored(db, run, "a", "One story.")
    assert last(db, "b") == ("duplicate", "exact")
    assert [visit["outcome"] for visit in visits_of(db, "b")] == ["article"]


def test_a_page_whose_copy_becomes_an_original_says_so(db, run):
    stored(db, run, "a", "One story.")
    stored(db, run, "b", "One story.")
    stored(db, run, "a", "Another story.")
    assert last(db, "b") == ("article", None)


def test_a_page_that_only_names_the_new_original_stays_a_duplicate(db, run):
    stored(db, run, "a", "One story.")
    stored(db, run, "b", "One story.")
    stored(db, run, "b-amp", "One story.", canonical_url=found("b").url)
    stored(db, run, "a", "Another story.")
    assert last(db, "b-amp") == ("duplicate", "canonical")


def test_visits_that_end_together_each_get_their_outcome(db, run):
    discover(db, run, "a", "b")
    first, second = claim(db, run)
    done = [
        Visit(first, Outcome.LISTING, links=[found("c"), found("b")]),
        Visit(second, Outcome.PAGE, links=[found("c"), found("d")]),
    ]
    assert visits.finish(db, run, done, POLICY, cycle=run) == 2
    assert (last(db, "a")[0], last(db, "b")[0]) == ("listing", "page")
    assert len(visits_of(db, "a")) == len(visits_of(db, "b")) == 1

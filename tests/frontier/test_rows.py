from __future__ import annotations

import pytest

from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import CLAIMED, DONE, QUEUED
from tests.frontier.trying import (
    OTHER,
    SITE,
    begin,
    claim,
    discover,
    end,
    finish,
    found,
    next_claim,
    page,
)


def test_a_url_found_is_queued(db, run):
    assert discover(db, run, "a", "b") == 2
    assert page(db, "a")["state"] == QUEUED


def test_nothing_found_queues_nothing(db, run):
    assert rows.discover(db, run, []) == 0


def test_a_url_known_already_is_left_alone(db, run):
    discover(db, run, "a", priority=7)
    assert discover(db, run, "a", "b", priority=99) == 1
    assert page(db, "a")["priority"] == 7


def test_a_url_found_twice_on_one_page_is_one_row(db, run):
    assert discover(db, run, "a", "a") == 1


def test_a_row_tells_where_and_when_it_was_found(db, run):
    discover(db, run, "a")
    (row,) = claim(db, run)
    finish(db, run, row, Outcome.LISTING, links=[found("b", depth=2, ways=Way.TAG)])
    told = page(db, "b")
    assert (told["found_on"], told["found_run"], told["depth"], told["ways"]) == (
        row.id,
        run,
        2,
        Way.TAG,
    )


def test_a_row_keeps_every_way_by_which_it_was_found(db, run):
    discover(db, run, "a", ways=Way.RELATED)
    assert discover(db, run, "a", ways=Way.CATEGORY) == 0
    assert Way(page(db, "a")["ways"]) == Way.RELATED | Way.CATEGORY


def test_the_strongest_way_is_the_one_that_counts(db, run):
    discover(db, run, "a", ways=Way.SITEMAP | Way.TAG | Way.RELATED)
    assert claim(db, run)[0].found_via == "related"


def test_a_row_that_is_done_is_not_queued_again(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.PAGE)
    assert discover(db, run, "a") == 0
    assert page(db, "a")["state"] == DONE


def test_a_seed_is_queued_again_in_the_next_run(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    end(db, run)
    assert rows.discover(db, begin(db), [found("a")], revisit=True) == 1
    assert page(db, "a")["state"] == QUEUED


def test_a_seed_that_is_under_way_is_not_queued_again(db, run):
    discover(db, run, "a")
    claim(db, run)
    assert rows.discover(db, run, [found("a")], revisit=True) == 0
    assert page(db, "a")["state"] == CLAIMED


def test_sources_that_named_pages_are_known(db, run):
    discover(db, run, "api", kind="api", depth=0)
    discover(db, run, "sitemap", kind="sitemap", depth=0)
    api, sitemap = claim(db, run)
    finish(db, run, api, Outcome.LISTING)
    finish(db, run, sitemap, Outcome.GONE)
    assert rows.sources_read(db, (SITE,)) == {"api"}
    assert rows.sources_read(db, (OTHER,)) == set()


@pytest.mark.parametrize("outcome", Outcome)
def test_a_page_was_read_where_its_outcome_keeps_something(db, run, outcome):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], outcome, etag='"1"')
    kept = {"article", "revision", "unchanged", "duplicate", "part", "listing", "page"}
    assert next_claim(db, run).was_read({run}) == (outcome in kept)


@pytest.mark.parametrize(("outcome", "is_read"), [("listing", True), ("rejected", False)])
def test_a_304_tells_no_more_than_the_answer_before_it(db, run, outcome, is_read):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome(outcome), etag='"1"')
    for _ in range(2):
        row = next_claim(db, run)
        finish(db, run, row, Outcome.UNCHANGED, reason="NotModified", etag='"1"', status=304)
    assert next_claim(db, run).was_read({run}) == is_read


def test_an_unread_page_was_not_read(db, run):
    discover(db, run, "a")
    assert not claim(db, run)[0].was_read({run})


def test_links_that_a_run_of_another_kind_took_are_not_all(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    assert not next_claim(db, run).was_read({run + 1})


def test_a_claim_that_came_to_nothing_says_not_who_read_the_page(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    end(db, run)
    other = begin(db)
    claims.release(db, other, next_claim(db, other))
    assert not next_claim(db, other).was_read({other})


def test_an_article_that_is_not_there_is_not_known(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, article_id="1f")
    assert not next_claim(db, run).was_read({run})

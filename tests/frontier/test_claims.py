from __future__ import annotations

from newscrawl.addresses.captures import CAPTURE
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims
from newscrawl.frontier.balance import balance
from newscrawl.frontier.claims import ARTICLE_PRIORITY, MAX_CLAIMS, Stage
from newscrawl.frontier.queueing import queue_anew
from newscrawl.frontier.rows import Row
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import QUEUED
from tests.frontier.trying import (
    OTHER,
    SITE,
    begin,
    claim,
    discover,
    finish,
    kill,
    page,
    paths,
    visits_of,
)


def test_the_best_priority_comes_first_then_the_oldest(db, run):
    discover(db, run, "low", priority=1)
    discover(db, run, "old", "new", priority=5)
    discover(db, run, "high", priority=9)
    assert paths(claim(db, run)) == ["high", "old", "new", "low"]


def test_in_the_beginning_articles_come_in_turn_with_the_listings_above_them(db, run):
    discover(db, run, "news", "sport", "arts", priority=100)
    discover(db, run, "a", "b", priority=ARTICLE_PRIORITY)
    assert paths(claim(db, run, 100, Stage.BEGINNING)) == ["a", "news", "b", "sport", "arts"]


def test_in_the_beginning_articles_come_before_more_listings_than_are_claimed(db, run):
    discover(db, run, "news", "sport", "arts", "local", priority=100)
    discover(db, run, "a", "b", priority=ARTICLE_PRIORITY)
    assert paths(claim(db, run, 3, Stage.BEGINNING)) == ["a", "news", "sport"]
    assert paths(claim(db, run)) == ["arts", "local", "b"]


def test_in_the_beginning_articles_that_were_visited_before_do_not_come_first(db, run):
    discover(db, run, "known", priority=ARTICLE_PRIORITY)
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE)
    queue_anew(db, [f"https://{SITE}/known"])
    discover(db, run, "news", priority=100)
    assert paths(claim(db, run, 100, Stage.BEGINNING)) == ["news", "known"]


def test_no_more_are_claimed_than_asked_for(db, run):
    discover(db, run, "a", "b", "c")
    assert paths(claim(db, run, 2)) == ["a", "b"]
    assert page(db, "c")["state"] == QUEUED


def test_a_row_is_claimed_once(db, run):
    discover(db, run, "a")
    assert len(claim(db, run)) == 1
    assert claim(db, run) == []


def test_a_claimed_row_brings_what_a_visit_needs(db, run):
    discover(db, run, "a", kind="tag", depth=3, priority=2)
    assert claim(db, run) == [
        Row(
            id=page(db, "a")["id"],
            site=SITE,
            identity=f"https://{SITE}/a",
            url=f"https://{SITE}/a",
            kind="tag",
            ways=Way.CATEGORY,
            depth=3,
            priority=2,
        )
    ]


def test_rows_that_wait_are_claimed_only_when_asked_for(db, run):
    discover(db, run, "tag", priority=-20)
    discover(db, run, "author", priority=-10)
    discover(db, run, "a")
    assert paths(claim(db, run)) == ["a"]
    assert paths(claim(db, run, 100, Stage.WAITING)) == ["author", "tag"]


def test_feeds_of_a_seed_are_claimed_only_when_asked_for(db, run):
    discover(db, run, "feed", kind="feed", depth=0, priority=10)
    discover(db, run, "more", kind="feed", depth=1, priority=10)
    discover(db, run, "a", kind="article", depth=0)
    assert paths(claim(db, run)) == ["more", "a"]
    assert paths(claim(db, run, 100, Stage.FEEDS)) == ["feed"]


def test_sites_take_turns(db, run):
    discover(db, run, "a1", "a2", "a3")
    discover(db, run, "b1", "b2", "b3", site=OTHER)
    assert paths(claim(db, run, 4, Stage.ORDINARY, SITE, OTHER)) == ["a1", "b1", "a2", "b2"]


def test_a_site_gets_no_more_than_its_share(db, run):
    discover(db, run, "a1", "a2", "a3", "a4")
    discover(db, run, "b1", site=OTHER)
    assert paths(claim(db, run, 4, Stage.ORDINARY, SITE, OTHER)) == ["a1", "b1", "a2"]


def test_another_site_is_left_alone(db, run):
    discover(db, run, "b1", site=OTHER)
    assert claim(db, run) == []


def test_a_released_row_is_queued_again_without_an_outcome(db, run):
    discover(db, run, "a")
    assert claims.release(db, run, claim(db, run)[0]) == 1
    assert (page(db, "a")["state"], page(db, "a")["claims"]) == (QUEUED, 0)
    assert visits_of(db, "a") == []


def test_a_row_that_is_done_is_not_released(db, run):
    discover(db, run, "a")
    row = claim(db, run)[0]
    finish(db, run, row, Outcome.PAGE)
    assert claims.release(db, run, row) == 0


def test_a_run_gives_back_rows_that_were_claimed_while_it_ended(db, run):
    discover(db, run, "a", "b", "c")
    finish(db, run, claim(db, run, 1)[0], Outcome.PAGE)
    claim(db, run)
    assert claims.release_rest(db, run, (SITE, OTHER)) == 2
    assert balance(db, run, (SITE,)).holds


def test_a_row_of_another_run_is_not_counted_as_released(db, run):
    discover(db, run, "a")
    row = claim(db, run)[0]
    kill(db)
    later = begin(db)
    claim(db, later)
    assert claims.release(db, run, row) == 0
    assert claims.release_rest(db, run, (SITE, OTHER)) == 0


def test_of_rows_a_run_died_with_no_more_are_claimed_than_can_be_under_way(db, run):
    discover(db, run, "a", "b", "c")
    claim(db, run)
    kill(db)
    later = begin(db)
    discover(db, later, "d")
    rows = claims.claim(db, later, (SITE,), 100, Stage.ORDINARY, claimed_before=2)
    assert paths(rows) == ["a", "b", "d"]


def captures(*names: str) -> list[str]:
    return [f"{name}#2015030910111{place}" for place, name in enumerate(names)]


def test_no_capture_comes_before_an_earlier_one_of_its_page_that_runs_died_with(db, run):
    discover(db, run, *captures("a", "b", "a"), kind=CAPTURE)
    for _ in range(MAX_CLAIMS):
        claim(db, run, 1)
        kill(db)
        run = begin(db)
    assert paths(claim(db, run)) == ["b#20150309101111"]
    assert paths(claim(db, run, 1, Stage.SUSPECT)) == ["a#20150309101110"]


def test_of_captures_that_runs_died_with_the_later_ones_wait_for_the_earlier(db, run):
    discover(db, run, *captures("a", "a", "b", "a"), kind=CAPTURE)
    claim(db, run, 3)
    kill(db)
    run = begin(db)
    some = claims.claim(db, run, (SITE,), 10, Stage.ORDINARY, claimed_before=1)
    assert paths(some) == ["a#20150309101110"]

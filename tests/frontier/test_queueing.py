from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, update

from newscrawl.frontier import claims, queueing, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import QUEUED, pages
from tests.frontier.trying import (
    POLICY,
    SITE,
    begin,
    claim,
    discover,
    end,
    finish,
    found,
    next_claim,
    page,
    paths,
)


def test_a_category_is_due_at_once_for_the_next_run(db, run):
    discover(db, run, "a", kind="category")
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    assert queueing.queue_due(db, (SITE,), 10) == 1
    assert page(db, "a")["state"] == QUEUED


@pytest.mark.parametrize(
    ("kind", "stage"),
    [("sitemap", Stage.ORDINARY), ("feed", Stage.FEEDS), ("api", Stage.ORDINARY)],
)
@pytest.mark.parametrize("outcome", [Outcome.LISTING, Outcome.UNCHANGED])
def test_a_source_is_due_at_once_for_the_next_run(db, run, kind, stage, outcome):
    discover(db, run, "a", kind=kind, depth=0)
    finish(db, run, claim(db, run, 1, stage)[0], outcome)
    assert queueing.queue_due(db, (SITE,), 10) == 1


def dated(db: Connection, run: int, source: str, lastmod: str) -> int:
    """Let a source date the page ``a`` in a run of its own; return how many became queued."""
    discover(db, run, source, kind="sitemap")
    row = next(row for row in claim(db, run) if row.url.endswith(source))
    lastmods = {found("a").identity: lastmod}
    return finish(db, run, row, Outcome.LISTING, lastmods=lastmods)


@pytest.mark.parametrize(
    ("said", "queued"),
    [("2025-03-02T00:00:00Z", 1), ("2025-03-01T00:00:00Z", 0), ("2025-02-01T00:00:00Z", 0)],
)
def test_only_a_later_date_brings_a_page_again(db, run, said, queued):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE)
    dated(db, run, "first", "2025-03-01T00:00:00Z")
    end(db, run)
    assert dated(db, begin(db), "second", said) == queued


def test_a_page_keeps_the_latest_date_that_a_source_gave(db, run):
    discover(db, run, "a")
    dated(db, run, "first", "2025-03-01T00:00:00Z")
    dated(db, run, "second", "2025-02-01T00:00:00Z")
    assert page(db, "a")["lastmod"] == "2025-03-01T00:00:00Z"


def test_what_is_not_due_stays_done(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, published=datetime.now(UTC))
    assert queueing.queue_due(db, (SITE,), 10) == 0


def test_the_longest_overdue_come_first(db, run):
    discover(db, run, "a", "b", "c", kind="category")
    for number, row in enumerate(claim(db, run)):
        finish(db, run, row, Outcome.LISTING)
        db.execute(update(pages).where(pages.c.id == row.id).values(due=100.0 - number))
    assert queueing.queue_due(db, (SITE,), 2) == 2
    assert paths(claim(db, run)) == ["b", "c"]


def test_a_listing_with_news_has_the_page_after_it_visited_again(db, run):
    discover(db, run, "1", "2")
    for row in claim(db, run):
        finish(db, run, row, Outcome.LISTING)
    end(db, run)
    later = begin(db)
    db.execute(update(pages).where(pages.c.identity == found("1").identity).values(state=QUEUED))
    (first,) = claim(db, later)
    finish(
        db,
        later,
        first,
        Outcome.LISTING,
        links=[found("news")],
        next_pages=[found("2").identity],
    )
    assert paths(claim(db, later)) == ["2", "news"]


def test_a_listing_without_news_ends_the_walk(db, run):
    discover(db, run, "1", "2")
    for row in claim(db, run):
        finish(db, run, row, Outcome.LISTING)
    end(db, run)
    later = begin(db)
    db.execute(update(pages).where(pages.c.identity == found("1").identity).values(state=QUEUED))
    (first,) = claim(db, later)
    finish(db, later, first, Outcome.LISTING, next_pages=[found("2").identity])
    assert claim(db, later) == []


def test_news_on_one_listing_bring_no_visit_to_the_page_after_another(db, run):
    discover(db, run, "1", "2", "other", "other/2")
    rows = claim(db, run)
    visits.finish(db, run, [Visit(row, Outcome.LISTING) for row in rows], POLICY, cycle=run)
    end(db, run)
    later = begin(db)
    first = rows[0]
    done = [
        Visit(first, Outcome.LISTING, links=[found("new")], next_pages=[found("2").identity]),
        Visit(rows[2], Outcome.LISTING, next_pages=[found("other/2").identity]),
    ]
    assert visits.finish(db, later, done, POLICY, cycle=later) == 2
    assert paths(claim(db, later)) == ["2", "new"]


def test_kinds_that_a_run_leaves_out_are_neither_queued_nor_claimed(db, run):
    discover(db, run, "a", kind="api", depth=0)
    assert (
        claims.claim(
            db, run, (SITE,), 9, Stage.ORDINARY, claimed_before=9, without=frozenset({"api"})
        )
        == []
    )
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    assert queueing.queue_due(db, (SITE,), 10, without=frozenset({"api"})) == 0


YEAR = 365 * 86_400.0


def put_off(db: Connection, seconds: float) -> None:
    """Let all rows be as if they had been visited when the clock was ahead by so many seconds."""
    db.execute(update(pages).values(due=pages.c.due + seconds))


def test_a_row_visited_by_a_clock_that_was_ahead_is_due(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE)
    assert queueing.queue_due(db, (SITE,), 10) == 0
    put_off(db, YEAR)
    assert queueing.queue_due(db, (SITE,), 10) == 1


def test_a_section_visited_by_a_clock_that_was_ahead_is_due_in_the_next_run(db, run):
    discover(db, run, "a", kind="category")
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    put_off(db, 3600.0)
    assert queueing.queue_due(db, (SITE,), 10) == 1


def test_the_interval_of_a_visit_by_a_clock_that_was_ahead_is_not_believed(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE)
    finish(db, run, next_claim(db, run), Outcome.UNCHANGED)
    assert page(db, "a")["interval"] == 2 * POLICY.shortest
    put_off(db, YEAR)
    queueing.queue_due(db, (SITE,), 10)
    finish(db, run, next_claim(db, run), Outcome.UNCHANGED)
    assert page(db, "a")["interval"] == POLICY.shortest


def test_what_has_a_part_in_each_walk_is_queued_first(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE)
    db.execute(update(pages).values(due=1.0))
    discover(db, run, "section", kind="category")
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    assert queueing.queue_due(db, (SITE,), 1) == 1
    assert page(db, "section")["state"] == QUEUED


def maze(url: str) -> bool:
    return "/maze/" in url


def test_queued_pages_come_last_by_their_urls(db, run):
    discover(db, run, "maze/1", "a", "maze/2", "b", priority=80)
    assert queueing.reorder(db, SITE, maze, of=range(10, 1000), to=9) is None
    assert paths(claim(db, run)) == ["a", "b", "1", "2"]


def test_start_urls_and_what_was_visited_before_keep_their_place(db, run):
    discover(db, run, "maze/0", depth=0)
    discover(db, run, "maze/1")
    done = next(row for row in claim(db, run) if row.url.endswith("1"))
    finish(db, run, done, Outcome.FAILED)
    db.execute(update(pages).values(state=QUEUED))
    queueing.reorder(db, SITE, maze, of=range(1000), to=999)
    assert {page(db, "maze/0")["priority"], page(db, "maze/1")["priority"]}.isdisjoint({999})


def test_many_rows_are_put_in_order_some_at_a_time(db, run, monkeypatch):
    monkeypatch.setattr(queueing, "AT_ONCE", 2)
    discover(db, run, "maze/1", "a", "maze/2", priority=80)
    after = queueing.reorder(db, SITE, maze, of=range(10, 1000), to=9)
    assert after is not None
    assert after == page(db, "a")["id"]
    assert page(db, "maze/2")["priority"] != 9
    assert queueing.reorder(db, SITE, maze, of=range(10, 1000), to=9, after=after) is None
    assert page(db, "maze/2")["priority"] == 9


def test_the_last_articles_and_what_led_to_them_are_known(db, run):
    discover(db, run, "list")
    (listing,) = claim(db, run)
    done = Visit(listing, Outcome.LISTING, links=[found("a"), found("b")])
    visits.finish(db, run, [done], POLICY, cycle=run)
    first, second = claim(db, run)
    finish(db, run, first, Outcome.ARTICLE)
    finish(db, run, second, Outcome.PAGE)
    assert queueing.led_to_articles(db, SITE) == [first.url, listing.url]

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, RowMapping, func, select, update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import Way
from newscrawl.frontier import ledger
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.ledger import MAX_CLAIMS, Found, Row, Stage, Visit
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.history import queries
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.store.schema import CLAIMED, DONE, QUEUED, articles, leases, pages, runs, visits

SITE, OTHER = "daily.example", "weekly.example"
HOUR = 3600.0
POLICY = RevisitPolicy(shortest=HOUR, longest=100 * HOUR)


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def run(db) -> int:
    return begin(db)


def begin(db: Connection, *sites: str) -> int:
    begun = ledger.begin_run(
        db,
        spider="daily",
        sites=sites or (SITE, OTHER),
        arguments={},
        version="1",
        policy=POLICY,
    )
    return begun.run


def kill(db: Connection) -> None:
    """Let whoever holds a lease be dead: nothing was heard of it for long."""
    db.execute(update(leases).values(heartbeat=0.0))


def found(path: str, *, site: str = SITE, **values: Any) -> Found:
    url = f"https://{site}/{path}"
    link = Found(site, url, url, kind="article", ways=Way.CATEGORY, depth=1, priority=0)
    return link._replace(**values)


def discover(db: Connection, run: int, *names: str, **values: Any) -> int:
    return ledger.discover(db, run, [found(name, **values) for name in names])


def claim(
    db: Connection, run: int, limit: int = 100, stage: Stage = Stage.ORDINARY, *sites: str
) -> list[Row]:
    return ledger.claim(db, run, sites or (SITE,), limit, stage, claimed_before=limit)


def finish(db: Connection, run: int, row: Row, outcome: Outcome, **values: Any) -> int:
    return ledger.finish(db, run, [Visit(row, outcome, **values)], POLICY, cycle=run)


def paths(rows: Iterable[Row]) -> list[str]:
    return [row.url.rpartition("/")[2] for row in rows]


def page(db: Connection, path: str) -> RowMapping:
    query = select(pages).where(pages.c.identity == found(path).identity)
    return db.execute(query).mappings().one()


def visits_of(db: Connection, path: str) -> list[RowMapping]:
    query = select(visits).where(visits.c.page == page(db, path)["id"]).order_by(visits.c.id)
    return list(db.execute(query).mappings())


# Discovery


def test_a_url_found_is_queued(db, run):
    assert discover(db, run, "a", "b") == 2
    assert page(db, "a")["state"] == QUEUED


def test_nothing_found_queues_nothing(db, run):
    assert ledger.discover(db, run, []) == 0


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
    ledger.end_run(db, run, "finished")
    assert ledger.discover(db, begin(db), [found("a")], revisit=True) == 1
    assert page(db, "a")["state"] == QUEUED


def test_a_seed_that_is_under_way_is_not_queued_again(db, run):
    discover(db, run, "a")
    claim(db, run)
    assert ledger.discover(db, run, [found("a")], revisit=True) == 0
    assert page(db, "a")["state"] == CLAIMED


# Claims


def test_the_best_priority_comes_first_then_the_oldest(db, run):
    discover(db, run, "low", priority=1)
    discover(db, run, "old", "new", priority=5)
    discover(db, run, "high", priority=9)
    assert paths(claim(db, run)) == ["high", "old", "new", "low"]


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


def test_sources_that_named_pages_are_known(db, run):
    discover(db, run, "api", kind="api", depth=0)
    discover(db, run, "sitemap", kind="sitemap", depth=0)
    api, sitemap = claim(db, run)
    finish(db, run, api, Outcome.LISTING)
    finish(db, run, sitemap, Outcome.GONE)
    assert ledger.sources_read(db, (SITE,)) == {"api"}
    assert ledger.sources_read(db, (OTHER,)) == set()


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


# Outcomes


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
        ledger.finish(db, run, [Visit(row)], POLICY, cycle=run)


def test_validators_come_back_with_the_next_claim(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, etag='"1"', last_modified="yesterday")
    db.execute(update(pages).values(state=QUEUED))
    (row,) = claim(db, run)
    assert (row.etag, row.last_modified) == ('"1"', "yesterday")


def next_claim(db: Connection, run: int) -> Row:
    db.execute(update(pages).values(state=QUEUED))
    (row,) = claim(db, run)
    return row


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
    ledger.end_run(db, run, "finished")
    other = begin(db)
    ledger.release(db, other, next_claim(db, other))
    assert not next_claim(db, other).was_read({other})


def test_runs_are_alike_that_were_asked_for_the_same(db):
    def of(spider: str, arguments: dict[str, str], version: str) -> int:
        begun = ledger.begin_run(
            db, spider=spider, sites=(SITE,), arguments=arguments, version=version, policy=POLICY
        )
        ledger.end_run(db, begun.run, "finished")
        return begun.run

    asked = ("daily", {"url": "https://daily.example/", "sections": "sport"}, "1")
    runs = [of(*asked), of("weekly", *asked[1:]), of("daily", {}, "1"), of(*asked[:2], "2")]
    alike = ledger.runs_alike(db, spider=asked[0], arguments=asked[1], version=asked[2])
    assert alike == {runs[0]}


def test_an_article_that_is_not_there_is_not_known(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, article_id="1f")
    assert not next_claim(db, run).was_read({run})


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


def test_a_listing_with_news_has_the_page_after_it_visited_again(db, run):
    discover(db, run, "1", "2")
    for row in claim(db, run):
        finish(db, run, row, Outcome.LISTING)
    ledger.end_run(db, run, "finished")
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
    ledger.end_run(db, run, "finished")
    later = begin(db)
    db.execute(update(pages).where(pages.c.identity == found("1").identity).values(state=QUEUED))
    (first,) = claim(db, later)
    finish(db, later, first, Outcome.LISTING, next_pages=[found("2").identity])
    assert claim(db, later) == []


# Revisits


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


def test_a_category_is_due_at_once_for_the_next_run(db, run):
    discover(db, run, "a", kind="category")
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    assert ledger.queue_due(db, (SITE,), 10) == 1
    assert page(db, "a")["state"] == QUEUED


# Sources


@pytest.mark.parametrize(
    ("kind", "stage"),
    [("sitemap", Stage.ORDINARY), ("feed", Stage.FEEDS), ("api", Stage.ORDINARY)],
)
@pytest.mark.parametrize("outcome", [Outcome.LISTING, Outcome.UNCHANGED])
def test_a_source_is_due_at_once_for_the_next_run(db, run, kind, stage, outcome):
    discover(db, run, "a", kind=kind, depth=0)
    finish(db, run, claim(db, run, 1, stage)[0], outcome)
    assert ledger.queue_due(db, (SITE,), 10) == 1


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


def test_kinds_that_a_run_leaves_out_are_neither_queued_nor_claimed(db, run):
    discover(db, run, "a", kind="api", depth=0)
    assert (
        ledger.claim(
            db, run, (SITE,), 9, Stage.ORDINARY, claimed_before=9, without=frozenset({"api"})
        )
        == []
    )
    finish(db, run, claim(db, run)[0], Outcome.LISTING)
    assert ledger.queue_due(db, (SITE,), 10, without=frozenset({"api"})) == 0


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
    ledger.end_run(db, run, "finished")
    assert dated(db, begin(db), "second", said) == queued


def test_a_page_keeps_the_latest_date_that_a_source_gave(db, run):
    discover(db, run, "a")
    dated(db, run, "first", "2025-03-01T00:00:00Z")
    dated(db, run, "second", "2025-02-01T00:00:00Z")
    assert page(db, "a")["lastmod"] == "2025-03-01T00:00:00Z"


# Dues


def test_what_is_not_due_stays_done(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.ARTICLE, published=datetime.now(UTC))
    assert ledger.queue_due(db, (SITE,), 10) == 0


def test_the_longest_overdue_come_first(db, run):
    discover(db, run, "a", "b", "c", kind="category")
    for number, row in enumerate(claim(db, run)):
        finish(db, run, row, Outcome.LISTING)
        db.execute(update(pages).where(pages.c.id == row.id).values(due=100.0 - number))
    assert ledger.queue_due(db, (SITE,), 2) == 2
    assert paths(claim(db, run)) == ["b", "c"]


# Copies


def stored(
    db: Connection, run: int, path: str, text: str, way: Way = Way.CATEGORY, **values: Any
) -> None:
    """Visit a page with an article, store it, and commit what became of it."""
    discover(db, run, path, ways=way)
    db.execute(update(pages).where(pages.c.identity == found(path).identity).values(state=QUEUED))
    (row,) = claim(db, run)
    values = {"headline": "Harbour", "found_via": row.found_via, **values}
    article = clean(Article(url=row.url, text=text, **values))
    decision = ArticleStore("").store(db, DedupePipeline().process_item(article))
    finish(db, run, row, decision.outcome, reason=decision.kind, article_id=decision.article_id)


def last(db: Connection, path: str) -> tuple[str, str | None]:
    return page(db, path)["outcome"], page(db, path)["reason"]


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


# Several visits at once


def test_visits_that_end_together_each_get_their_outcome(db, run):
    discover(db, run, "a", "b")
    first, second = claim(db, run)
    done = [
        Visit(first, Outcome.LISTING, links=[found("c"), found("b")]),
        Visit(second, Outcome.PAGE, links=[found("c"), found("d")]),
    ]
    assert ledger.finish(db, run, done, POLICY, cycle=run) == 2
    assert (last(db, "a")[0], last(db, "b")[0]) == ("listing", "page")
    assert len(visits_of(db, "a")) == len(visits_of(db, "b")) == 1


def test_news_on_one_listing_bring_no_visit_to_the_page_after_another(db, run):
    discover(db, run, "1", "2", "other", "other/2")
    rows = claim(db, run)
    ledger.finish(db, run, [Visit(row, Outcome.LISTING) for row in rows], POLICY, cycle=run)
    ledger.end_run(db, run, "finished")
    later = begin(db)
    first = rows[0]
    done = [
        Visit(first, Outcome.LISTING, links=[found("new")], next_pages=[found("2").identity]),
        Visit(rows[2], Outcome.LISTING, next_pages=[found("other/2").identity]),
    ]
    assert ledger.finish(db, later, done, POLICY, cycle=later) == 2
    assert paths(claim(db, later)) == ["2", "new"]


# How an article was found


def found_via(db: Connection, path: str) -> str:
    query = select(articles.c.found_via).join(pages, pages.c.article_id == articles.c.id)
    told: str = db.execute(query.where(pages.c.identity == found(path).identity)).scalar_one()
    return told


def settle(db: Connection, since: int) -> None:
    ArticleStore("").settle(db, (SITE, OTHER), since)


def test_an_article_is_found_by_the_strongest_way_to_it_whichever_came_first(db, run):
    stored(db, run, "a", "One story.", Way.RELATED)
    assert found_via(db, "a") == "related"
    discover(db, run, "a", ways=Way.PAGINATION)
    settle(db, run)
    assert found_via(db, "a") == "pagination"


def test_an_article_is_found_by_the_strongest_way_to_any_page_of_it(db, run):
    stored(db, run, "a", "One story.", Way.RELATED)
    stored(db, run, "a-amp", "One story.", canonical_url=found("a").url)
    settle(db, run)
    assert found_via(db, "a") == "category"


def test_how_an_article_was_found_does_not_change_after_the_walk_that_found_it(db, run):
    stored(db, run, "a", "One story.", Way.RELATED)
    ledger.end_run(db, run, "finished")
    later = begin(db)
    discover(db, later, "a", ways=Way.CATEGORY)
    settle(db, later)
    stored(db, later, "a", "One story, told anew.")
    assert found_via(db, "a") == "related"


def test_the_run_after_a_death_settles_what_the_dead_one_left(db, run):
    stored(db, run, "a", "One story.")
    kill(db)
    begun = ledger.begin_run(
        db, spider="daily", sites=(SITE, OTHER), arguments={}, version="1", policy=POLICY
    )
    assert (begun.resumed, begun.unsettled) == (False, run)


# Release


def test_a_released_row_is_queued_again_without_an_outcome(db, run):
    discover(db, run, "a")
    assert ledger.release(db, run, claim(db, run)[0]) == 1
    assert (page(db, "a")["state"], page(db, "a")["claims"]) == (QUEUED, 0)
    assert visits_of(db, "a") == []


def test_a_row_that_is_done_is_not_released(db, run):
    discover(db, run, "a")
    row = claim(db, run)[0]
    finish(db, run, row, Outcome.PAGE)
    assert ledger.release(db, run, row) == 0


def test_a_run_gives_back_rows_that_were_claimed_while_it_ended(db, run):
    discover(db, run, "a", "b", "c")
    finish(db, run, claim(db, run, 1)[0], Outcome.PAGE)
    claim(db, run)
    assert ledger.release_rest(db, run, (SITE, OTHER)) == 2
    assert ledger.balance(db, run, (SITE,)).holds


# The balance


def test_every_row_and_every_claim_is_accounted_for(db, run):
    discover(db, run, "a", "b", "c")
    first, second = claim(db, run, 2)
    finish(db, run, first, Outcome.ARTICLE, parts=[found("2")], links=[found("d")])
    ledger.release(db, run, second)
    balance = ledger.balance(db, run, (SITE,))
    assert balance == ledger.Balance(5, 3, 2, 0, claims=3, visits=2, released=1)
    assert balance.holds


def test_a_row_under_way_does_not_balance(db, run):
    discover(db, run, "a")
    claim(db, run)
    assert not ledger.balance(db, run, (SITE,)).holds


def test_a_visit_that_went_missing_does_not_balance(db, run):
    discover(db, run, "a")
    finish(db, run, claim(db, run)[0], Outcome.PAGE)
    db.execute(visits.delete())
    assert not ledger.balance(db, run, (SITE,)).holds


def test_a_run_that_did_nothing_balances(db, run):
    assert ledger.balance(db, run, (SITE,)).holds


def test_a_row_of_another_run_is_not_counted_as_released(db, run):
    discover(db, run, "a")
    row = claim(db, run)[0]
    kill(db)
    later = begin(db)
    claim(db, later)
    assert ledger.release(db, run, row) == 0
    assert ledger.release_rest(db, run, (SITE, OTHER)) == 0


# Runs


def test_a_run_ends_with_its_reason_and_outcomes(db, run):
    discover(db, run, "a", "b")
    for row in claim(db, run):
        finish(db, run, row, Outcome.PAGE)
    ledger.end_run(db, run, "finished")
    told = db.execute(select(runs)).mappings().one()
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
    ledger.end_run(db, run, "finished")
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
    reason = db.execute(select(runs.c.reason).where(runs.c.id == run)).scalar()
    assert reason == "killed"
    assert ledger.balance(db, run, (SITE,)).holds


def test_a_run_after_a_dead_one_goes_on_with_its_walk(db, run):
    discover(db, run, "a")
    kill(db)
    begun = ledger.begin_run(
        db, spider="daily", sites=(SITE,), arguments={}, version="1", policy=POLICY
    )
    assert begun.resumed


def test_a_run_after_a_dead_one_that_left_nothing_begins_anew(db):
    begin(db)
    kill(db)
    begun = ledger.begin_run(
        db, spider="daily", sites=(SITE,), arguments={}, version="1", policy=POLICY
    )
    assert not begun.resumed


@pytest.mark.parametrize("reason", ["finished", *ledger.NOTHING_READ])
def test_a_run_after_one_that_came_to_its_end_begins_anew(db, run, reason):
    discover(db, run, "a")
    ledger.end_run(db, run, reason)
    begun = ledger.begin_run(
        db, spider="daily", sites=(SITE,), arguments={}, version="1", policy=POLICY
    )
    assert not begun.resumed


def deaths(db: Connection, run: int, number: int) -> int:
    """Let runs die one after the other over the same row; return the run after them."""
    for stage in [Stage.ORDINARY] * MAX_CLAIMS + [Stage.SUSPECT]:
        if number == 0:
            break
        claim(db, run, 1, stage)
        kill(db)
        run = begin(db)
        number -= 1
    return run


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


def test_of_rows_a_run_died_with_no_more_are_claimed_than_can_be_under_way(db, run):
    discover(db, run, "a", "b", "c")
    claim(db, run)
    kill(db)
    later = begin(db)
    discover(db, later, "d")
    rows = ledger.claim(db, later, (SITE,), 100, Stage.ORDINARY, claimed_before=2)
    assert paths(rows) == ["a", "b", "d"]


def test_every_run_balances_after_a_row_was_given_up(db, run):
    discover(db, run, "a")
    deaths(db, run, MAX_CLAIMS + 1)
    numbers = db.execute(select(runs.c.id)).scalars().all()
    assert [number for number in numbers if not ledger.balance(db, number, (SITE,)).holds] == []


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
    ledger.release(db, run, rows[1])
    kill(db)
    begin(db)
    counted = db.execute(select(pages.c.state, func.count()).group_by(pages.c.state)).all()
    assert {state: number for state, number in counted} == {DONE: 1, QUEUED: 5}  # noqa: C416 - rows are no pairs to a type checker

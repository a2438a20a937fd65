"""What a run came to, counted in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, visits
from newscrawl.frontier.claims import MAX_CLAIMS, Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found
from newscrawl.frontier.runs import begin_run, end_run
from newscrawl.frontier.visits import Visit
from newscrawl.history.accounts import Account, Ahead, Articles, Told, account_of, ahead_of
from newscrawl.history.coverage import brought_new, outage
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import pages, runs

SITE = "paper.example"
POLICY = RevisitPolicy(60.0, 3600.0)


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


def begin(db: Connection, *sites: str) -> int:
    return begin_run(
        db, spider="site", sites=sites or (SITE,), arguments={}, version="1", policy=POLICY
    ).run


def discover(db: Connection, run: int, name: str, **values: Any) -> str:
    url = f"https://{SITE}/{name}"
    link = Found(SITE, url, url, kind="article", ways=Way.CATEGORY, depth=1, priority=0)
    rows.discover(db, run, [link._replace(**values)])
    return url


def visit(db: Connection, run: int, name: str, outcome: Outcome, **values: Any) -> None:
    kind = values.pop("kind", "article")
    url = discover(db, run, name, kind=kind, depth=values.pop("depth", 1))
    (row,) = claims.claim(db, run, [SITE], 1, Stage.ORDINARY, claimed_before=9)
    assert row.url == url
    visits.finish(db, run, [Visit(row, outcome, **values)], POLICY, cycle=run)


def ended(db: Connection, run: int, reason: str = "finished", **told: Any) -> Account:
    end_run(db, run, reason)
    nothing = Told(Articles(), frozenset(), "", {}, {})
    return account_of(db, run, [SITE], nothing._replace(**told))


def test_visits_are_counted_by_outcome_and_reason(db):
    run = begin(db)
    visit(db, run, "a", Outcome.REJECTED, reason="TooShort")
    visit(db, run, "b", Outcome.REJECTED, reason="TooShort")
    visit(db, run, "c", Outcome.REFUSED, reason="OutOfScope: https://other.example/")
    visit(db, run, "d", Outcome.REDIRECTED, reason="https://paper.example/e")
    account = ended(db, run)
    assert account.outcomes == {"redirected": 1, "refused": 1, "rejected": 2}
    assert account.reasons == {"refused": {"OutOfScope": 1}, "rejected": {"TooShort": 2}}
    assert account.ledger.holds


def test_what_waits_is_counted_by_why(db):
    run = begin(db)
    discover(db, run, "page")
    discover(db, run, "tag/pier", kind="tag", priority=-20)
    discover(db, run, "feed", kind="feed")
    db.execute(update(pages).where(pages.c.url == discover(db, run, "x")).values(claims=MAX_CLAIMS))
    account = ended(db, run, left_out=frozenset({"feed"}))
    assert account.queued == {"sources": 1, "suspects": 1, "tag_pages": 1, "pages": 1}


def test_a_source_that_the_run_wanted_waits_like_any_page(db):
    run = begin(db)
    discover(db, run, "feed", kind="feed")
    assert ended(db, run).queued["pages"] == 1


def test_growth_is_what_is_stored_less_what_was(db):
    run = begin(db)
    assert ended(db, run, before=Articles(0, 0, 0)).new == Articles(0, 0, 0)
    assert ended(db, run, before=Articles(3, 1, 0)).new == Articles(-3, -1, 0)


def test_the_account_is_kept_with_its_run(db):
    run = begin(db)
    account = ended(db, run, "unreachable", unread={"https://paper.example/": "failed (Http500)"})
    kept = db.execute(select(runs.c.account).where(runs.c.id == run)).scalar_one()
    assert Account.from_dict(kept) == account


def test_what_is_before_a_run_is_known_once_the_lists_of_the_site_are_read(db):
    run = begin(db)
    visit(db, run, "sitemap.xml", Outcome.LISTING, kind="sitemap", reason="Sitemap", depth=0)
    discover(db, run, "a")
    discover(db, run, "tag/pier", kind="tag", priority=-20)
    assert ahead_of(db, [SITE]) == Ahead(pages=1, tag_pages=1, listed=True)
    discover(db, run, "sitemap-2.xml", kind="sitemap")
    assert not ahead_of(db, [SITE]).listed


def test_without_a_list_of_the_site_nobody_knows_what_is_before_a_run(db):
    run = begin(db)
    discover(db, run, "a")
    assert not ahead_of(db, [SITE]).listed


@pytest.mark.parametrize(("name", "known"), [("story", True), ("section", True), ("new", False)])
def test_a_start_page_leads_on_by_articles_and_listings_known_from_before(db, name, known):
    run = begin(db)
    visit(db, run, "story", Outcome.ARTICLE, article_id="0" * 16)
    visit(db, run, "section", Outcome.LISTING, kind="category")
    visit(db, run, "front", Outcome.LISTING, kind="category", depth=0)
    discover(db, run, "new")
    assert rows.names_known(db, SITE, [f"https://{SITE}/{name}"]) is known
    assert not rows.names_known(db, SITE, [f"https://{SITE}/front"])


def test_listings_found_when_articles_no_longer_come_lead_nowhere(db):
    first = begin(db)
    visit(db, first, "story", Outcome.ARTICLE, article_id="0" * 16)
    end_run(db, first, "finished")
    later = begin(db)
    visit(db, later, "parked", Outcome.LISTING, kind="category")
    assert not rows.names_known(db, SITE, [f"https://{SITE}/parked"])


def ending(db: Connection, *reasons: str, outcome: Outcome | None = None) -> list[int]:
    """Let runs end so, one after the other."""
    numbers = []
    for reason in reasons:
        numbers.append(begin(db))
        if outcome is not None:
            visit(db, numbers[-1], f"page-{numbers[-1]}", outcome)
        end_run(db, numbers[-1], reason)
    return numbers


def test_an_outage_is_counted_back_to_the_first_run_that_read_nothing(db):
    ending(db, "finished", outcome=Outcome.LISTING)
    first, _, _, last = ending(db, "unreachable", "waiting", "killed", "blocked")
    found = outage(db, last)
    assert found is not None
    assert (found.runs, found.first) == (3, first)


def test_a_run_that_read_pages_before_it_was_to_wait_is_no_outage(db):
    (last,) = ending(db, "waiting", outcome=Outcome.ARTICLE)
    assert outage(db, last) is None


def test_runs_of_another_site_say_nothing_of_an_outage(db):
    (number,) = ending(db, "unreachable")
    other = begin(db, "other.example")
    end_run(db, other, "unreachable")
    found = outage(db, other)
    assert found is not None
    assert (found.runs, found.first) == (1, other)
    assert number != other


def test_runs_that_brought_new_articles_are_known_by_their_beginning(db):
    bringing = ending(db, "finished", "finished", outcome=Outcome.ARTICLE)
    ending(db, "finished", outcome=Outcome.UNCHANGED)
    old = datetime.now(UTC) - timedelta(days=100)
    db.execute(update(runs).where(runs.c.id == bringing[0]).values(started=old))
    now = begin(db)
    query = select(runs.c.started).where(runs.c.id == bringing[1])
    assert brought_new(db, now, SITE) == [db.execute(query).scalar_one()]

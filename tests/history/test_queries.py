from __future__ import annotations

import pytest
from sqlalchemy import select

from newscrawl.addresses.address import identity
from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, runs, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import found_at
from newscrawl.frontier.visits import Visit
from newscrawl.history.queries import (
    ArticleCounts,
    count_articles,
    evidence_of,
    forbidden_by_robots,
    forget,
    known_sites,
    latest_runs,
)
from newscrawl.items import Article
from newscrawl.outcomes import Outcome, RobotsForbidden
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.store.schema import ERASED, QUEUED, pages

SITE, OTHER = "daily.example", "weekly.example"
POLICY = RevisitPolicy(3600.0, 86_400.0)
TEXT = "The ferry sails again on Friday, after a longer pause in the harbour of Port Elm."


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


def begun(db, site=SITE):
    return runs.begin_run(
        db, spider="site", sites=[site], arguments={}, version="", policy=POLICY
    ).run


def ended(db, run):
    runs.end_run(db, run, "finished")
    return run


def visited(db, run, path, outcome, reason=None, *, site=SITE, evidence=None):
    url = f"https://{site}{path}"
    rows.discover(db, run, [found_at(url, kind="article", way=Way.CATEGORY, depth=1, priority=1)])
    (row,) = claims.claim(db, run, [site], 1, Stage.ORDINARY, claimed_before=1)
    visits.finish(db, run, [Visit(row, outcome, reason, evidence=evidence)], POLICY, cycle=run)
    return identity(url)


def stored(db, path, text, *, site=SITE):
    article = Article(url=f"https://{site}{path}", headline=path, text=text)
    ArticleStore("").store(db, DedupePipeline().process_item(clean(article)))


def state_of(db, page):
    return db.execute(select(pages.c.state).where(pages.c.identity == page)).scalar_one()


def test_the_newest_runs_come_first(db):
    first, second, third = (ended(db, begun(db)) for _ in range(3))
    assert [run["id"] for run in latest_runs(db, 2)] == [third, second]
    assert [run["id"] for run in latest_runs(db, 9)][-1] == first


def test_sites_are_known_by_their_pages_in_order(db):
    visited(db, begun(db, OTHER), "/a", Outcome.PAGE, site=OTHER)
    run = begun(db)
    visited(db, run, "/a", Outcome.PAGE)
    visited(db, run, "/b", Outcome.PAGE)
    assert known_sites(db) == [SITE, OTHER]


def test_what_robots_txt_forbids_is_counted_by_site(db):
    run = begun(db)
    visited(db, run, "/a", Outcome.REFUSED, RobotsForbidden.__name__)
    visited(db, run, "/b", Outcome.REFUSED, "TooLarge")
    assert forbidden_by_robots(db, SITE) == 1
    assert forbidden_by_robots(db, OTHER) == 0


def test_evidence_is_that_of_the_last_visit_that_noted_it(db):
    run = begun(db)
    visited(db, run, "/a", Outcome.LISTING, evidence={"total": 3})
    visited(db, run, "/b", Outcome.LISTING, evidence={"total": 4})
    visited(db, run, "/c", Outcome.LISTING, evidence={"pages": 9})
    assert evidence_of(db, SITE, "article", "total") == 4
    assert evidence_of(db, SITE, "section", "total") is None


def test_a_forgotten_page_waits_to_be_crawled_and_others_do_not(db):
    run = begun(db)
    one, other = (visited(db, run, path, Outcome.PAGE) for path in ("/a", "/b"))
    ended(db, run)
    assert forget(db, identity=one) == 1
    assert state_of(db, one) == QUEUED
    assert state_of(db, other) != QUEUED


def test_an_erased_page_is_not_forgotten_and_is_passed_over_with_its_site(db):
    run = begun(db)
    erased, other = (visited(db, run, path, Outcome.PAGE) for path in ("/a", "/b"))
    ended(db, run)
    db.execute(pages.update().where(pages.c.identity == erased).values(state=ERASED))
    with pytest.raises(ValueError, match="erased, and that is for good"):
        forget(db, identity=erased)
    assert forget(db, site=SITE) == 1
    assert [state_of(db, page) for page in (erased, other)] == [ERASED, QUEUED]


def test_originals_copies_and_revisions_are_counted_apart(db):
    stored(db, "/a", TEXT)
    stored(db, "/b", TEXT)
    stored(db, "/c", "Something else was said of the pier, which closes at noon for paint.")
    stored(db, "/c", "Something new was said of the pier, which opens at noon after paint.")
    stored(db, "/a", "A story of another site about trams, which run on Sundays.", site=OTHER)
    assert count_articles(db, [SITE]) == ArticleCounts(2, 1, 1)
    assert count_articles(db) == ArticleCounts(3, 1, 1)

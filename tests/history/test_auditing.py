from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.entries import SourceKind
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, runs, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import found_at
from newscrawl.frontier.visits import Visit
from newscrawl.history.auditing import FoundBy, SiteFacts, UnreadSource, site_facts
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline

SITE = "weekly.example"
POLICY = RevisitPolicy(3600.0, 86_400.0)


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def run(db) -> int:
    return runs.begin_run(
        db, spider="site", sites=[SITE], arguments={}, version="", policy=POLICY
    ).run


def visited(db: Connection, run: int, path: str, outcome: Outcome | None, **values: Any) -> None:
    """Find a page of the site and let a visit to it end, unless ``outcome`` is ``None``."""
    found = {"kind": "article", "way": Way.CATEGORY, "depth": 1, "priority": 1, **values}
    reason = found.pop("reason", None)
    url = f"https://{SITE}{path}"
    rows.discover(db, run, [found_at(url, **found)])
    if outcome is None:
        return
    (row,) = claims.claim(db, run, [SITE], 1, Stage.ORDINARY, claimed_before=1)
    visit = Visit(row, outcome, reason)
    if outcome is Outcome.ARTICLE:
        article = Article(url=url, headline=path, text=f"Text of {path}.")
        stored = ArticleStore("").store(db, DedupePipeline().process_item(clean(article)))
        visit.article_id = stored.article_id
    visits.finish(db, run, [visit], POLICY, cycle=run)


def counted(db: Connection) -> SiteFacts:
    return site_facts(db, SITE)


def test_articles_are_counted_by_all_the_ways_to_them(db, run):
    visited(db, run, "/a", Outcome.ARTICLE, way=Way.CATEGORY | Way.SITEMAP)
    visited(db, run, "/b", Outcome.ARTICLE, way=Way.RELATED)
    visited(db, run, "/c", Outcome.ARTICLE, way=Way.PREVNEXT)
    assert counted(db).found_by == {
        FoundBy(listed=True, linked=False, published=True): 1,
        FoundBy(listed=False, linked=True, published=False): 2,
    }


def test_pages_that_nobody_has_looked_at_are_counted_but_for_those_that_wait_for_all_others(
    db, run
):
    visited(db, run, "/a", Outcome.ARTICLE)
    visited(db, run, "/b", None)
    visited(db, run, "/c", None, way=Way.FEED)
    visited(db, run, "/tag/x", None, kind="tag", way=Way.TAG, priority=-10)
    assert (counted(db).unvisited, counted(db).strays) == (2, 1)


@pytest.mark.parametrize(
    ("outcome", "reason", "why"),
    [
        (None, None, "queued"),
        (Outcome.FAILED, "Http500", "failed: Http500"),
        (Outcome.REFUSED, "RobotsForbidden", "refused: RobotsForbidden"),
    ],
)
def test_a_source_that_was_not_read_is_named(db, run, outcome, reason, why):
    sitemap = {"kind": SourceKind.SITEMAP, "way": Way.SITEMAP}
    visited(db, run, "/s.xml", outcome, reason=reason, **sitemap)
    assert counted(db).unread == [UnreadSource("sitemap", f"https://{SITE}/s.xml", why)]
    assert counted(db).asked == 1


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.LISTING, "Sitemap"),
        (Outcome.UNCHANGED, "NotModified"),
        (Outcome.GONE, "Http404"),
        (Outcome.REFUSED, "NotASource"),
        (Outcome.REDIRECTED, f"https://{SITE}/t.xml"),
    ],
)
def test_a_source_that_was_read_or_is_none_is_not_unread(db, run, outcome, reason):
    sitemap = {"kind": SourceKind.SITEMAP, "way": Way.SITEMAP}
    visited(db, run, "/s.xml", outcome, reason=reason, **sitemap)
    assert counted(db).unread == []


def test_a_page_that_has_the_text_of_its_article_is_told_from_one_that_has_not(db, run):
    visited(db, run, "/a", Outcome.ARTICLE)
    visited(db, run, "/b", Outcome.PAGE)
    facts = {page.url.rpartition("/")[2]: page for page in counted(db).pages}
    assert [(page.is_stored, page.is_own) for page in facts.values()] == [
        (True, True),
        (False, False),
    ]

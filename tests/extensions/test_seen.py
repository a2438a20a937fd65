"""What the store keeps of runs for the monitors, and how it is asked for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, update

from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, runs, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found
from newscrawl.frontier.visits import Visit
from newscrawl.history.coverage import (
    MISSING,
    Example,
    Extracted,
    Given,
    first_changed,
    save,
    seen_before,
    seen_by,
)
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import articles, pages, revisions

SITE = "news.example"
POLICY = RevisitPolicy(0, 0)
FIELDS = {
    "authors": {"meta": Given(3, f"https://{SITE}/a/"), MISSING: Given(1, f"https://{SITE}/b/")}
}


@pytest.fixture
def connection(engine):
    with engine.begin() as connection:
        yield connection


def ended_run(connection, extracted: int = 4, *, spider: str = "site", **arguments: str) -> int:
    run = runs.begin_run(
        connection,
        spider=spider,
        sites=[SITE],
        arguments=arguments,
        version="0",
        policy=RevisitPolicy(60.0, 3600.0),
    ).run
    runs.end_run(connection, run, "finished")
    save(connection, run, SITE, extracted, FIELDS)
    return run


def visit(
    connection, run: int, path: str, outcome: Outcome, *, kind="article", reason=None
) -> None:
    url = f"https://{SITE}/{path}/"
    rows.discover(connection, run, [Found(SITE, url, url, kind, Way.RELATED, 1, 50)], revisit=True)
    (row,) = claims.claim(connection, run, [SITE], 9, Stage.ORDINARY, claimed_before=9)
    done = Visit(row, outcome=outcome, reason=reason)
    visits.finish(connection, run, [done], POLICY, cycle=run)


def test_what_was_saved_comes_back(connection):
    run = ended_run(connection)
    seen = seen_by(connection, run, SITE)
    assert (seen.run, seen.articles, seen.fields) == (run, 4, FIELDS)
    assert seen.started.tzinfo is not None


def test_visits_are_counted_by_what_they_say(connection):
    run = ended_run(connection)
    visit(connection, run, "front", Outcome.UNCHANGED, kind="category")
    visit(connection, run, "new", Outcome.ARTICLE)
    visit(connection, run, "known", Outcome.UNCHANGED, kind="related")
    visit(connection, run, "contact", Outcome.PAGE)
    visit(connection, run, "short", Outcome.REJECTED, reason="TooShort")
    seen = seen_by(connection, run, SITE)
    assert (seen.visits, seen.went_wrong, seen.announced, seen.confirmed, seen.new) == (
        5,
        1,
        3,
        2,
        1,
    )
    assert seen.first_wrong == Example(f"https://{SITE}/short/", "rejected", "TooShort")
    assert seen.first_unconfirmed == Example(f"https://{SITE}/contact/", "page", None)


def test_a_page_that_had_been_an_article_is_the_better_example(connection):
    run = ended_run(connection)
    visit(connection, run, "contact", Outcome.PAGE)
    visit(connection, run, "story", Outcome.PAGE)
    connection.execute(
        update(pages).where(pages.c.url.endswith("/story/")).values(article_id="0" * 16)
    )
    seen = seen_by(connection, run, SITE)
    assert seen.first_unconfirmed == Example(f"https://{SITE}/story/", "page", None)


def test_only_runs_of_the_same_spider_with_the_same_arguments_are_compared(connection):
    first = ended_run(connection, since="2026-01-01")
    ended_run(connection)
    ended_run(connection, spider="other", since="2026-01-01")
    now = ended_run(connection, since="2026-01-01")
    before = seen_before(connection, now, SITE, runs_back=10, least_articles=1)
    assert [seen.run for seen in before] == [first]


def test_runs_with_articles_are_found_behind_those_without(connection):
    rich = [ended_run(connection, 9) for _ in range(3)]
    poor = [ended_run(connection, 0) for _ in range(3)]
    now = ended_run(connection)
    before = seen_before(connection, now, SITE, runs_back=2, least_articles=5)
    assert [seen.run for seen in before] == [poor[2], poor[1], rich[2], rich[1]]


def stored(connection, number: int, authors: list[str], rule: str = MISSING) -> Extracted:
    provenance = {"authors": rule} if rule else {}
    article = Article(
        id=f"{number:016x}",
        url=f"https://{SITE}/{number}/",
        authors=authors,
        provenance=provenance,
    )
    connection.execute(insert(articles), asdict(article))
    return Extracted(article.id, article.url, revised=False)


def test_the_article_shown_is_the_first_whose_rule_is_another_than_before(connection):
    group = [
        stored(connection, 1, ["A"], "meta"),
        stored(connection, 2, ["A"], "jnews:css"),
        stored(connection, 3, ["A"], "jnews:css"),
    ]
    shown = first_changed(connection, {("authors", "meta"): group, ("tags", MISSING): group})
    assert shown == {("authors", "meta"): group[1].url}


def test_a_revised_article_is_known_by_its_value_before(connection):
    group = []
    for number, before in enumerate(([], ["A"])):
        extracted = stored(connection, number, [])
        group.append(extracted._replace(revised=True))
        connection.execute(update(articles).where(articles.c.id == extracted.id).values(revision=2))
        connection.execute(
            insert(revisions).values(
                article_id=extracted.id,
                revision=1,
                last_seen=datetime.now(UTC),
                headline="",
                authors=before,
                text="",
                revision_hash="",
            )
        )
    assert first_changed(connection, {("authors", MISSING): group}) == {
        ("authors", MISSING): group[1].url
    }


def test_an_article_that_was_never_stored_is_not_shown(connection):
    rejected = Extracted("f" * 16, f"https://{SITE}/rejected/", revised=False)
    assert first_changed(connection, {("authors", MISSING): [rejected]}) == {}

"""What is stored of a group in which one row is refused: here by text that is no Unicode."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from newscrawl.dataset.articles import ArticleStore
from newscrawl.frontier import claims, fencing, visits
from newscrawl.frontier.balance import balance
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.journal import RunJournal
from newscrawl.frontier.lease import LeaseLost
from newscrawl.frontier.rescue import Rescue
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import articles, pages, scopes
from newscrawl.store.writer import Operation, Writer
from tests.dataset.test_articles import Page
from tests.frontier.trying import POLICY, SITE, begin, claim, discover, found, kill, page

NO_TEXT = "\ud800"
STORY = " ".join(f"word{number}" for number in range(80))


def rescue_of(run: int) -> Rescue:
    return Rescue(RunJournal(run, []), run)


def finish(db, run: int, done: list[Visit]) -> None:
    rescue_of(run).finish(db, done, lambda some: visits.finish(db, run, some, POLICY, cycle=run))


def visits_to(db, run: int) -> list[Visit]:
    discover(db, run, "good", "bad")
    return [
        Visit(row, Outcome.PAGE, links=[found(f"{row.url[-3:]}-link")]) for row in claim(db, run)
    ]


def test_a_visit_that_is_refused_has_failed_and_the_others_have_not(db):
    run = begin(db)
    good, bad = visits_to(db, run)
    bad.etag = NO_TEXT
    finish(db, run, [good, bad])
    assert page(db, "good")["outcome"] == Outcome.PAGE
    assert (page(db, "bad")["outcome"], page(db, "bad")["reason"]) == ("failed", "Unstorable")


def test_the_links_of_a_refused_visit_are_kept(db):
    run = begin(db)
    _, bad = visits_to(db, run)
    bad.etag = NO_TEXT
    finish(db, run, [bad])
    assert page(db, "bad-link")["found_on"] == bad.row.id


def test_a_link_that_no_row_can_hold_does_not_take_the_others_along(db, caplog):
    run = begin(db)
    links = [found("one"), found("two", kind=NO_TEXT), found("three")]
    assert rescue_of(run).discover(db, links) == 2
    assert "No row for 'https://daily.example/two'" in caplog.text


def test_a_released_visit_is_queued_again_with_the_links_it_found(db):
    run = begin(db)
    good, _ = visits_to(db, run)
    good.links.append(found("odd", kind=NO_TEXT))
    assert rescue_of(run).release(db, good) == 1
    assert page(db, "good")["state"] == "queued"


def test_the_accounts_balance_after_a_rescue(db):
    run = begin(db)
    done = visits_to(db, run)
    done[1].etag = NO_TEXT
    finish(db, run, done)
    assert balance(db, run, [SITE]).holds


def test_a_run_that_was_closed_by_another_one_writes_no_more(db):
    run = begin(db)
    kill(db)
    begin(db)
    with pytest.raises(LeaseLost, match=f"run {run} was closed"):
        fencing.begin_group(db, run, 1)


class Crawl:
    """A run with a writer of its own and a log, without an engine."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.log = folder / "daily.jsonl"
        self.store = ArticleStore(str(self.log))
        with engine.begin() as db:
            self.run = begin(db)
            self.store.open_log(db, SITE)
        journal = RunJournal(self.run, [self.store])
        self.failures: list[BaseException] = []
        self.writer = Writer(
            engine, journal, interval=60, events=99, patience=5, failed=self.failures.append
        )
        self.writer.start()

    def put(self, path: str, **values: str) -> None:
        article = Page(path, f"{path} {STORY}").article()
        for name, value in values.items():
            setattr(article, name, value)
        self.writer.submit(
            Operation(lambda db: self.store.store(db, article), rescue=lambda *_: None)
        )

    def close(self) -> list[str]:
        self.writer.close()
        self.store.close()
        return self.log.read_text().splitlines()


def test_an_article_that_is_refused_leaves_no_line_and_no_row(engine, tmp_path):
    crawl = Crawl(engine, tmp_path)
    crawl.put("/first")
    crawl.put("/odd", subtitle=NO_TEXT)
    crawl.put("/last")
    lines = crawl.close()
    assert crawl.failures == []
    assert ["/first" in lines[0], "/last" in lines[1]] == [True, True]
    with engine.begin() as db:
        stored = db.execute(select(articles.c.url).order_by(articles.c.url)).scalars().all()
        assert [url.rpartition("/")[2] for url in stored] == ["first", "last"]
        assert len(db.execute(select(scopes)).all()) == 1


def test_a_refused_page_does_not_keep_the_claims_of_its_group(engine, tmp_path):
    crawl = Crawl(engine, tmp_path)
    run = crawl.run
    rows: list[Row] = []

    def look(db) -> None:
        discover(db, run, "a", "b")
        rows[:] = claims.claim(db, run, [SITE], 9, Stage.ORDINARY, claimed_before=9)

    crawl.writer.submit(Operation(look, durable=True))
    crawl.put("/odd", subtitle=NO_TEXT)
    crawl.close()
    with engine.begin() as db:
        states = db.execute(select(pages.c.state)).scalars().all()
        assert states == ["claimed", "claimed"]
        assert db.execute(select(articles)).all() == []

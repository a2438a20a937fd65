"""What the first screen of a report says."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import discover, found_at
from newscrawl.frontier.runs import begin_run, end_run
from newscrawl.frontier.visits import Visit
from newscrawl.history.accounts import Told, account_of, stored_of
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.report.assessment import Answer, Assessment, Level, age, assessment
from newscrawl.report.figures import figures
from newscrawl.report.steps import SHOWN, Shell
from newscrawl.store.schema import runs

SITE, OTHER = "daily.example", "weekly.example"
SITEMAP = f"https://{SITE}/sitemap.xml"
POLICY = RevisitPolicy(3600.0, 86_400.0)
SHELL = Shell("newscrawl", ("--data", "my data"))


class Site:
    """A site as runs have left it."""

    def __init__(self, connection: Any) -> None:
        self._db, self._store = connection, ArticleStore("")
        self._numbers = itertools.count()

    def begin(self, site: str = SITE, **arguments: Any) -> int:
        given = {"url": f"https://{site}/", **arguments}
        return begin_run(
            self._db, spider="site", sites=[site], arguments=given, version="", policy=POLICY
        ).run

    def end(self, run: int, reason: str = "finished", site: str = SITE) -> None:
        before = stored_of(self._db, [site])
        end_run(self._db, run, reason)
        account_of(self._db, run, [site], Told(before, (), "", {}, {}))

    def visit(self, run: int, url: str, outcome: Outcome, kind: str = "article", **of: Any) -> None:
        self.find(run, url, kind)
        rows = claims.claim(self._db, run, [SITE], 1, Stage.ORDINARY, claimed_before=1)
        done = [Visit(row, outcome=outcome, **of) for row in rows]
        visits.finish(self._db, run, done, POLICY, cycle=run)

    def find(self, run: int, url: str, kind: str = "article") -> None:
        discover(self._db, run, [found_at(url, kind=kind, way=Way.SITEMAP, depth=1, priority=1)])

    def article(self, run: int, **values: Any) -> str:
        number = next(self._numbers)
        made = Article(url=f"https://{SITE}/{number}/", headline=f"Story {number}", text="")
        made.text, made.confidence = f"Text of its own, number {number}.", 0.99
        made.authors, made.published = ["Ada Lamb"], datetime.now(UTC) - timedelta(days=3, hours=1)
        for name, value in values.items():
            setattr(made, name, value)
        signed = DedupePipeline().process_item(clean(made))
        self._store.store(self._db, signed)
        self.visit(run, made.url, Outcome.ARTICLE, article_id=signed.id)
        return made.url

    def said(self, shell: Shell = SHELL) -> Assessment:
        return assessment(figures(self._db, []), shell)

    def answer(self, question: str) -> Answer:
        return next(each for each in self.said().answers if each.question == question)

    def lines(self, shell: Shell = SHELL) -> list[str]:
        return [step.line for step in self.said(shell).steps]


@pytest.fixture
def site(engine):
    with engine.begin() as connection:
        yield Site(connection)


@pytest.fixture
def crawled(site):
    """Four articles that a sitemap lists, all stored."""
    run = site.begin()
    site.visit(run, SITEMAP, Outcome.LISTING, kind="sitemap")
    for _ in range(4):
        site.article(run)
    site.end(run)
    return site


def numbers(said: Assessment) -> list[str]:
    return [each.number for each in said.answers]


def test_a_whole_dataset_is_in_order(crawled):
    said = crawled.said()
    assert said.level is Level.GOOD
    assert numbers(said) == ["100.0%", "3 days old", "100.0% sure", "nothing"]
    assert said.sentence == (
        "All that the site lists is stored, the newest article is 3 days old, and no text is "
        "doubtful. Nothing has to be done."
    )


def test_an_empty_database_says_so_and_knows_nothing(engine):
    with engine.begin() as connection:
        said = assessment(figures(connection, []), SHELL)
    assert said.level is Level.EMPTY
    assert numbers(said) == ["not known", "not known", "not known", "1 to do"]
    assert said.sentence == "There are no articles. 1 thing has to be done."


# Complete


def test_what_is_listed_and_not_stored_is_counted_by_outcome(crawled):
    run = crawled.begin()
    crawled.visit(run, f"https://{SITE}/lost/", Outcome.FAILED, reason="Http500")
    crawled.end(run)
    found = crawled.answer("Complete")
    assert (found.number, found.share) == ("80.0%", 0.8)
    assert found.means == (
        "4 of 5 pages that the site lists and that may be articles are stored; 1 failed."
    )


def test_where_lists_are_unread_it_is_not_known_and_no_zero(crawled):
    run = crawled.begin()
    crawled.find(run, f"https://{SITE}/more.xml", kind="sitemap")
    crawled.end(run, "shutdown")
    found = crawled.answer("Complete")
    assert (found.number, found.share) == ("not known", None)
    assert found.means.startswith("Not every list of the site was read")
    assert "Stored: 4 articles" in found.means


def test_what_is_missing_from_lists_half_read_bounds_it(crawled):
    run = crawled.begin()
    crawled.visit(run, f"https://{SITE}/lost/", Outcome.FAILED, reason="Http500")
    crawled.find(run, f"https://{SITE}/more.xml", kind="sitemap")
    crawled.end(run, "shutdown")
    assert crawled.answer("Complete").number == "≤ 80.0%"


def test_sites_of_which_it_is_not_known_are_named_beside_the_share_of_the_others(crawled):
    run = crawled.begin(OTHER)
    crawled.find(run, f"https://{OTHER}/")
    crawled.end(run, "shutdown", OTHER)
    found = crawled.answer("Complete")
    assert found.number == "100.0%"
    assert found.means.endswith("Not known of 1 of 2 sites.")
    assert found.says == "all that the sites list where that is known is stored"


# Fresh


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (timedelta(days=-1), "less than an hour"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=59), "59 days"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_an_age_is_told_in_one_unit(time, told):
    assert age(time) == told


def test_the_newest_article_is_the_newest_whatever_its_offset(crawled):
    run = crawled.begin()
    behind = datetime.now(UTC) - timedelta(hours=5, minutes=10)
    crawled.article(run, published=behind)
    ahead = datetime.fromisoformat(f"{behind - timedelta(hours=3):%Y-%m-%dT%H:%M:%S}+00:00")
    crawled.article(run, published=ahead.astimezone(tz=datetime.strptime("+1400", "%z").tzinfo))
    crawled.end(run)
    assert crawled.answer("Fresh").number == "5 hours old"


def test_without_dates_how_fresh_it_is_is_not_known(site):
    run = site.begin()
    site.article(run, published=None)
    site.end(run)
    found = site.answer("Fresh")
    assert found.number == "not known"
    assert found.means.startswith("No article has a date. The last run ended on ")


# Clean


def test_doubtful_texts_and_missing_fields_are_counted(crawled):
    run = crawled.begin()
    crawled.article(run, confidence=0.5, authors=[], published=None)
    crawled.article(run, confidence=None)
    crawled.end(run)
    found = crawled.answer("Clean")
    assert (found.number, found.share) == ("80.0% sure", 0.8)
    assert found.means == (
        "1 of 5 texts are doubtful; 1 more were never weighed. "
        "Articles: 1 with no date, 1 with no author."
    )


def test_texts_that_were_never_weighed_are_not_called_sure(site):
    run = site.begin()
    site.article(run, confidence=None)
    site.end(run)
    assert site.answer("Clean").number == "not known"


# What to do


def test_each_step_has_a_line_to_type_with_the_folder_of_the_data(crawled):
    assert crawled.lines() == ["newscrawl export articles.csv --data 'my data'"]


def test_pages_that_wait_are_crawled_as_the_last_run_was(crawled):
    run = crawled.begin(since="2025-01-01", token="secret")
    crawled.find(run, f"https://{SITE}/waits/")
    crawled.end(run, "shutdown")
    said = crawled.said(SHELL._replace(arguments=("url", "since")))
    assert said.level is Level.LOOK
    assert said.steps[0].why == f"1 known page of {SITE} is not read yet."
    assert said.steps[0].line == (
        f"newscrawl crawl site -a url=https://{SITE}/ -a since=2025-01-01 -a 'token=…' "
        "--data 'my data'"
    )


def test_a_password_in_an_address_is_not_written_out(crawled):
    run = crawled.begin(url="https://me:secret@daily.example/")
    crawled.find(run, f"https://{SITE}/waits/")
    crawled.end(run, "shutdown")
    assert "secret" not in " ".join(crawled.lines())


def test_a_run_that_went_wrong_comes_before_all_else(crawled):
    run = crawled.begin()
    crawled.end(run, "store_failed")
    said = crawled.said()
    assert said.level is Level.BAD
    assert said.steps[0].why == f"Run {run} over {SITE}: the run ended as store_failed."


def test_of_many_runs_that_leave_something_some_are_named_and_the_rest_counted(crawled):
    for number in range(SHOWN + 3):
        site = f"s{number}.example"
        run = crawled.begin(site)
        crawled.find(run, f"https://{site}/")
        crawled.end(run, "store_failed" if number == 0 else "shutdown", site)
    said = crawled.said()
    assert said.steps[0].why.startswith("Run 2 over s0.example: the run ended as store_failed")
    assert any(step.why == "3 more runs leave something to do." for step in said.steps)
    assert sum(" crawl site " in step.line for step in said.steps) == SHOWN


def test_a_run_that_has_not_ended_is_told_with_the_line_that_goes_on(crawled):
    run = crawled.begin()
    (step, *_) = crawled.said().steps
    assert step.is_needed
    assert step.why.startswith(f"Run {run} over {SITE} has not ended")


def test_alarms_of_the_last_run_have_to_be_looked_at(crawled):
    run = crawled.begin()
    crawled.end(run)
    crawled._db.execute(update(runs).where(runs.c.id == run).values(alarms=["no date", "x"]))
    said = crawled.said()
    assert said.level is Level.LOOK
    assert "2 alarms" in said.steps[0].why


def test_alarms_of_earlier_runs_are_past(crawled):
    run = crawled.begin()
    crawled.end(run)
    crawled._db.execute(update(runs).where(runs.c.id == run).values(alarms=["no date"]))
    crawled.end(crawled.begin())
    assert crawled.said().level is Level.GOOD


def test_a_failed_page_is_named_so_that_no_shell_obeys_it(crawled):
    run = crawled.begin()
    crawled.visit(run, f"https://{SITE}/$(reboot)';x", Outcome.FAILED, reason="Http500")
    crawled.end(run)
    (line,) = [each for each in crawled.lines() if " explain " in each]
    assert line.startswith("newscrawl explain 'https://")


def test_doubtful_texts_are_exported_to_be_read(crawled):
    run = crawled.begin()
    crawled.article(run, confidence=0.5)
    crawled.end(run)
    assert any("export doubtful.csv --doubtful" in line for line in crawled.lines())

"""The report in a real browser: it renders alone, and nothing in it runs that came from the web."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import insert, update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import discover, found_at
from newscrawl.frontier.runs import begin_run, end_run
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article
from newscrawl.middlewares.browser import CHROMIUMS
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.report.figures import figures
from newscrawl.report.page import page
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import coverage, runs

SITE = "daily.example"
ATTACK = "<script>alert(1)</script>"
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
POLICY = RevisitPolicy(3600.0, 86_400.0)
HOSTS = {
    SITE: {
        "requests": 40,
        "promised": 1.0,
        "least": 1.02,
        "mean": 1.4,
        "short": 0,
        "slow_downs": 2,
    }
}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")


def fill(url: str) -> None:
    """Two runs of a site whose pages say hostile things everywhere a report shows them."""
    engine, store, sign = connect(url), ArticleStore(""), DedupePipeline().process_item
    migrate(engine)
    with engine.begin() as connection:
        for number in (1, 2):
            run = begin_run(
                connection, spider="site", sites=[SITE], arguments={}, version="", policy=POLICY
            ).run
            visit(connection, run, number)
            end_run(connection, run, "finished")
            connection.execute(
                update(runs).where(runs.c.id == run).values(hosts=HOSTS, alarms=[f"{ATTACK} {run}"])
            )
            fields = {"authors": {"html": [4 - number, ""], "": [number, ""]}}
            connection.execute(
                insert(coverage).values(run=run, site=SITE, articles=4, fields=fields)
            )
        for number in range(6):
            made = Article(
                url=f"https://{SITE}/{number}/",
                headline=f"{ATTACK} story {number}",
                text=f"Text of its own, number {number}.",
                sections=[f"{ATTACK}{number % 2}"],
                published=datetime(2025, 1 + number, 3, tzinfo=UTC),
                source_url=f"https://origin.example/{number}",
                source_name=ATTACK,
                found_via="category",
                confidence=None if number == 5 else 0.99 - number / 5,
                doubts=[ATTACK] if number else [],
            )
            store.store(connection, sign(clean(made)))
    engine.dispose()


def visit(connection: Any, run: int, number: int) -> None:
    for path, outcome, seconds in (
        (f"/a{number}?x={ATTACK}", Outcome.FAILED, 0.5 * number),
        (f"/b{number}", Outcome.ARTICLE, 10.0 * number),
    ):
        url = f"https://{SITE}{path}"
        found = found_at(url, kind="related", way=Way.RELATED, depth=1, priority=1)
        discover(connection, run, [found])
        rows = claims.claim(connection, run, [SITE], 1, Stage.ORDINARY, claimed_before=1)
        done = [
            Visit(row, outcome=outcome, reason=ATTACK, status=500, seconds=seconds) for row in rows
        ]
        visits.finish(connection, run, done, POLICY, cycle=run)


class Opened(NamedTuple):
    """A report in a browser, with what the browser complained of and asked for."""

    page: Page
    complaints: list[str]
    requests: list[str]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    url = f"sqlite:///{folder}/n.db"
    fill(url)
    engine = connect(url)
    with engine.begin() as connection:
        (folder / "report.html").write_text(page(figures(connection, [])), encoding="utf-8")
    engine.dispose()
    return folder / "report.html"


@pytest.fixture
def opened(browser, report):
    yield from _open(browser, report)


@pytest.fixture
def dark(browser, report):
    yield from _open(browser, report, color_scheme="dark", viewport={"width": 390, "height": 800})


def _open(browser, report, **options):
    context = browser.new_context(**options)
    tab = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: complaints.append(dialog.message))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(report.as_uri())
    tab.wait_for_selector("html[data-drawn]")
    yield Opened(tab, complaints, requests)
    context.close()


def column(tab: Page, table: str, number: int) -> list[str]:
    return tab.locator(f"#rows-{table} tr:visible td:nth-child({number})").all_inner_texts()


def test_it_needs_no_network_and_the_browser_has_nothing_to_say(opened, report):
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("data:")] == [report.as_uri()]


@pytest.mark.parametrize("name", ["runs", "months", "coverage", "ways"])
def test_each_plot_has_marks(opened, name):
    marks = opened.page.locator(f"#plot-{name} svg .mark-rect path")
    assert marks.count() >= 1
    box = marks.first.bounding_box()
    assert box is not None
    assert box["width"] * box["height"] > 0


@pytest.mark.parametrize(("table", "number"), [("latest", 1), ("latest", 2), ("failing", 2)])
def test_what_pages_say_stays_text(opened, table, number):
    assert all(ATTACK in text for text in column(opened.page, table, number))
    assert ATTACK in opened.page.locator(".alarms").inner_text()
    assert opened.page.locator("td script, li script").count() == 0


def test_doubtful_texts_are_counted_and_listed_the_least_sure_first(opened):
    assert column(opened.page, "doubtful", 2) == ["0.19", "0.39", "0.59", "0.79"]
    assert set(column(opened.page, "doubtful", 3)) == {ATTACK}
    totals = opened.page.locator("#texts li").all_inner_texts()
    assert [" ".join(each.split()) for each in totals] == [
        "4 articles have a doubtful text",
        "1 are of unknown confidence",
    ]


def test_links_lead_to_the_pages_and_tell_nothing_of_the_reader(opened):
    links = opened.page.locator("#rows-latest a")
    assert links.first.get_attribute("href") == f"https://{SITE}/5/"
    assert "noreferrer" in (links.first.get_attribute("rel") or "")


def test_a_table_is_sorted_by_a_column_and_back(opened):
    tab = opened.page
    button = tab.get_by_role("button", name="seconds")
    button.click()
    rising = column(tab, "slowest", 2)
    assert rising == sorted(rising, key=float)
    assert tab.locator("#table-slowest th[aria-sort=ascending]").inner_text().startswith("seconds")
    button.click()
    assert column(tab, "slowest", 2) == rising[::-1]


def test_a_table_is_sorted_by_keyboard(opened):
    tab = opened.page
    button = tab.locator("#table-slowest th button").first
    button.focus()
    tab.keyboard.press("Enter")
    pages = column(tab, "slowest", 1)
    assert pages == sorted(pages)


def test_a_table_is_searched(opened):
    tab = opened.page
    field = tab.locator("#table-latest input[type=search]")
    field.fill("STORY 3")
    assert len(column(tab, "latest", 1)) == 1
    field.fill("nothing like it")
    assert column(tab, "latest", 1) == []
    assert tab.locator("#table-latest .none").is_visible()


def test_the_gaps_stand_beside_the_promise(opened):
    row = opened.page.locator("#rows-gaps tr").first.inner_text().split("\t")
    assert [cell.strip() for cell in row] == ["2", SITE, "40", "1.00", "1.40", "1.02", "0", "2"]


def test_a_phone_needs_no_scrolling_to_the_side(dark):
    width = dark.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_a_dark_screen_gets_a_dark_page(dark):
    colour = dark.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))) < 150
    assert dark.complaints == []


def test_every_field_and_control_has_a_name(opened):
    for control in opened.page.locator("input, button").all():
        name = control.evaluate("it => it.labels?.[0]?.textContent || it.textContent")
        assert name.strip()


def test_an_empty_database_gives_a_report_too(browser, tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/n.db")
    migrate(engine)
    with engine.begin() as connection:
        (tmp_path / "r.html").write_text(page(figures(connection, [])), encoding="utf-8")
    engine.dispose()
    for opened in _open(browser, tmp_path / "r.html"):
        assert opened.complaints == []
        assert opened.page.locator(".empty").count() >= 5

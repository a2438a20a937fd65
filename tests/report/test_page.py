"""The report in a real browser: it renders alone, and nothing in it runs that came from the web."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page
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
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.report.figures import figures
from newscrawl.report.page import page
from newscrawl.store.database import connect, migrate
from newscrawl.store.replacing import write_whole
from newscrawl.store.schema import coverage, runs
from tests.tabs import chromium, needs_chromium, report_in, shown

SITE = "daily.example"
ATTACK = "<script>alert(1)</script>"
ATTACKS = (
    ATTACK,
    "</script></style></textarea><img src=x onerror=alert(2)>",
    "'\"><svg onload=alert(3)>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u202c \x00 \ud800",
    "W" * 20_000,
)
PHONE = {"width": 390, "height": 800}
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

pytestmark = needs_chromium


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
        for number, attack in enumerate(ATTACKS):
            made = Article(
                url=f"https://{SITE}/hostile/{number}/",
                headline=f"Story {attack}",
                text=f"{attack} Hostile, number {number}.",
                authors=[attack],
                tags=[attack],
                published=datetime(2024, 1, 3, tzinfo=UTC),
                confidence=0.99,
            )
            store.store(connection, sign(clean(made)))
        for number in range(15):
            plain = Article(
                url=f"https://{SITE}/plain/{number}/",
                headline=f"Plain {number}",
                text=f"Plain text, number {number}.",
                published=datetime(2024, 2, 3, tzinfo=UTC),
                confidence=0.99,
            )
            store.store(connection, sign(clean(plain)))
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


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    url = f"sqlite:///{folder}/n.db"
    fill(url)
    engine = connect(url)
    with engine.begin() as connection:
        write_whole(folder / "report.html", page(figures(connection, [])))
    engine.dispose()
    return folder / "report.html"


@pytest.fixture
def opened(browser, report):
    with report_in(browser, report) as tab:
        yield tab


@pytest.fixture
def phone(browser, report):
    with report_in(browser, report, viewport=PHONE) as tab:
        yield tab


@pytest.fixture
def dark(browser, report):
    with report_in(browser, report, color_scheme="dark", viewport=PHONE) as tab:
        yield tab


@pytest.fixture
def without_scripts(browser, report):
    with report_in(browser, report, java_script_enabled=False) as tab:
        yield tab


CONTRAST = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = parts(colour).map(each => {
      const share = each / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = it => {
    const colour = it ? getComputedStyle(it).backgroundColor : "rgb(255, 255, 255)";
    return parts(colour)[3] === 0 ? ground(it.parentElement) : colour;
  };
  const bad = new Set();
  for (const it of document.querySelectorAll("body *")) {
    const own = [...it.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!own || !it.checkVisibility() || it.closest("script, style")) continue;
    const style = getComputedStyle(it);
    const text = it.ownerSVGElement ? style.fill : style.color;
    const [low, high] = [light(text), light(ground(it))].sort((a, b) => a - b);
    if ((high + 0.05) / (low + 0.05) < 4.5) bad.add(`${it.tagName} ${it.className} ${text}`);
  }
  return [...bad];
}"""
"""Names of elements whose text has a contrast below 4.5 to what is behind it (WCAG 2.2, 1.4.3)."""


def column(tab: Page, table: str, number: int) -> list[str]:
    return tab.locator(f"#rows-{table} tr:visible td:nth-child({number})").all_inner_texts()


def test_it_needs_no_network_and_the_browser_has_nothing_to_say(opened, report):
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("data:")] == [report.as_uri()]


def test_the_page_allows_its_own_script_and_styles_and_nothing_else(opened):
    policy = opened.page.locator("meta[http-equiv]").get_attribute("content")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")


def test_the_first_screen_answers_in_a_sentence_and_four_numbers(opened):
    answers = opened.page.locator(".answers li")
    assert answers.locator("h2").all_inner_texts() == ["Complete", "Fresh", "Clean", "What to do"]
    assert all(answers.locator("b").all_inner_texts())
    box = answers.last.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 720
    assert opened.page.locator(".sentence").inner_text().endswith("to be done.")


def test_each_step_has_a_line_to_type(opened):
    steps = opened.page.locator(".steps li")
    assert steps.count() >= 3
    assert steps.locator("code").count() == steps.count()


@pytest.mark.parametrize("name", ["runs", "published"])
def test_each_chart_has_bars_and_says_what_it_shows(opened, name):
    chart = opened.page.locator(f"#chart-{name} .bars")
    box = chart.locator("rect").first.bounding_box()
    assert box is not None
    assert box["width"] * box["height"] > 0
    assert chart.locator("> title, > desc").count() == 2


@pytest.mark.parametrize("name", ["runs", "published"])
def test_labels_of_a_chart_are_readable_on_a_phone(phone, name):
    labels = phone.page.locator(f"#chart-{name} .bars text:visible")
    boxes = [each.bounding_box() for each in labels.all()]
    assert 1 <= len(boxes) <= 3
    for box in boxes:
        assert box is not None
        assert box["height"] >= 11
        assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)
    for one, other in pairwise(boxes):
        assert one["x"] + one["width"] < other["x"]


def test_fields_have_their_numbers_and_shares(opened):
    rows = {row[0]: row[1:3] for row in shown(opened.page, "fields")}
    assert rows["headline"] == ["27", "100.0%"]
    assert rows["authors"] == ["6", "22.2%"]
    assert rows["comments"] == ["0", "0.0%"]


@pytest.mark.parametrize(
    ("table", "number", "least"), [("latest", 1, 7), ("latest", 2, 6), ("failing", 2, 2)]
)
def test_what_pages_say_stays_text(opened, table, number, least):
    for more in opened.page.locator(f"#table-{table} .more input").all():
        more.check()
    assert sum(ATTACK in text for text in column(opened.page, table, number)) == least
    assert ATTACK in opened.page.locator(".alarms").inner_text()
    assert opened.page.locator("script").count() == 1
    assert opened.page.locator("img, svg[onload], iframe, form, base").count() == 0
    assert "{{ 7 * 7 }}" in opened.page.content()


def test_doubtful_texts_are_counted_and_listed_the_least_sure_first(opened):
    assert column(opened.page, "doubtful", 2) == ["0.19", "0.39", "0.59", "0.79"]
    assert set(column(opened.page, "doubtful", 3)) == {ATTACK}
    totals = opened.page.locator("#texts li").all_inner_texts()
    assert [" ".join(each.split()) for each in totals] == [
        "4 articles have a doubtful text",
        "1 are of unknown confidence",
    ]


def test_a_row_leads_to_what_is_known_of_its_page(opened):
    tab = opened.page
    assert tab.locator(".detail:visible").count() == 0
    tab.locator("#rows-doubtful a").first.click()
    detail = tab.locator(".detail:visible")
    assert detail.count() == 1
    said = detail.inner_text()
    assert f"https://{SITE}/4/" in said
    assert "confidence\n0.19\ndoubts\n" in said
    assert "Text of its own, number 4." in said
    assert f"newscrawl explain https://{SITE}/4/" in said


def test_links_lead_to_the_pages_and_tell_nothing_of_the_reader(opened):
    opened.page.locator("#rows-doubtful a").first.click()
    link = opened.page.locator(".detail:visible a").first
    assert link.get_attribute("href") == f"https://{SITE}/4/"
    assert "noreferrer" in (link.get_attribute("rel") or "")


@pytest.mark.parametrize("table", ["sites", "runs", "latest", "doubtful", "failing", "slowest"])
def test_each_row_leads_somewhere_within_the_report(opened, table):
    tab = opened.page
    rows = tab.locator(f"#rows-{table} tr")
    links = [each.get_attribute("href") for each in tab.locator(f"#rows-{table} a").all()]
    assert len(links) == rows.count() > 0
    assert all(tab.locator(link).count() == 1 for link in links)


def test_no_address_but_those_of_the_web_is_a_link(opened):
    hrefs = [each.get_attribute("href") for each in opened.page.locator("a").all()]
    assert {href.partition(":")[0] for href in hrefs if href[0] != "#"} == {"https"}


def test_a_table_is_sorted_by_a_column_and_back(opened):
    tab = opened.page
    button = tab.locator("#table-slowest").get_by_role("button", name="seconds")
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


def test_a_long_table_is_shown_in_part_until_it_is_opened(opened):
    tab = opened.page
    assert len(column(tab, "latest", 1)) == 10
    tab.get_by_label("Show all 27 rows").check()
    assert len(column(tab, "latest", 1)) == 27


def test_a_short_table_has_no_search(opened):
    assert opened.page.locator("input[type=search]").count() == 1


def test_a_table_is_searched(opened):
    tab = opened.page
    field = tab.locator("#table-latest input[type=search]")
    field.fill("STORY 3")
    assert len(column(tab, "latest", 1)) == 1
    field.fill("nothing like it")
    assert column(tab, "latest", 1) == []
    assert tab.locator("#table-latest .nothing").is_visible()


def test_the_gaps_stand_beside_the_promise(opened):
    (row, *_) = shown(opened.page, "gaps")
    assert row == ["2", SITE, "40", "1.00", "1.40", "1.02", "0", "2"]


def test_all_is_there_without_scripts(without_scripts):
    tab = without_scripts.page
    tab.get_by_label("Show all 27 rows").check()
    assert len(column(tab, "latest", 1)) == 27
    assert tab.locator("#chart-published .bars rect:visible").count() >= 1
    assert tab.locator("input[type=search]:visible").count() == 0
    tab.locator("#rows-latest a").first.click()
    assert tab.locator(".detail:visible").count() == 1


@pytest.mark.parametrize("anchor", ["", "#page-1", "#run-1", "#site-1"])
def test_a_phone_needs_no_scrolling_to_the_side(phone, report, anchor):
    phone.page.goto(f"{report.as_uri()}{anchor}")
    phone.page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    for more in phone.page.locator(".more input").all():
        more.check()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [320, 390, 768, 840, 1024, 1280])
def test_no_width_of_a_screen_makes_the_page_wider_than_itself(phone, width):
    phone.page.set_viewport_size({"width": width, "height": 800})
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_dark_screen_gets_a_dark_page(dark):
    colour = dark.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))) < 150
    assert dark.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_that_wcag_asks_for(opened, scheme):
    opened.page.emulate_media(color_scheme=scheme)
    assert opened.page.evaluate(CONTRAST) == []


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
    with report_in(browser, tmp_path / "r.html") as opened:
        assert opened.complaints == []
        assert opened.page.locator(".empty").count() >= 5

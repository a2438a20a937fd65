from __future__ import annotations

from typing import Any

from rich.console import Console, RenderableType

from newscrawl.outcomes import Outcome
from newscrawl.report.closing import closing_table, verdict


def shown(renderable: RenderableType) -> str:
    console = Console(width=200, record=True, file=None, quiet=False, color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def line(stats: dict[str, Any], beginning: str) -> list[str]:
    """The cells of the row of the closing table that begins so."""
    lines = shown(closing_table(stats)).splitlines()
    cells = [[cell.strip() for cell in line.strip("│┃ ").split("│")] for line in lines]
    return next(row for row in cells if row[0] == beginning)


BALANCED: dict[str, Any] = {
    "finish_reason": "finished",
    "newscrawl/outcome/article": 1200,
    "newscrawl/balanced": True,
    "newscrawl/ledger/rows": 3000,
    "newscrawl/ledger/queued": 1000,
    "newscrawl/ledger/done": 2000,
    "newscrawl/ledger/claims": 2010,
    "newscrawl/ledger/visits": 2000,
    "newscrawl/ledger/released": 10,
}


def test_each_outcome_that_occurred_has_a_row():
    table = shown(closing_table({"newscrawl/outcome/article": 3, "newscrawl/outcome/gone": 1}))
    told = [outcome for outcome in Outcome if f" {outcome} " in table]
    assert told == [Outcome.ARTICLE, Outcome.GONE]


def test_the_most_frequent_reasons_come_first():
    stats = {
        "newscrawl/outcome/rejected": 1010,
        "newscrawl/reason/rejected/MissingText": 5,
        "newscrawl/reason/rejected/TooShort": 1000,
        "newscrawl/reason/rejected/MissingHeadline": 5,
    }
    assert line(stats, "rejected") == [
        "rejected",
        "1,010",
        "TooShort 1,000, MissingHeadline 5, MissingText 5",
    ]


def test_a_reason_belongs_to_its_outcome():
    stats = {"newscrawl/outcome/failed": 1, "newscrawl/reason/rejected/TooShort": 9}
    assert line(stats, "failed")[:2] == ["failed", "1"]
    assert "TooShort" not in shown(closing_table(stats))


def test_visits_are_added_up():
    stats = {"newscrawl/outcome/article": 3, "newscrawl/outcome/gone": 1}
    assert line(stats, "visited")[:2] == ["visited", "4"]


def test_what_is_left_is_told():
    assert line({"newscrawl/ledger/queued": 1234}, "queued")[:2] == ["queued", "1,234"]


def test_a_crawl_without_stats_has_a_table_all_the_same():
    assert line({}, "visited")[:2] == ["visited", "0"]


def test_markup_in_a_reason_is_shown_as_it_is():
    stats = {"newscrawl/outcome/failed": 1, "newscrawl/reason/failed/[red]": 1}
    assert line(stats, "failed")[2] == "[red] 1"


def test_the_verdict_on_accounts_that_balance():
    assert verdict(BALANCED).plain == (
        "finished: 1,200 new articles; "
        "3,000 URLs known = 1,000 queued + 2,000 done; "
        "2,010 claims = 2,000 visits + 10 released"
    )


def test_articles_found_to_be_copies_later_are_not_counted_as_new():
    assert "1,199 new articles" in verdict({**BALANCED, "newscrawl/demoted": 1}).plain


def test_the_verdict_on_accounts_that_do_not_balance():
    told = verdict({**BALANCED, "newscrawl/balanced": False})
    assert told.plain.startswith("finished: THE LEDGER DOES NOT BALANCE; 3,000 URLs known")
    assert "red" in str(told.style)


def test_the_verdict_on_a_run_without_a_ledger():
    assert verdict({"finish_reason": "shutdown"}).plain == "shutdown: this run kept no ledger"

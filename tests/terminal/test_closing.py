from __future__ import annotations

import json
from typing import Any

from rich.console import Console, RenderableType

from newscrawl.history.accounts import Account, Articles
from newscrawl.outcomes import Outcome
from newscrawl.terminal.closing import alarms, as_json, closing_table, verdict, verdict_without
from tests.verdict.accounts import SUMS, an_account


def shown(renderable: RenderableType) -> str:
    console = Console(width=200, record=True, file=None, quiet=False, color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def line(account: Account, beginning: str) -> list[str]:
    """The cells of the row of the closing table that begins so."""
    lines = shown(closing_table(account)).splitlines()
    cells = [[cell.strip() for cell in line.strip("│┃ ").split("│")] for line in lines]
    return next(row for row in cells if row[0] == beginning)


def test_each_outcome_that_occurred_has_a_row():
    table = shown(closing_table(an_account(outcomes={"article": 3, "gone": 1})))
    told = [outcome for outcome in Outcome if f" {outcome} " in table]
    assert told == [Outcome.ARTICLE, Outcome.GONE]


def test_the_most_frequent_reasons_come_first():
    reasons = {"rejected": {"MissingText": 5, "TooShort": 1000, "MissingHeadline": 5}}
    assert line(an_account(outcomes={"rejected": 1010}, reasons=reasons), "rejected") == [
        "rejected",
        "1,010",
        "TooShort 1,000, MissingHeadline 5, MissingText 5",
    ]


def test_a_reason_belongs_to_its_outcome():
    account = an_account(outcomes={"failed": 1}, reasons={"rejected": {"TooShort": 9}})
    assert line(account, "failed")[:2] == ["failed", "1"]
    assert "TooShort" not in shown(closing_table(account))


def test_articles_found_to_be_copies_later_are_told_beside_those_visited():
    account = an_account(outcomes={"article": 315}, demoted=15)
    assert line(account, "article") == ["article", "315", "15 of them found to be copies later"]


def test_visits_are_added_up():
    assert line(an_account(outcomes={"article": 3, "gone": 1}), "visited")[:2] == ["visited", "4"]


def test_what_is_queued_is_told_with_why_it_waits():
    sums = SUMS._replace(queued=766)
    account = an_account(ledger=sums, queued={"tag_pages": 760, "pages": 6})
    assert line(account, "queued") == [
        "queued",
        "766",
        "tag and author pages deferred 760, wait for the next run 6",
    ]


def test_a_run_without_visits_has_a_table_all_the_same():
    assert line(an_account(outcomes={}), "visited")[:2] == ["visited", "0"]


def test_markup_in_a_reason_is_shown_as_it_is():
    account = an_account(outcomes={"failed": 1}, reasons={"failed": {"[red]": 1}})
    assert line(account, "failed")[2] == "[red] 1"


def test_the_verdict_on_accounts_that_balance():
    assert verdict(an_account()).plain == (
        "finished: 1,200 new articles; "
        "3,000 URLs known = 1,000 queued + 2,000 done; "
        "2,010 claims = 2,000 visits + 10 released"
    )


def test_copies_are_not_counted_as_new_articles():
    account = an_account(outcomes={"article": 315}, new=Articles(300, 15, 0))
    assert "300 new articles" in verdict(account).plain


def test_the_verdict_on_accounts_that_do_not_balance():
    told = verdict(an_account(ledger=SUMS._replace(claims=2011)))
    assert told.plain.startswith("finished: THE LEDGER DOES NOT BALANCE; 3,000 URLs known")
    assert "red" in str(told.style)


def test_a_run_that_read_nothing_is_not_told_in_green():
    assert "green" not in str(verdict(an_account(reason="unreachable")).style)


def test_a_crawl_without_an_account_is_told_with_why():
    assert verdict_without(None, "before the crawl began").plain == (
        "stopped: before the crawl began"
    )


STATS: dict[str, Any] = {
    "finish_reason": "finished",
    "newscrawl/alarms": 2,
    "newscrawl/alarm/1": "one",
    "newscrawl/alarm/2": "two",
}


def test_alarms_are_a_line_each():
    assert [each.plain for each in alarms(STATS)] == ["alarm: one", "alarm: two"]


def test_the_account_as_json_says_how_the_command_ended():
    told = json.loads(json.dumps(as_json(an_account(), STATS, 3, "")))
    assert (told["run"], told["status"], told["alarms"]) == (3, 3, ["one", "two"])
    assert told["ledger"]["balanced"] is True
    assert told["summary"].startswith("Complete: every page found was visited.")


def test_a_crawl_without_an_account_is_an_object_too():
    told = as_json(None, {"finish_reason": "locked"}, 75, "Not started: run 1 is at work")
    assert told == {
        "run": None,
        "reason": "locked",
        "status": 75,
        "alarms": [],
        "summary": "Not started: run 1 is at work",
    }


def test_an_account_is_the_same_after_a_way_through_json():
    account = an_account(new=Articles(1, 2, 3), queued={"sources": 4}, dead={"a.example": "moved"})
    assert Account.from_dict(json.loads(json.dumps(account.as_dict()))) == account

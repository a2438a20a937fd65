from __future__ import annotations

import pytest

from newscrawl.verdict.ending import ending, faults
from tests.verdict.accounts import an_account

BALANCED = {"newscrawl/balanced": True}


@pytest.mark.parametrize(
    "reason",
    [
        *("finished", "max_articles", "shutdown", "waiting", "endless", "locked", "taken_over"),
        "closespider_timeout",
    ],
)
def test_a_run_that_ended_in_order_has_no_fault(reason):
    assert ending(reason, BALANCED) == faults(reason, BALANCED) == []


@pytest.mark.parametrize(
    ("reason", "stats", "fault"),
    [
        ("store_failed", {"newscrawl/balanced": False}, "the run ended as store_failed"),
        (None, {}, "the run ended as None"),
        (
            "finished",
            {"newscrawl/balanced": False},
            "the accounts of the run do not balance",
        ),
        (
            "finished",
            {**BALANCED, "newscrawl/errors": 2, "spider_exceptions/count": 3},
            "errors in the code of the crawl: 3; see the log",
        ),
    ],
)
def test_a_fault_is_a_sentence(reason, stats, fault):
    assert faults(reason, stats) == ending(reason, stats) == [fault]


def test_a_run_that_grew_too_large_is_told_but_no_fault():
    assert faults("memusage_exceeded", BALANCED) == []
    (told,) = ending("memusage_exceeded", BALANCED)
    assert "outgrew MEMUSAGE_LIMIT_MB" in told


def test_a_site_without_an_end_is_told_but_no_fault():
    account = an_account(reason="endless", endless={"news.example": "news.example goes on"})
    assert faults("endless", BALANCED) == []
    assert ending("endless", BALANCED, account) == ["news.example goes on"]

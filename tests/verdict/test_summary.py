from __future__ import annotations

import pytest

from newscrawl.history.accounts import Articles
from newscrawl.verdict.summary import summary
from tests.verdict.accounts import an_account


def test_a_whole_walk_says_that_it_is_complete_what_it_stored_and_what_is_due():
    account = an_account(
        new=Articles(300, 12, 0),
        stored=Articles(300, 12, 0),
        due=23,
        next_due="2026-03-02T06:00:00+00:00",
    )
    assert summary(account) == (
        "Complete: every page found was visited. "
        "Stored: 300 new articles and 12 copies. "
        "In all: 300 articles and 12 copies. "
        "Due again: 23 known pages; the next one on 2026-03-02 06:00 UTC."
    )


def test_what_was_deferred_is_told_with_why():
    text = summary(an_account(queued={"tag_pages": 766}))
    assert text.startswith("Complete: every page found was visited, but for those deferred.")
    assert (
        "Deferred: 766 tag and author pages, which mostly list articles that are known; "
        "each run visits NEWSCRAWL_MAX_TAG_PAGES of them"
    ) in text


@pytest.mark.parametrize(
    ("reason", "beginning"),
    [
        ("max_articles", "It has the articles that max_articles asks for. "),
        ("closespider_timeout", "It has reached its limit CLOSESPIDER_TIMEOUT. "),
        ("shutdown", "It was stopped by a signal. "),
        ("memusage_exceeded", "It outgrew MEMUSAGE_LIMIT_MB and ended in order. "),
        ("start_error", "It ended as start_error. "),
        ("finished", "Not complete. "),
    ],
)
def test_a_walk_that_is_not_complete_says_why_and_what_waits(reason, beginning):
    text = summary(an_account(reason=reason, queued={"pages": 284}))
    assert text.startswith(beginning)
    assert "Waiting for the next run: 284 pages." in text


def test_a_site_that_asks_to_wait_is_named():
    text = summary(an_account(reason="waiting", detail="news.example until noon: 429"))
    assert text.startswith("Not complete: news.example until noon: 429.")


def test_a_site_that_could_not_be_read_is_told_with_each_start_url():
    unread = {"https://news.example/": "failed (Http500)"}
    text = summary(an_account(reason="unreachable", unread=unread, new=Articles()))
    assert text.startswith(
        "Nothing could be read: no start URL could be fetched "
        "(https://news.example/: failed (Http500)). Nothing new was stored."
    )


def test_one_page_is_not_one_pages():
    text = summary(an_account(new=Articles(1, 1, 1), queued={"suspects": 1}, due=1))
    assert "Stored: 1 new article, 1 copy and 1 new revision." in text
    assert "meanwhile: 1 page." in text
    assert "Due again: 1 known page." in text


def test_a_site_without_an_end_is_told_with_its_shape():
    said = "news.example goes on without end: 9 of them of the shape /maze/#"
    text = summary(an_account(reason="endless", detail=said, endless={"news.example": said}))
    assert text.startswith(f"Not complete: {said}.")
    text = summary(an_account(endless={"news.example": said}))
    assert text.count(said) == 1

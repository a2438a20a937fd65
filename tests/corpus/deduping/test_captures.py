"""The captures of one URL over time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newscrawl.corpus.layout import Layout
from tests.corpus.deduping.making import (
    HOUR,
    MORNING,
    Capture,
    dedupe,
    deduped,
    make,
    story,
    without_whence,
)

FIRST = Capture("/a", at=1, headline="A council meets")
AGAIN = FIRST._replace(at=2)
CHANGED = Capture("/a", story(2), at=3)
LAST = Capture("/a", story(2), at=5)


def test_the_latest_capture_is_the_article(tmp_path):
    (article,) = deduped(tmp_path, [FIRST, CHANGED]).articles
    assert article["text"] == story(2)
    assert article["revision"] == 2


def test_first_seen_is_the_first_capture_and_last_seen_the_last_one(tmp_path):
    (article,) = deduped(tmp_path, [FIRST, AGAIN, CHANGED, LAST]).articles
    assert article["first_seen"] == MORNING + HOUR
    assert article["last_seen"] == article["captured"] == MORNING + 5 * HOUR


def test_an_earlier_text_is_a_revision_with_the_moment_it_was_last_seen(tmp_path):
    dataset = deduped(tmp_path, [FIRST, AGAIN, CHANGED])
    (revision,) = dataset.revisions
    assert revision["id"] == dataset.articles[0]["id"]
    assert revision["text"] == FIRST.text
    assert (revision["revision"], revision["last_seen"]) == (1, MORNING + 2 * HOUR)


def test_revisions_are_numbered_in_the_order_of_their_captures_whatever_shards_they_are_in(
    tmp_path,
):
    texts = [Capture("/a", story(seed), at=seed) for seed in range(5)]
    dataset = deduped(tmp_path, texts[3:], [texts[0], texts[2]], [texts[1]])
    numbers = {row["text"]: row["revision"] for row in dataset.revisions}
    assert numbers == {story(seed): seed + 1 for seed in range(4)}
    assert dataset.articles[0]["revision"] == 5


def test_a_text_that_comes_back_is_one_more_revision(tmp_path):
    dataset = deduped(tmp_path, [FIRST, CHANGED, FIRST._replace(at=6)])
    assert dataset.articles[0]["revision"] == 3
    assert dataset.balance.revisions == 2


def test_captures_of_an_unchanged_page_are_counted_and_kept_once(tmp_path):
    dataset = deduped(tmp_path, [FIRST], [AGAIN], [FIRST._replace(at=7)])
    assert len(dataset.articles) == 1
    assert (dataset.balance.unchanged, dataset.balance.revisions) == (2, 0)


def test_a_record_that_is_in_two_shards_is_repeated(tmp_path):
    dataset = deduped(tmp_path, [FIRST, CHANGED], [FIRST], [FIRST, CHANGED])
    assert dataset.balance.repeated == 3
    assert len(dataset.articles) == len(dataset.revisions) == 1


def test_two_texts_at_one_moment_are_in_an_order_that_shards_do_not_decide(tmp_path):
    captures = [Capture("/a", story(seed), at=1) for seed in range(3)]
    told = [
        deduped(tmp_path / name, *([each] for each in order))
        for name, order in (("one", captures), ("two", captures[::-1]))
    ]
    assert without_whence(told[0].articles) == without_whence(told[1].articles)
    assert without_whence(told[0].revisions) == without_whence(told[1].revisions)


def test_every_row_says_from_which_record_it_is(tmp_path):
    dataset = deduped(tmp_path, [FIRST._replace(offset=70)], [CHANGED._replace(offset=8)])
    assert (dataset.revisions[0]["warc"], dataset.revisions[0]["offset"]) == (
        "/archive/000.warc.gz",
        70,
    )
    assert (dataset.articles[0]["warc"], dataset.articles[0]["offset"]) == (
        "/archive/001.warc.gz",
        8,
    )


@pytest.mark.parametrize("gap", [timedelta(microseconds=1), timedelta(days=4000)])
def test_captures_any_time_apart_are_told_apart(tmp_path, gap):
    later = FIRST._replace(at=FIRST.at + gap / HOUR)
    dataset = dedupe(make(tmp_path, [FIRST, later]))
    assert dataset.balance.unchanged == 1


def test_what_has_no_account_is_not_read(tmp_path):
    layout: Layout = make(tmp_path, [FIRST], [CHANGED])
    next(layout.shards.glob("001-*")).unlink()
    assert dedupe(layout).balance.rows == 1

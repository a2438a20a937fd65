from __future__ import annotations

import pytest

from tests.quality.bodies import Shares, f1, gain_low, runs, shares

STORY = "one two three four five six"


def test_runs_are_of_four_words_and_shorter_texts_are_one():
    assert set(runs(STORY)) == {
        ("one", "two", "three", "four"),
        ("two", "three", "four", "five"),
        ("three", "four", "five", "six"),
    }
    assert list(runs("one two")) == [("one", "two")]


def test_shares_are_of_what_was_said_and_meant():
    assert shares(STORY, "one two three four seven") == Shares(0.25, 0.25, 0.5)


@pytest.mark.parametrize(
    ("text", "found", "score"),
    [(STORY, STORY, 1.0), (STORY, "", 0.0), ("", STORY, 0.0), ("", "", 1.0)],
)
def test_f1(text, found, score):
    assert f1([shares(text, found)]) == score


def test_a_gain_on_every_page_is_no_chance():
    better, worse = Shares(0.9, 0.05, 0.05), Shares(0.8, 0.1, 0.1)
    assert gain_low([better] * 20, [worse] * 20) > 0
    assert gain_low([better, worse] * 10, [worse, better] * 10) < 0

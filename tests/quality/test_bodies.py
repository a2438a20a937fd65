from __future__ import annotations

import pytest

from tests.quality.bodies import (
    Shares,
    f1,
    is_unspaced,
    page_f1,
    passage_shares,
    runs,
    shares,
    word_shares,
)

STORY = "one two three four five six"


def test_runs_are_of_four_words_and_shorter_texts_are_one():
    assert set(runs(STORY)) == {
        ("one", "two", "three", "four"),
        ("two", "three", "four", "five"),
        ("three", "four", "five", "six"),
    }
    assert list(runs("one two")) == [("one", "two")]


def test_where_no_spaces_part_words_runs_are_of_characters():
    assert is_unspaced("市长宣布新的计划")
    assert not is_unspaced("The mayor's word for it is 计划, and that is all of it.")
    assert list(runs("新的，计划!", characters=True)) == [("新", "的", "计", "划")]


def test_shares_are_of_what_was_said_and_meant():
    assert shares(STORY, "one two three four seven") == Shares(0.25, 0.25, 0.5)


@pytest.mark.parametrize(
    ("text", "found", "score"),
    [(STORY, STORY, 1.0), (STORY, "", 0.0), ("", STORY, 0.0), ("", "", 1.0)],
)
def test_f1(text, found, score):
    assert f1([shares(text, found)]) == score


def test_f1_is_of_the_averages():
    pages = [Shares(1, 0, 0), Shares(0.25, 0.25, 0.5)]
    assert f1(pages) == pytest.approx(2 * 0.75 * (2 / 3) / (0.75 + 2 / 3))


def test_words_are_compared_whatever_their_case_and_order():
    assert page_f1(word_shares("The harbour is open", "OPEN is the Harbour")) == 1.0
    assert page_f1(word_shares("the harbour", "the harbour was shut")) == pytest.approx(2 / 3)


def test_passages_count_as_found_unwanted_and_missing():
    found = "The ferry  left\nat noon. Read also"
    assert passage_shares(["ferry left", "at dusk"], ["Read also", "Share"], found) == (1, 1, 1)

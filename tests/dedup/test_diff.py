"""What changed between two revisions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup import diff
from newscrawl.dedup.diff import Line, revised

TEXT = "The council met on Monday. It voted for the pier.\n\nWork begins in spring."


def version(text: str = TEXT, **values: Any) -> dict[str, Any]:
    usual = {"headline": "Pier", "subtitle": None, "authors": ["Ada Quill"], "published": None}
    return {**usual, "text": text, **values}


def lines(before: str, after: str) -> list[tuple[str, str]]:
    return [(line.sign, line.text) for line in revised(version(before), version(after)).lines]


def test_equal_versions_differ_in_nothing():
    assert revised(version(), version()) == ({}, [], 0.0)


def test_a_changed_field_is_told_with_both_values():
    change = revised(version(), version(headline="Pier to be rebuilt"))
    assert change.fields == {"headline": ("Pier", "Pier to be rebuilt")}


def test_the_names_say_whether_the_text_changed():
    change = revised(version(), version(TEXT + " Perhaps.", authors=[]))
    assert change.names == ["authors", "text"]


def test_a_reworded_sentence_went_and_came():
    assert lines(TEXT, TEXT.replace("spring", "autumn")) == [
        ("-", "Work begins in spring."),
        ("+", "Work begins in autumn."),
    ]


def test_a_new_sentence_came():
    assert lines(TEXT, TEXT.replace("It voted", "It rained. It voted")) == [("+", "It rained.")]


def test_other_paragraphs_around_the_same_sentences_are_no_change():
    assert lines(TEXT, TEXT.replace("\n\n", " ")) == []


def test_a_quote_ends_with_its_marks():
    assert lines("“We won.” They left.", "“We won.” They stayed.") == [
        ("-", "They left."),
        ("+", "They stayed."),
    ]


def test_chinese_sentences_are_told_apart_without_spaces():
    assert lines("会议周一开始。投票通过。", "会议周一开始。投票失败。") == [
        ("-", "投票通过。"),
        ("+", "投票失败。"),
    ]


def test_the_size_is_the_share_of_words_in_changed_sentences():
    change = revised(version("One two three. Four five six."), version("One two three. Seven."))
    assert change.size == pytest.approx(4 / 10)


def test_the_size_of_another_text_is_all_of_it():
    assert revised(version("One two."), version("Three four.")).size == 1.0


def test_too_many_changed_sentences_are_not_compared_pair_by_pair(monkeypatch):
    monkeypatch.setattr(diff, "MAX_COMPARED", 3)
    assert lines("Same. A. B. Same too.", "Same. C. A. Same too.") == [
        ("-", "A."),
        ("-", "B."),
        ("+", "C."),
        ("+", "A."),
    ]


@given(
    st.lists(st.sampled_from(["A.", "B.", "C."]), max_size=12),
    st.lists(st.sampled_from(["A.", "B.", "C."]), max_size=12),
)
def test_what_is_left_without_the_changed_lines_is_alike(old, new):
    change = revised(version(" ".join(old)), version(" ".join(new)))
    gone = [line.text for line in change.lines if line == Line("-", line.text)]
    come = [line.text for line in change.lines if line == Line("+", line.text)]
    assert sorted(old + come) == sorted(new + gone)

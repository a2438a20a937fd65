from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.normal_forms import _ROW, JOINER, MAX_MARKS, normalized, stream_safe

FORMS = ["NFC", "NFKC"]
MARKS = st.sampled_from("\u0301\u0316\u0344\u0f73\u0f81\uff9e\u3099a\u00e9 ")


def longest_row(text: str) -> int:
    """The longest row of characters that are sorted, once all has come apart."""
    row = longest = 0
    for each in unicodedata.normalize("NFKD", text):
        row = row + 1 if unicodedata.combining(each) else 0
        longest = max(longest, row)
    return longest


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73", "\u0344\u0316", "\uff9e\u0301"])
def test_no_row_of_marks_is_longer_than_the_format_allows(form, marks):
    assert longest_row(normalized(form, f"e{marks * 1_000}")) <= MAX_MARKS + 2


@given(st.text(MARKS, max_size=200))
def test_nothing_is_lost_but_joiners_come_between(text):
    for form in ("NFC", "NFKC"):
        kept = normalized(form, text)
        assert unicodedata.normalize("NFKD", kept.replace(JOINER, "")) == (
            unicodedata.normalize("NFKD", text.replace(JOINER, ""))
        )
        assert normalized(form, kept) == kept


@given(st.text(max_size=40))
def test_other_text_has_its_usual_form(text):
    for form in ("NFC", "NFKC"):
        assert longest_row(text) > MAX_MARKS or (
            normalized(form, text) == unicodedata.normalize(form, text)
        )


@pytest.mark.parametrize("text", ["", "ferry", "Zoë", "e" + "\u0301" * MAX_MARKS, "\u2014" * 90])
def test_a_text_without_long_rows_stays_as_it_is(text):
    assert stream_safe(text) == text


def test_every_mark_of_unicode_can_be_part_of_a_row():
    marks = [
        each
        for each in map(chr, range(sys.maxunicode + 1))
        if unicodedata.combining(unicodedata.normalize("NFKD", each)[0])
    ]
    assert len(marks) > 800
    assert [each for each in marks if not _ROW.match(each * (MAX_MARKS + 1))] == []

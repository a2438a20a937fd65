from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.pages.fields.counts import count, labelled_minutes, minutes
from tests.pages.examples import document


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("Reading Time: 9 mins read", 9),
        ("1,204 comments", 1204),
        ("1.2k", 1200),
        ("3M", 3_000_000),
        ("٣ تعليقات", 3),
        ("none", None),
        (None, None),
        ("9" * 40, None),
    ],
)
def test_counters(text, number):
    assert count(text) == number


@pytest.mark.parametrize(
    ("duration", "number"), [("PT9M", 9), ("PT1H5M", 65), ("P0DT0H7M30S", 7), ("9", None)]
)
def test_durations_are_whole_minutes(duration, number):
    assert minutes(duration) == number


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text):
    count(text)
    minutes(text)


def test_the_label_of_the_reading_time_may_be_the_second():
    head = """
        <meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann 7">
        <meta name="twitter:label2" content="Est. reading time">
        <meta name="twitter:data2" content="4 minutes">
    """
    assert labelled_minutes(document(head)) == 4


def test_other_labels_tell_no_reading_time():
    head = '<meta name="twitter:label1" content="Posts"><meta name="twitter:data1" content="7">'
    assert labelled_minutes(document(head)) is None

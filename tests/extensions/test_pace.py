from __future__ import annotations

import pytest

from newscrawl.extensions.pace import FEWEST_VISITS, Pace


def test_the_rate_is_that_of_the_last_seconds():
    pace = Pace(0.0)
    pace.note(100.0, 1000, 1000)
    pace.note(110.0, 1020, 1020)
    assert pace.rate == pytest.approx(2.0)


def test_where_nothing_more_is_found_what_waits_is_left():
    pace = Pace(0.0)
    pace.note(10.0, 50, 500)
    pace.note(400.0, 150, 500)
    assert pace.left(350) == 350


def test_what_is_still_to_be_found_is_left_too():
    pace = Pace(0.0)
    pace.note(10.0, 50, 500)
    pace.note(400.0, 150, 550)
    assert pace.left(400) == pytest.approx(800)


def test_nothing_is_known_of_what_is_left_where_each_visit_finds_another_page():
    pace = Pace(0.0)
    pace.note(10.0, 100, 300)
    assert pace.left(200) is None


def test_nothing_is_known_of_what_is_left_after_a_few_visits():
    pace = Pace(0.0)
    pace.note(10.0, FEWEST_VISITS - 1, 10)
    assert pace.left(5) is None

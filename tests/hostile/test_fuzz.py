"""A little of ``make fuzz``; an input that once failed stands here by itself."""

from __future__ import annotations

import pytest

from tests.hostile.fuzz import TARGETS, Fuzz


@pytest.mark.parametrize("number", range(len(TARGETS)))
def test_no_input_breaks_a_reader(number):
    runner = Fuzz()
    runner.run(TARGETS[number], 300, start=1)
    assert runner.inputs >= 100
    assert runner.hangs == 0

from __future__ import annotations

import pytest

from tests.siege.clocks import YEAR, figures, library

pytestmark = pytest.mark.skipif(library() is None, reason="libfaketime is not installed")


def test_what_a_clock_a_year_ahead_left_behind_is_over_once_it_is_right(tmp_path):
    found = dict(figures(tmp_path, errors=(YEAR,), moments=("between",), kinds=("sqlite",)))
    assert found == {"clock_cases": 1, "clock_cases_wrong": 0}

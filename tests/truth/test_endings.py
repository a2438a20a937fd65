from __future__ import annotations

from tests.truth.endings import measure


def test_a_run_that_committed_everything_never_ends_as_failed():
    assert measure(24, print) == []

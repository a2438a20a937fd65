from __future__ import annotations

from tests.truth.truncation import measure


def test_no_page_that_ends_early_is_stored():
    assert measure(12, lambda _: None) == []

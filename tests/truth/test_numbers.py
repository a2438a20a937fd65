from __future__ import annotations

from tests.truth.numbers import measure


def test_every_number_of_a_crawl_is_the_same_wherever_it_is_shown():
    assert measure(40, print) == []

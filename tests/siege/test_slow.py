from __future__ import annotations

from tests.siege.slow import ARTICLES, siege
from tests.siege.texts import pages, sources

CHOSEN = ("/slow/marks-of-two-classes/", "/feed/marks", "/sitemap/marks", "/api/marks")


def test_pages_meant_to_be_slow_end_and_the_honest_ones_are_stored(tmp_path):
    slow = [each for each in (*pages(20_000), *sources(20_000)) if each.path.startswith(CHOSEN)]
    told = siege(tmp_path, slow)
    asked = {each.path for each in told.costs}
    assert len(slow) > 12
    assert {each.path for each in slow} <= asked
    assert told.status == 0
    assert told.stored == ARTICLES


def test_there_are_a_hundred_pages_meant_to_be_slow():
    assert len({each.path for each in (*pages(100), *sources(100))}) >= 100

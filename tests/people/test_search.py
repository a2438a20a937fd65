"""The bench of the search in small: what is found is right, and the index small."""

from __future__ import annotations

from tests.people.search import figures


def test_a_small_library_is_searched_as_a_large_one_is(tmp_path):
    got = figures(tmp_path, 8000)
    assert 0 < got.share <= 0.4
    numbers = {each.name: len(each.found.articles) for each in got.asked}
    assert numbers.pop("a word nobody has") == 0
    assert numbers["the most frequent word"] == 20
    assert numbers["a word of a year"] > 0

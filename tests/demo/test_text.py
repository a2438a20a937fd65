from __future__ import annotations

import re
from itertools import combinations

from newscrawl.demo.content import text
from tests.demo.truth import KnownSite


def shingles(told):
    words = re.findall(r"\w+", told.lower())
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


def test_every_index_has_a_place_name_of_its_own():
    names = {text.place_name(index) for index in range(text.PLACE_NAMES + 500)}
    assert len(names) == text.PLACE_NAMES + 500


def test_two_stories_share_few_three_word_shingles():
    told = [shingles(article.text) for article in KnownSite(60).truth()]
    assert max(len(a & b) / min(len(a), len(b)) for a, b in combinations(told, 2)) < 0.25


def test_stories_have_150_to_1000_words():
    counts = [article.word_count for article in KnownSite(120).truth()]
    assert min(counts) >= 150
    assert max(counts) < 1000


def test_headlines_and_urls_are_unique():
    articles = list(KnownSite(400).truth())
    assert len({article.headline for article in articles}) == 400
    assert len({article.url for article in articles}) == 400

from __future__ import annotations

from newscrawl.extensions.coverage import MAX_CANDIDATES, WATCHED, CoverageCounter
from newscrawl.history.coverage import MISSING, Extracted, Given
from newscrawl.items import Article


def article(number: int, **provenance: str) -> Article:
    url = f"https://news.example/{number}/"
    return Article(id=f"{number:016x}", url=url, provenance=provenance)


def test_each_article_counts_once_in_each_field():
    counter = CoverageCounter()
    for number, rule in enumerate(("meta", "json-ld", "meta")):
        counter.add(article(number, authors=rule))
    counter.add(article(3))
    assert counter.articles == 4
    assert counter.fields["authors"] == {
        "meta": Given(2, "https://news.example/0/"),
        "json-ld": Given(1, "https://news.example/1/"),
        MISSING: Given(1, "https://news.example/3/"),
    }
    assert all(
        sum(given.articles for given in rules.values()) == 4 for rules in counter.fields.values()
    )


def test_what_a_rule_says_of_the_article_is_not_part_of_the_rule():
    counter = CoverageCounter()
    counter.add(article(0, authors="jnews:css:aggregator-byline"))
    counter.add(article(1, authors="jnews:css"))
    assert counter.fields["authors"]["jnews:css"].articles == 2


def test_what_pipelines_add_or_time_brings_is_not_watched():
    assert {"headline", "authors", "published", "text", "images"} <= WATCHED
    assert {"id", "word_count", "modified", "view_count", "next_url", "source_url"}.isdisjoint(
        WATCHED
    )


def test_no_more_candidates_are_kept_than_are_looked_at():
    counter = CoverageCounter()
    for number in range(MAX_CANDIDATES + 5):
        counter.add(article(number, authors="meta"))
    kept = counter.candidates["authors", "meta"]
    assert len(kept) == MAX_CANDIDATES
    assert kept[0] == Extracted("0" * 16, "https://news.example/0/", revised=False)


def test_an_article_can_be_shown_in_place_of_the_first():
    counter = CoverageCounter()
    counter.add(article(0, authors="meta"))
    counter.show({("authors", "meta"): "https://news.example/9/"})
    assert counter.fields["authors"]["meta"] == Given(1, "https://news.example/9/")

"""Counting, while a run goes on, which rule gave each field of its articles."""

from __future__ import annotations

from dataclasses import fields

from newscrawl.items import Article
from newscrawl.store.coverage import MISSING, FieldRules, Given

_OF_THE_PIPELINES = (
    "id",
    "url",
    "site",
    "word_count",
    "content_hash",
    "revision_hash",
    "duplicate_of",
    "duplicate_kind",
    "similarity",
    "revision",
    "first_seen",
    "last_seen",
    "found_via",
    "provenance",
)
_OF_AGE = ("modified", "next_url", "share_count", "view_count")
"""What a page lacks while it is new, so that runs differ in it without any fault."""

WATCHED = frozenset({field.name for field in fields(Article)}.difference(_OF_THE_PIPELINES, _OF_AGE))


class CoverageCounter:
    """The coverage of one site in one run."""

    def __init__(self) -> None:
        self.articles = 0
        self.fields: FieldRules = {name: {} for name in sorted(WATCHED)}

    def add(self, article: Article) -> None:
        """Count an article as its page gave it, whatever became of it afterwards."""
        for name, rules in self.fields.items():
            rule = article.provenance.get(name, MISSING)
            given = rules.get(rule) or Given(0, self.articles, article.url)
            rules[rule] = given._replace(articles=given.articles + 1)
        self.articles += 1

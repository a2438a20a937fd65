"""Counting, while a run goes on, which rule gave each field of its articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields

from newscrawl.history.coverage import MISSING, Extracted, FieldRules, Given, rule_of
from newscrawl.items import Article

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
    "extra",
)
_OF_THE_READING = ("confidence", "doubts")
"""What is said of a text, not by its page."""
_OF_AGE = ("modified", "next_url", "share_count", "view_count")
"""What a page lacks while it is new, so that runs differ in it without any fault."""

_OF_ORIGIN = ("source_url", "source_name")
"""What only syndicated articles have, which come in batches."""

WATCHED = frozenset(
    {field.name for field in fields(Article)}.difference(
        _OF_THE_PIPELINES, _OF_THE_READING, _OF_AGE, _OF_ORIGIN
    )
)
MAX_CANDIDATES = 20


class CoverageCounter:
    """The coverage of one site in one run.

    ``candidates`` are the first articles with each field by each rule, to show one of them.
    """

    def __init__(self) -> None:
        self.articles = 0
        self.fields: FieldRules = {name: {} for name in sorted(WATCHED)}
        self.candidates: dict[tuple[str, str], list[Extracted]] = defaultdict(list)

    def add(self, article: Article) -> None:
        """Count an article as its page gave it, whatever became of it afterwards."""
        for name in article.extra.keys() - self.fields.keys():
            self.fields[name] = self._missed(article.url)
        self.articles += 1
        extracted = Extracted(article.id, article.url, article.revision > 1)
        for name, rules in self.fields.items():
            rule = rule_of(article.provenance, name)
            given = rules.get(rule) or Given(0, article.url)
            rules[rule] = given._replace(articles=given.articles + 1)
            if given.articles < MAX_CANDIDATES:
                self.candidates[name, rule].append(extracted)

    def _missed(self, url: str) -> dict[str, Given]:
        """An own field that no article had so far."""
        return {MISSING: Given(self.articles, url)} if self.articles else {}

    def show(self, urls: Mapping[tuple[str, str], str]) -> None:
        """Show these articles for a field and its rule."""
        for (name, rule), url in urls.items():
            self.fields[name][rule] = self.fields[name][rule]._replace(url=url)

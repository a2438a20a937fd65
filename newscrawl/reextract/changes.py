"""What newer rules change of an article that is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from newscrawl.dedup.signatures import content_hash, revision_hash
from newscrawl.items import FIELDS, Article, Image
from newscrawl.own_items import rules_renewed

KEPT = frozenset(
    {"id", "url", "canonical_url", "site", "revision", "first_seen", "last_seen", "found_via"}
    | {"duplicate_of", "duplicate_kind", "similarity"}
)
"""What a page's own text does not decide, or must not: an article keeps its identity."""
HASHES = frozenset({"content_hash", "revision_hash"})
OF_THE_TEXT = ("word_count", "confidence", "doubts")
DERIVED = HASHES | {*OF_THE_TEXT, "provenance"}
"""What follows from other fields."""
RENEWABLE = tuple(name for name in FIELDS if name not in KEPT | DERIVED)
SAMPLES = 3
SHOWN = 70
"""Characters of a value that a sample shows."""


def renewed(stored: Article, again: Article, names: Collection[str] = RENEWABLE) -> Article:
    """Return ``stored`` with the fields ``names`` as they were read again, and what follows of them."""
    values: dict[str, Any] = {name: getattr(again, name) for name in names}
    if "images" in names:
        values["images"] = _with_paths(again.images, stored.images)
    if "text" in names:
        values |= {name: getattr(again, name) for name in OF_THE_TEXT}
    read = {*names, *(OF_THE_TEXT if "text" in names else ())}
    values["provenance"] = {
        **{name: rule for name, rule in stored.provenance.items() if name not in read},
        **{name: rule for name, rule in again.provenance.items() if name in read},
    }
    if "extra" in names:  # what a pipeline of the crawl added is not read again
        values["extra"] = stored.extra | again.extra
        values["provenance"] = rules_renewed(values["provenance"], again.extra, again)
    article = replace(stored, **values)
    article.content_hash = content_hash(article.text)
    article.revision_hash = revision_hash(article)
    return article


def _with_paths(images: list[Image], stored: list[Image]) -> list[Image]:
    """A picture that is kept stays kept: nothing is fetched again."""
    paths = {image.url: image.path for image in stored}
    return [replace(image, path=paths.get(image.url)) for image in images]


def differing(before: Article, after: Article) -> list[str]:
    """Return the fields that differ, also dates that name the same moment with another offset."""
    names = (*RENEWABLE, *sorted(DERIVED))
    return [name for name in names if _plain(before, name) != _plain(after, name)]


def _plain(article: Article, name: str) -> Any:
    value = getattr(article, name)
    return value.isoformat() if isinstance(value, datetime) else value


class Sample(NamedTuple):
    """A change, as much of it as fits a line."""

    url: str
    before: str
    after: str


class Changes:
    """Counts by field what was gained, lost and changed, with the first few of each."""

    def __init__(self) -> None:
        self.articles = 0
        self.gained: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.samples: defaultdict[str, list[Sample]] = defaultdict(list)

    @property
    def fields(self) -> list[str]:
        """The fields with a change, in the order of the schema, without the hashes of others."""
        counts = self.gained + self.lost + self.changed
        return [name for name in FIELDS if counts[name] and name not in HASHES]

    def add(self, before: Article, after: Article) -> bool:
        """Count the changes of an article; say whether there are any."""
        names = differing(before, after)
        for name in names:
            old, new = _plain(before, name), _plain(after, name)
            kind = self.gained if _is_empty(old) else self.lost if _is_empty(new) else self.changed
            kind[name] += 1
            if len(self.samples[name]) < SAMPLES:
                self.samples[name].append(Sample(before.url, *_excerpts(str(old), str(new))))
        self.articles += bool(names)
        return bool(names)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Return both from a little before where they begin to differ."""
    pairs = zip(before, after, strict=False)
    same = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))
    begin = max(0, same - SHOWN // 3)
    return _excerpt(before, begin), _excerpt(after, begin)


def _excerpt(text: str, begin: int) -> str:
    shown = " ".join(text[begin : begin + SHOWN].split())
    return f"{'…' * (begin > 0)}{shown}{'…' * (begin + SHOWN < len(text))}"

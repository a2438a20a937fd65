"""One page, read once by us and by each peer that is measured on it, as marks without any text."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.quality import readers
from tests.quality.answers import day, same_day, same_people, same_picture, same_title
from tests.quality.bodies import Shares, is_unspaced, page_f1, passage_shares, shares, word_shares
from tests.quality.readers import Reading
from tests.quality.samples import ARTICLE, Sample

OURS = "newscrawl"
NO_TABLES = frozenset({"generic", "publishers"})
"""Sets whose truth leaves tables out."""
AT_ONCE = 8
"""Pages that a process takes at a time."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What one reader's answers are worth; a mark is absent where there is no truth for it."""

    body: Shares | None = None
    """In the measure of the set, by runs of words or by passages."""
    words: float | None = None
    """F1 of single words."""
    right: Mapping[str, bool] = field(default_factory=dict)
    """By field: title, authors, dates, lead_image."""
    has_date: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A page and the marks of its readers by name; ``judged`` is our own word for its kind."""

    group: str
    name: str
    held: bool
    kind: str
    judged: str
    confidence: float | None
    marks: Mapping[str, Marks]

    @property
    def score(self) -> float | None:
        """How good our body is: by words for the set of many kinds, else in the set's measure."""
        ours = self.marks[OURS]
        if self.group == "wcxb":
            return ours.words
        return None if ours.body is None else page_f1(ours.body)


def wanted(sample: Sample) -> dict[str, Any]:
    """Return the fields with a truth, by the names that marks have; an empty list is one: nobody."""
    truth = sample.truth
    people = truth.get("author") or truth.get("byline")
    if "authors" in truth:
        people = truth["authors"] or []
    when = day(truth.get("date") or truth.get("date_published") or "")
    found = {
        "title": truth.get("title"),
        "authors": people,
        "dates": when,
        "lead_image": truth.get("lead_image_url"),
    }
    return {name: value for name, value in found.items() if value or value == []}


def marked(sample: Sample, said: Reading) -> Marks:
    right = {}
    for name, truth in wanted(sample).items():
        if name in said.names:
            right[name] = is_right(name, said, truth)
    body, words = body_marks(sample, said.text) if "body" in said.names else (None, None)
    return Marks(body, words, right, has_date=said.published is not None)


def is_right(name: str, said: Reading, truth: Any) -> bool:
    if name == "title":
        return same_title(said.title, truth)
    if name == "authors":
        return same_people(said.authors or (), truth)
    if name == "dates":
        return same_day(said.published, truth)
    return same_picture(said.lead, truth)


def body_marks(sample: Sample, found: str) -> tuple[Shares | None, float | None]:
    if sample.group == "segments":
        truth = sample.truth
        return passage_shares(truth.get("with", ()), truth.get("without", ()), found), None
    if sample.text is None or sample.kind != ARTICLE:
        return None, None
    characters = sample.group == "multilingual" and is_unspaced(sample.text)
    body = shares(sample.text, found, characters=characters)
    return body, page_f1(word_shares(sample.text, found))


def read(sample: Sample) -> Scored:
    """Read a page by everybody who is measured on it; only articles have peers."""
    response = sample.response
    try:
        ours = readers.newscrawl(response)
    except Exception as error:
        error.add_note(f"reading {sample.name} of {sample.group}")
        raise
    said = {OURS: ours}
    if sample.kind == ARTICLE:
        if sample.group != "dates":
            has_tables = sample.group not in NO_TABLES
            said["trafilatura"] = readers.trafilatura(response, has_tables=has_tables)
        if sample.group not in {"dates", "metadata"}:
            said["readability"] = readers.readability(response)
        if "dates" in wanted(sample):
            said["htmldate"] = readers.htmldate(response)
    marks = {name: marked(sample, each) for name, each in said.items()}
    held, confidence = sample.held, ours.confidence
    return Scored(sample.group, sample.name, held, sample.kind, ours.kind, confidence, marks)


def read_all(samples: Iterable[Sample]) -> list[Scored]:
    """Over all cores, in the order given."""
    with ProcessPoolExecutor(os.cpu_count(), initializer=quieten) as pool:
        return list(pool.map(read, samples, chunksize=AT_ONCE))


def quieten() -> None:
    """Without the warnings of the peers."""
    logging.disable()
    warnings.simplefilter("ignore")

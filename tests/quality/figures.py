"""From the marks of pages to figures by name: of a set, a half and a reader.

A name is ``<set>_<what>_<half>``, with the peer's name behind where the figure is a peer's; without
a half it is of both together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from tests.quality.gains import (
    Measure,
    Parts,
    f1_of_counts,
    f1_of_means,
    figure,
    gain_low,
    mean,
)
from tests.quality.samples import ARTICLE
from tests.quality.scores import OURS, Marks, Scored

HALVES = {"_tuned": {False}, "_held": {True}, "": {False, True}}
HALF = 0.5
"""F1 of words below which a body has collapsed."""
UNLIKE_ARTICLES = ("listing", "collection", "product", "service")
FIELDS = ("title", "authors", "dates", "lead_image")
GOOD = 0.8
"""F1 from which a body needs no second look."""
TENTH = 10


class Bodies(NamedTuple):
    """How the bodies of a set are measured: the name of the figure and what it is made of."""

    name: str
    parts: Callable[[Marks], Parts]
    measure: Measure


def words(marks: Marks) -> Parts:
    return (marks.words or 0.0,)


def averages(marks: Marks) -> Parts:
    assert marks.body is not None
    return marks.body.precision, marks.body.recall


def counts(marks: Marks) -> Parts:
    assert marks.body is not None
    right, surplus, missing = marks.body
    return right, right + surplus, right + missing


MAIN = {
    "wcxb": Bodies("wcxb_article", words, mean),
    "generic": Bodies("generic_body", averages, f1_of_means),
    "publishers": Bodies("publishers_body", averages, f1_of_means),
    "readability": Bodies("readability_body", averages, f1_of_means),
    "multilingual": Bodies("multilingual_body", averages, f1_of_means),
    "segments": Bodies("segments", counts, f1_of_counts),
}
"""The measure of each set's bodies that a gain is taken in."""


def figures(pages: Sequence[Scored]) -> dict[str, float]:
    """All figures of the sets that are there, in the order of the sets."""
    found: dict[str, float] = {}
    for group in dict.fromkeys(page.group for page in pages):
        for half, sides in HALVES.items():
            those = [page for page in pages if page.group == group and page.held in sides]
            articles = [page for page in those if page.kind == ARTICLE]
            found |= bodies(group, half, articles)
            if half:
                found |= kinds(group, half, those)
                found |= fields(group, half, articles)
            elif group == "publishers":
                found |= whole_fields(articles)
    return found


def bodies(group: str, half: str, articles: Sequence[Scored]) -> dict[str, float]:
    """F1 of each reader, and the lower end of what ours has over the best peer of this half."""
    pages = [page for page in articles if page.marks[OURS].body is not None]
    if group not in MAIN or not pages:
        return {}
    name, parts, measure = MAIN[group]
    rows = {
        who: [parts(page.marks[who]) for page in pages] for who in pages[0].marks if measures(who)
    }
    found = {f"{name}_f1{half}{suffix(who)}": figure(row, measure) for who, row in rows.items()}
    best = max((who for who in rows if who != OURS), key=lambda who: figure(rows[who], measure))
    found[f"{name}_gain_low{half}"] = gain_low(rows[OURS], rows[best], measure)
    if group == "wcxb" and half:
        for who in rows:
            shingles = figure([averages(page.marks[who]) for page in pages], f1_of_means)
            found[f"{name}_shingles{half}{suffix(who)}"] = shingles
            low = [(page.marks[who].words or 0.0) < HALF for page in pages]
            found[f"{group}_under_half{half}{suffix(who)}"] = share(low)
    return found


def measures(who: str) -> bool:
    """Whether a reader says anything of bodies."""
    return who != "htmldate"


def suffix(who: str) -> str:
    return "" if who == OURS else f"_{who}"


def share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers)


def kinds(group: str, half: str, pages: Sequence[Scored]) -> dict[str, float]:
    """Articles judged something else, and the other way round."""
    found = {}
    articles = [page.judged != ARTICLE for page in pages if page.kind == ARTICLE]
    if articles:
        found[f"{group}_not_article{half}"] = share(articles)
    for kind in UNLIKE_ARTICLES:
        judged = [page.judged == ARTICLE for page in pages if page.kind == kind]
        if judged:
            found[f"{group}_{kind}_as_article{half}"] = share(judged)
    return found


def fields(group: str, half: str, articles: Sequence[Scored]) -> dict[str, float]:
    """Return shares of right answers by field and reader; of dates also those right of those given."""
    found = {}
    for name, who, marks in told(articles):
        label = name if name in {group, "lead_image"} else f"{group}_{name}"
        found[f"{label}{half}{suffix(who)}"] = share([each.right[name] for each in marks])
        given = [each.right[name] for each in marks if each.has_date]
        if name == "dates" and given:
            found[f"{label}_precision{half}{suffix(who)}"] = share(given)
    return found


def told(articles: Sequence[Scored]) -> Iterator[tuple[str, str, list[Marks]]]:
    """Each field with each reader who tells it, and the marks of the pages that have a truth."""
    readers = list(dict.fromkeys(who for page in articles for who in page.marks))
    for name in FIELDS:
        for who in readers:
            marks = [page.marks[who] for page in articles if who in page.marks]
            if those := [each for each in marks if name in each.right]:
                yield name, who, those


def whole_fields(articles: Sequence[Scored]) -> dict[str, float]:
    """The fields of publishers over both halves, under the names they have always had."""
    ours = {name: marks for name, who, marks in told(articles) if who == OURS}
    names = {"title": "title", "authors": "authors", "dates": "date"}
    return {
        f"publishers_{label}": share([each.right[name] for each in ours[name]])
        for name, label in names.items()
        if name in ours
    }


def confidence(pages: Sequence[Scored]) -> dict[str, float | None]:
    """The share of the poor bodies that the tenth of the lowest confidence holds, by half.

    All articles with a body's truth together, ordered by our confidence; ``None`` where the item
    says none.
    """
    return {
        f"confidence_lowest_tenth{half}": lowest_tenth(
            [page for page in pages if page.held in sides]
        )
        for half, sides in HALVES.items()
        if half
    }


def lowest_tenth(pages: Sequence[Scored]) -> float | None:
    known = [
        (page.confidence, page.score)
        for page in pages
        if page.confidence is not None and page.score is not None
    ]
    lowest = sorted(known, key=itemgetter(0))[: max(1, round(len(known) / TENTH))]
    poor, poor_there = (sum(score < GOOD for _, score in each) for each in (known, lowest))
    return poor_there / poor if poor else None

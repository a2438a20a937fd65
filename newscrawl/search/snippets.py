"""The place of a text that says what was asked for, with the words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newscrawl.search.query import Term
from newscrawl.store.folding import places

LENGTH = 240
"""Characters of a snippet."""
BEFORE = 60
"""Characters before the first word that is marked."""
JOINERS = "\u200c\u200d"
"""Marks without width that letters need; others could turn a line around."""
LOOKED_AT = 100_000
"""Characters of a text in which words are marked."""


class Part(NamedTuple):
    text: str
    is_marked: bool = False


class _Place(NamedTuple):
    begin: int
    end: int


def snippet(text: str, terms: Sequence[Term]) -> list[Part]:
    """Return a piece of a text on one line: where most of the terms stand close together.

    A text without them gives its beginning.
    """
    found = list(_found(text[:LOOKED_AT], terms))
    begin = max(0, _best(found) - BEFORE)
    while 0 < begin < len(text) and not text[begin - 1].isspace() and begin > _best(found) - LENGTH:
        begin -= 1
    end = begin + LENGTH
    inside = [each for each in found if begin <= each.begin and each.end <= end]
    parts = list(_parts(text, begin, end, inside))
    return [
        *([Part("…")] if begin else []),
        *parts,
        *([Part("…")] if end < len(text) else []),
    ]


def marked(text: str, terms: Sequence[Term]) -> list[Part]:
    """Return a whole text with the words marked."""
    return list(_parts(text, 0, len(text), list(_found(text[:LOOKED_AT], terms))))


def _parts(text: str, begin: int, end: int, found: Sequence[_Place]) -> Iterator[Part]:
    at = begin
    for place in found:
        if at < place.begin:
            yield Part(_line(text[at : place.begin]))
        yield Part(_line(text[place.begin : place.end]), is_marked=True)
        at = place.end
    if at < min(end, len(text)):
        yield Part(_line(text[at:end]))


def _line(text: str) -> str:
    return "".join(each if each.isprintable() or each in JOINERS else " " for each in text)


def _found(text: str, terms: Sequence[Term]) -> Iterator[_Place]:
    """Yield where terms stand, one after the other; phrases as one."""
    said = list(places(text)) if terms else []
    at = 0
    while at < len(said):
        length = max((_length(said, at, term) for term in terms), default=0)
        if length:
            yield _Place(said[at][0], said[at + length - 1][1])
        at += length or 1


def _length(said: Sequence[tuple[int, int, str]], at: int, term: Term) -> int:
    """Return how many words from here on are the term; 0 where it is another one."""
    there = [word for _, _, word in said[at : at + len(term.words)]]
    if len(there) < len(term.words) or term.is_left_out:
        return 0
    *first, last = term.words
    fits = there[-1].startswith(last) if term.is_start else there[-1] == last
    return len(there) if fits and there[:-1] == first else 0


def _best(found: Sequence[_Place]) -> int:
    """Return where the snippet with the most marks begins."""
    best, most = 0, 0
    for place in found[:500]:
        number = sum(1 for each in found[:500] if place.begin <= each.begin < place.begin + LENGTH)
        if number > most:
            best, most = place.begin, number
    return best

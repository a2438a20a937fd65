"""What a revision changed: which fields, which sentences, and how much of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, NamedTuple

FIELDS = ("headline", "subtitle", "authors", "published")
MAX_COMPARED = 4_000_000
"""Pairs of sentences; where more are left between what is alike at both ends, all count as changed."""
_END_OF_SENTENCE = re.compile(r"[.!?…\n。！？](?:(?<=[\n。！？])|[”’\"')\]]?\s+)")
"""The rarest comes first, which is what is looked for. Behind a full width mark nothing is needed."""


class Line(NamedTuple):
    """A sentence; ``sign`` is ``-`` for one that went, ``+`` for one that came."""

    sign: str
    text: str


class Revised(NamedTuple):
    """The difference of two revisions."""

    fields: dict[str, tuple[Any, Any]]
    """Before and after, of those that differ."""
    lines: list[Line]
    size: float
    """Share of the words of both texts that are in changed sentences, from 0 to 1."""

    @property
    def names(self) -> list[str]:
        return [*self.fields, *(["text"] if self.lines else [])]


def revised(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Revised:
    """Compare two revisions by what makes one, see ``revision_hash``."""
    changed = {name: (before[name], after[name]) for name in FIELDS if before[name] != after[name]}
    old, new = sentences(before["text"]), sentences(after["text"])
    lines = list(_changed(old, new))
    total = sum(map(_length, old)) + sum(map(_length, new))
    size = sum(_length(line.text) for line in lines) / total if total else 0.0
    return Revised(changed, lines, size)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line break ends one too."""
    ends = [found.end() for found in _END_OF_SENTENCE.finditer(text)]
    parts = (text[start:end] for start, end in pairwise([0, *ends, len(text)]))
    return [found for part in parts if (found := part.strip())]


def _length(sentence: str) -> int:
    return len(sentence.split())


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    head = _alike(old, new)
    old, new = old[head:], new[head:]
    tail = _alike(old[::-1], new[::-1])
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    whole = ("replace", 0, len(old), 0, len(new))
    few = len(old) * len(new) <= MAX_COMPARED
    matched = SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if few else [whole]
    for kind, first, last, new_first, new_last in matched:
        if kind != "equal":
            yield from (Line("-", sentence) for sentence in old[first:last])
            yield from (Line("+", sentence) for sentence in new[new_first:new_last])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many sentences are the same from the first on."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))

"""What a revision changed, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from sqlalchemy import RowMapping

from newscrawl.dedup.diff import Line, revised

MAX_WORDS = 1500
"""Of a changed place on either side; of a longer one all counts as changed."""
SAME, GONE, CAME = "same", "gone", "came"
_WORD = re.compile(r"\s+|\S+")


class Piece(NamedTuple):
    kind: str
    text: str


class Change(NamedTuple):
    """What one revision changed; ``places`` are those of the text."""

    revision: int
    last_seen: Any
    """When the text before it was last seen."""
    fields: dict[str, tuple[Any, Any]]
    places: list[list[Piece]]
    size: float


def changes(article: RowMapping, earlier: Sequence[RowMapping]) -> list[Change]:
    """Return what each revision changed, the latest first."""
    return [_change(before, after) for before, after in pairwise([*earlier, article])][::-1]


def _change(before: RowMapping, after: RowMapping) -> Change:
    found = revised(before, after)
    return Change(
        after["revision"], before["last_seen"], found.fields, list(_places(found.lines)), found.size
    )


def _places(lines: Sequence[Line]) -> Iterator[list[Piece]]:
    """Yield changed places: sentences that went, with those that came in their stead."""
    gone = ""
    for sign, group in groupby(lines, lambda line: line.sign):
        said = " ".join(line.text for line in group)
        if sign == "-":
            if gone:
                yield [Piece(GONE, gone)]
            gone = said
        else:
            yield list(_pieces(gone, said))
            gone = ""
    if gone:
        yield [Piece(GONE, gone)]


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or max(len(old), len(new)) > 2 * MAX_WORDS:
        yield from (Piece(kind, text) for kind, text in ((GONE, before), (CAME, after)) if text)
        return
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(old[first:last]))
            continue
        for name, words in ((GONE, old[first:last]), (CAME, new[begin:end])):
            if words:
                yield Piece(name, "".join(words))

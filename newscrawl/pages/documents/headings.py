"""Which heading of a page is that of its story: one that the page's titles repeat."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.core import CORE
from newscrawl.pages.documents.document import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newscrawl.pages.documents.document import Element

PARTS = re.compile(r"\s+[-–—|·•»:*/]+\s+|\s*[|»：｜ㅣ]\s*")
MAX_TITLE = 1_000
"""Characters of a title or heading that are looked at."""
ENOUGH = 8
"""Letters; what is shorter is in many a title by chance."""
IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
LETTERS_EACH = 3
"""That one of them counts for."""


WORD = re.compile(r"\w{2,}")
RUNS = re.compile(r"[^\W_]+")


def _alphanumeric(text: str) -> str:
    return "".join(RUNS.findall(text))


alphanumeric: Callable[[str], str] = (
    _alphanumeric if CORE.compiled is None else CORE.compiled.alphanumeric
)


def letters(text: str) -> str:
    return alphanumeric(text.casefold())


class Title(NamedTuple):
    """The letters of a title, and of what stands between its separators, and its words."""

    whole: str
    parts: frozenset[str]
    words: frozenset[str]


def titles_of(texts: Iterable[str]) -> list[Title]:
    cut = dict.fromkeys(text[:MAX_TITLE] for text in texts if text)
    return [
        Title(letters(text), frozenset(map(letters, PARTS.split(text))), words_of(text))
        for text in cut
    ]


def name_of(heading: Element) -> str:
    return letters(text_of(heading)[:MAX_TITLE])


def weight(name: str) -> int:
    """The letters of a name, as many as an alphabet would need."""
    return len(name) + (LETTERS_EACH - 1) * len(IDEOGRAPHS.findall(name))


def repeated(headings: Iterable[Element], titles: Sequence[Title]) -> Element | None:
    """The heading whose words, the more the better, stand in a title; ``None`` where none do."""
    named = [(name, each) for each in headings if (name := name_of(each))]
    inside = [each for each in named if any(each[0] in title.whole for title in titles)]
    return max(inside, key=lambda each: len(each[0]), default=("", None))[1]


def titled(
    headings: Iterable[Element], titles: Sequence[Title], most: int, *, mainly: bool = False
) -> Element | None:
    """The first heading that is a title, a part of one between separators, or begins as one does.

    ``mainly``: of more than half of its letters.
    """
    for each in islice(headings, most):
        name = name_of(each)
        wanted = (title for title in titles if not mainly or len(name) * 2 > len(title.whole))
        if name and any(is_title(name, title) for title in wanted):
            return each
    return None


def is_title(name: str, title: Title) -> bool:
    if name in title.parts or name == title.whole:
        return True
    short, long = sorted((name, title.whole), key=len)
    return weight(short) >= ENOUGH and long.startswith(short)


def is_akin(heading: Element, titles: Sequence[Title]) -> bool:
    """Whether half the words of a heading, or of a title, stand in the other."""
    said = words_of(text_of(heading)[:MAX_TITLE])
    return any(len(said & each.words) * 2 >= min(len(said), len(each.words)) for each in titles)


def words_of(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))

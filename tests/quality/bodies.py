"""How much of an article's words its body has, and how little else.

Three measures, each that of the set it is used for: bags of runs of four words (of four characters
where no spaces part words), bags of single words, and passages that must or must not be there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Unit = TypeVar("Unit")

WORD = re.compile(r"\w+")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
"""Kana and Han, which are written without spaces."""
MOSTLY = 0.2
"""Share of a text in such letters from which its runs are of characters."""
RUN = 4


class Shares(NamedTuple):
    right: float
    surplus: float
    missing: float

    @property
    def precision(self) -> float:
        said = self.right + self.surplus
        return self.right / said if said else float(self.missing == 0)

    @property
    def recall(self) -> float:
        meant = self.right + self.missing
        return self.right / meant if meant else float(self.surplus == 0)


def is_unspaced(text: str) -> bool:
    return len(UNSPACED.findall(text)) > MOSTLY * len(text)


def runs(text: str, *, characters: bool = False) -> Counter[tuple[str, ...]]:
    units = list(filter(str.isalnum, text)) if characters else WORD.findall(text)
    if len(units) < RUN:
        return Counter([tuple(units)] if units else [])
    return Counter(tuple(units[at : at + RUN]) for at in range(len(units) - RUN + 1))


def shares(text: str, found: str, *, characters: bool = False) -> Shares:
    return compared(runs(text, characters=characters), runs(found, characters=characters))


def word_shares(text: str, found: str) -> Shares:
    """Return the shares of single words, whatever their case and order."""
    meant, said = (Counter(WORD.findall(each.lower())) for each in (text, found))
    return compared(meant, said)


def passage_shares(wanted: Sequence[str], unwanted: Sequence[str], found: str) -> Shares:
    """Return counts of passages, equal letters but for white space."""
    text = folded(found)
    right = sum(folded(each) in text for each in wanted)
    surplus = sum(folded(each) in text for each in unwanted)
    return Shares(right, surplus, len(wanted) - right)


def compared(meant: Counter[Unit], said: Counter[Unit]) -> Shares:
    right = (meant & said).total()
    surplus, missing = said.total() - right, meant.total() - right
    whole = right + surplus + missing or 1
    return Shares(right / whole, surplus / whole, missing / whole)


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def balanced(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def page_f1(page: Shares) -> float:
    return balanced(page.precision, page.recall)


def f1(pages: Sequence[Shares]) -> float:
    """F1 of the averages over the pages."""
    return balanced(
        sum(each.precision for each in pages) / len(pages),
        sum(each.recall for each in pages) / len(pages),
    )

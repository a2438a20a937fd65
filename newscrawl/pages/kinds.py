"""What a page is, apart from what became of its visit."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Evidence = dict[str, str | int | bool]

ENOUGH_TEASERS = 3
"""Links to own articles that make a page without a body a listing."""


class PageKind(StrEnum):
    ARTICLE = "article"
    LISTING = "listing"
    PAGE = "page"
    PART = "part"


class Judgement(NamedTuple):
    """A kind and what decided it."""

    kind: PageKind
    evidence: Evidence


def judged(kind: PageKind, by: str, evidence: Mapping[str, str | int | bool]) -> Judgement:
    return Judgement(kind, {"rule": by, **evidence})

"""Which kinds of page are taken for which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.quality.scores import Scored

COLUMNS = ("article", "listing", "page", "part", "other")
"""Our kinds; walls, shells and pages that are not there are rare, and one column."""
TYPES = ("article", "documentation", "forum", "service", "product", "collection", "listing")


def table(pages: Sequence[Scored], half: str) -> str:
    """A line a type of page with how many were judged what, in no more than 80 columns."""
    counts = Counter((page.kind, column(page.judged)) for page in pages)
    rows = [f"{half:14} pages" + "".join(f"{name:>10}" for name in COLUMNS)]
    for kind in TYPES:
        row = [counts[kind, name] for name in COLUMNS]
        if any(row):
            rows.append(f"{kind:14} {sum(row):5}" + "".join(f"{count:10}" for count in row))
    return "\n".join(rows)


def column(judged: str) -> str:
    return judged if judged in COLUMNS else COLUMNS[-1]

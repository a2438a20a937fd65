"""What figures must reach, and what each page last scored; ``--raise`` writes both.

A floor only rises. Figures where less is better have a ceiling in the same file, which only sinks;
the ceilings of cost are given here. Peers have no floors. A page that fell is named and decides
nothing: what mends twenty pages may break one, and a person weighs that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import ceil, floor
from pathlib import Path

from tests.quality.figures import UNLIKE_ARTICLES
from tests.quality.samples import ARTICLE
from tests.quality.scores import OURS, Scored

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
RECORD = HERE / "record.json"
MARGIN = 0.005
"""A floor lies so far below the figure it is made of: other versions of libraries differ."""
FALL = 0.2
PEERS = ("_trafilatura", "_readability", "_htmldate")
LESS_IS_BETTER = ("_under_half_", "_not_article_", "_as_article_", "cost_")
GIVEN = {"cost_text": 5.6, "cost_everything": 12.0}
"""What it cost when these were written, and a tenth; it is meant to become 4 and 7."""

Record = dict[str, dict[str, float]]


def is_ceiling(name: str) -> bool:
    return any(part in name for part in LESS_IS_BETTER)


def fallen(found: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """The figures on the wrong side of their floor or ceiling; those not measured are left out."""
    measured = {name: limit for name, limit in floors.items() if name in found}
    return [
        name
        for name, limit in measured.items()
        if (found[name] > limit if is_ceiling(name) else found[name] < limit)
    ]


def raised(found: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, float]:
    """The floors with what was found, never lower than they were."""
    risen = dict(floors)
    for name, figure in found.items():
        if name in GIVEN:
            risen[name] = GIVEN[name]
        elif name.endswith(PEERS):
            continue
        elif is_ceiling(name):
            limit = ceil(round((figure + MARGIN) * 1000, 6)) / 1000
            risen[name] = min(limit, floors.get(name, limit))
        else:
            limit = floor(round((figure - MARGIN) * 1000, 6)) / 1000
            risen[name] = max(limit, floors.get(name, limit))
    return risen


def record(pages: Sequence[Scored]) -> Record:
    """What each page scores by set and name; those of kinds that have no rule are left out."""
    found: Record = {}
    for page in pages:
        score = page_score(page)
        if score is not None:
            found.setdefault(page.group, {})[page.name] = round(score, 3)
    return found


def page_score(page: Scored) -> float | None:
    """Its body, else the share of its fields that are right, else whether it is taken for an article."""
    right = page.marks[OURS].right
    if page.kind in UNLIKE_ARTICLES:
        return float(page.judged != ARTICLE)
    if page.score is None and right and page.kind == ARTICLE:
        return sum(right.values()) / len(right)
    return page.score


def dropped(now: Record, before: Record) -> list[str]:
    """A line for each page that fell by more than ``FALL``, the deepest fall first."""
    falls = []
    for group, pages in now.items():
        known = before.get(group, {})
        falls += [
            (round(known.get(name, score) - score, 3), group, name) for name, score in pages.items()
        ]
    deep = sorted((each for each in falls if each[0] > FALL), reverse=True)
    return [f"fell by {fall:.2f}: {group} {name}" for fall, group, name in deep]


def load(file: Path) -> dict[str, float]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def load_record(file: Path = RECORD) -> Record:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def save_floors(floors: Mapping[str, float], file: Path = FLOORS) -> None:
    file.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def save_record(found: Record, file: Path = RECORD) -> None:
    """Write a line a page; sets that were absent keep theirs."""
    whole = load_record(file) | found
    sets = []
    for group, pages in sorted(whole.items()):
        lines = ",\n".join(f"{json.dumps(name)}:{score:g}" for name, score in sorted(pages.items()))
        sets.append(f"{json.dumps(group)}:{{\n{lines}}}")
    file.write_text("{" + ",\n".join(sets) + "}\n", encoding="utf-8")

"""``python -m tests.quality.calibrate``: the weights of doubts, made again, and how well they tell.

A text is bad if its F1 is under .8. The weights are those of a logistic regression over the tuned
half of all pages that are articles or judged so, drawn towards ``USUAL`` and never below zero.
Printed are the constants, and for each set and half how many of the bad texts are in the tenth of
least confidence: as the constants are now, and as they would be. ``apart`` is what weights say of
pages whose sites they were not made from, within the tuned half.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from web_poet import HttpResponse

from newscrawl.pages.doubts import FOR, USUAL, WEIGHTS, Doubt, Strengths
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage
from tests.quality.bodies import WORD, f1, shares
from tests.quality.samples import SHARED

SETS = ("generic", "publishers", "readability", "multilingual", "wcxb", "segments")
LESS = {"segments": 0.5}
"""What a page counts whose truth is only some passages."""
BODIES = frozenset({"text", "body", "with", "without"})
"""Of which a truth has one where something is known of the text."""
BAD = 0.8
WORST = 0.5
TENTH = 0.1
PULL = 2.0
"""How strongly the weights are drawn towards what is usual."""
STEPS = 200
SPACELESS = 20
"""Letters a word from which no spaces part words."""
SETTLED = 1e-4
FOLDS = 5
NAMES = tuple(Doubt)


class Weighable(NamedTuple):
    """A page that was judged an article: the strengths of its doubts, and how right its text is."""

    set: str
    is_held: bool
    is_article: bool
    signs: Strengths
    f1: float
    fold: int
    """Of pages of one site it is the same."""


def pages(name: str) -> Iterator[Weighable]:
    folder = SHARED / name
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    for key, each in sorted(truth.items()):
        if not BODIES & each.keys():
            continue
        body = (folder / f"{key.removesuffix('.html.gz')}.html.gz").read_bytes()
        page = NewsPage(HttpResponse(each.get("url") or "http://x.example/", gzip.decompress(body)))
        is_article = each.get("kind", "article") == "article"
        judged = page.kind is PageKind.ARTICLE
        if page.page.signs is None or not (is_article or judged):
            continue
        is_held = bool(hashlib.sha256(key.encode()).digest()[0] & 1)
        right = score(name, each, page.page.text)
        site = urlsplit(each.get("url") or "").netloc or key
        fold = hashlib.sha256(site.encode()).digest()[0] % FOLDS
        yield Weighable(name, is_held, is_article, page.page.signs, right, fold)


def score(name: str, truth: dict[str, Any], text: str) -> float:
    """The F1 of a text as its set measures it."""
    if name == "segments":
        return of_passages(truth, " ".join(text.split()))
    meant = truth["text"] if "text" in truth else "\n\n".join(truth["body"])
    if name == "wcxb":
        return of_words(meant.lower(), text.lower())
    if name == "multilingual" and len(meant.split()) < len(meant) / SPACELESS:
        return f1([shares(" ".join(meant), " ".join(text))])
    return f1([shares(meant, text)])


def of_words(meant: str, said: str) -> float:
    wanted, found = Counter(WORD.findall(meant)), Counter(WORD.findall(said))
    every = wanted.total() + found.total()
    return 2 * (wanted & found).total() / every if every else 1.0


def of_passages(truth: dict[str, Any], text: str) -> float:
    right, wrong = (
        sum(" ".join(each.split()) in text for each in truth.get(name, ()))
        for name in ("with", "without")
    )
    every = right + wrong + len(truth.get("with", ()))
    return 2 * right / every if every else 1.0


def against(signs: Strengths, weights: Sequence[float]) -> float:
    return sum(weights[at] * signs.get(name, 0.0) for at, name in enumerate(NAMES))


def regression(found: Sequence[Weighable]) -> list[float]:
    """The weights by name, behind them what speaks against a text without doubts."""
    rows = [[*(page.signs.get(name, 0.0) for name in NAMES), 1.0] for page in found]
    counts = [LESS.get(page.set, 1.0) for page in found]
    bad = [page.f1 < BAD for page in found]
    weights = [*(USUAL for _ in NAMES), -FOR]
    width = len(weights)
    for _ in range(STEPS):
        slope = [PULL * (weight - USUAL) for weight in weights[:-1]] + [0.0]
        curve = [[PULL * (a == b) for b in range(width)] for a in range(width)]
        for row, count, is_bad in zip(rows, counts, bad, strict=True):
            likely = 1 / (1 + math.exp(-sum(map(float.__mul__, row, weights))))
            steep = count * likely * (1 - likely)
            used = [at for at, value in enumerate(row) if value]
            for a in used:
                slope[a] += count * (likely - is_bad) * row[a]
                for b in used:
                    curve[a][b] += steep * row[a] * row[b]
        step = solved(curve, slope)
        moved = [weight - change for weight, change in zip(weights, step, strict=True)]
        moved = [*(max(0.0, weight) for weight in moved[:-1]), moved[-1]]
        settled = max(abs(a - b) for a, b in zip(moved, weights, strict=True)) < SETTLED
        weights = moved
        if settled:
            break
    return weights


def apart(found: Sequence[Weighable]) -> str:
    """What each fold of sites is told by the weights of the others."""
    weighed: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        weights = regression([page for page in found if page.fold != fold])
        own = (page for page in found if page.fold == fold and page.is_article)
        weighed += [(against(page.signs, weights) + weights[-1], page.f1 < BAD) for page in own]
    weighed.sort(reverse=True)
    caught = sum(bad for _, bad in weighed[: math.ceil(TENTH * len(weighed))])
    return f"{caught} of {sum(bad for _, bad in weighed)} under {BAD}, {len(weighed)} pages"


def solved(matrix: list[list[float]], values: list[float]) -> list[float]:
    """Gauss, with the largest pivots."""
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    for at in range(len(rows)):
        pivot = max(range(at, len(rows)), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in rows[at + 1 :]:
            share = below[at] / rows[at][at]
            for column in range(at, len(below)):
                below[column] -= share * rows[at][column]
    found = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        known = sum(rows[at][column] * found[column] for column in range(at + 1, len(rows)))
        found[at] = (rows[at][-1] - known) / rows[at][at]
    return found


def tell(found: Sequence[Weighable], weights: Sequence[float]) -> None:
    for half in (False, True):
        own = [page for page in found if page.is_held is half]
        articles = [page for page in own if page.is_article]
        groups = {name: [page for page in articles if page.set == name] for name in SETS}
        groups["whole"] = [page for page in articles if page.set not in LESS]
        groups |= {"articles": articles, "all": own}
        for name, chosen in groups.items():
            print(f"{name}_{'held' if half else 'tuned'}: {told(chosen, weights)}")


def told(chosen: Sequence[Weighable], weights: Sequence[float]) -> str:
    """How many of the bad ones are in the tenth of least confidence."""
    ranked = sorted(chosen, key=lambda page: -against(page.signs, weights))
    last = ranked[: math.ceil(TENTH * len(ranked))]
    bad, caught = (sum(page.f1 < BAD for page in some) for some in (ranked, last))
    worst, held = (sum(page.f1 < WORST for page in some) for some in (ranked, last))
    return f"{caught} of {bad} under {BAD}, {held} of {worst} under {WORST}, {len(ranked)} pages"


def main() -> int:
    if not SHARED.is_dir():
        print(f"no real pages in {SHARED}")
        return 1
    found = [page for name in SETS for page in pages(name)]
    print("as the constants are")
    tell(found, [WEIGHTS[name] for name in NAMES])
    tuned = [page for page in found if not page.is_held]
    print(f"apart: {apart(tuned)}")
    weights = regression(tuned)
    print("as they would be")
    tell(found, weights)
    chosen = (page for page in found if page.is_article and not page.is_held)
    ranked = sorted(against(page.signs, weights) for page in chosen if page.set not in LESS)
    limit = ranked[-math.ceil(TENTH * len(ranked))] + weights[-1]
    print(f"DOUBTFUL = {1 / (1 + math.exp(limit)):.2f}")
    for name, weight in zip(NAMES, weights, strict=False):
        print(f"    Doubt.{name.name}: {weight:.2f},")
    print(f"FOR = {-weights[-1]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

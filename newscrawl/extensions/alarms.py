"""What is unlike the site's own earlier runs: pure comparison of figures.

A share of this run (articles with a field, articles a rule gave it for, visits that went
well …) is compared with the median of the same share in earlier runs. It has fallen if it
lies below by more than ``TOLERANCE`` and by more than chance explains: the lower end of
the Agresti-Caffo interval for the difference of two proportions, at ``STANDARD_ERRORS``,
is above 0. That is, with x of n in this run and the earlier runs taken together as median
times m of m, and p = (x + 1) / (n + 2), q = (median · m + 1) / (m + 2)::

    q - p > STANDARD_ERRORS · sqrt(p(1 - p) / (n + 2) + q(1 - q) / (m + 2))

The median makes one odd run harmless, and makes a lasting change an alarm in each run until
half of the runs compared with show it: then it is how the site is. Shares of less than
``LEAST`` are neither judged nor compared with.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from newscrawl.store.coverage import MISSING, Given, Seen

TOLERANCE = 0.2
STANDARD_ERRORS = 3
LEAST = 5
RUNS_BACK = 10
STEADY_RUNS = 4


class Watch(StrEnum):
    """What an alarm is about; each is a monitor of its own."""

    FIELDS = "fields"
    TEMPLATE = "template"
    ARTICLES = "articles"
    FAILURES = "failures"


class Alarm(NamedTuple):
    """One sentence on what changed."""

    watch: Watch
    text: str


class Share(NamedTuple):
    """``number`` out of ``of``."""

    number: int
    of: int

    @property
    def value(self) -> float:
        return self.number / self.of if self.of else 0.0


def fallen_from(now: Share, before: Iterable[Share]) -> float | None:
    """Return the usual share if this one has fallen below it, else ``None``."""
    earlier = [share for share in before if share.of >= LEAST]
    if now.of < LEAST or not earlier:
        return None
    usual = median(share.value for share in earlier)
    of = sum(share.of for share in earlier)
    p, q = (now.number + 1) / (now.of + 2), (usual * of + 1) / (of + 2)
    error = math.sqrt(p * (1 - p) / (now.of + 2) + q * (1 - q) / (of + 2))
    if usual - now.value > TOLERANCE and q - p > STANDARD_ERRORS * error:
        return usual
    return None


def field_alarms(now: Seen, before: Sequence[Seen]) -> list[Alarm]:
    """Return at most one alarm a field: it is missing, or another rule gives it."""
    alarms = (_field_alarm(name, now, before) for name in now.fields)
    return [alarm for alarm in alarms if alarm is not None]


def _field_alarm(name: str, now: Seen, before: Sequence[Seen]) -> Alarm | None:
    earlier = [seen for seen in before if name in seen.fields]
    rules = now.fields[name]
    lost = _lost_rule(name, now, earlier)
    covered = Share(now.articles - _number(rules, MISSING), now.articles)
    usual = fallen_from(
        covered,
        (Share(seen.articles - _number(seen.fields[name], MISSING), seen.articles) for seen in earlier),
    )
    if usual is not None:
        rule = f"; the rule {lost} {_how(rules, lost)}" if lost is not None else ""
        return Alarm(
            Watch.FIELDS,
            f"{name} is on {covered.value:.0%} of {now.articles} articles, usually on {usual:.0%}"
            f"{rule}, first on {rules[MISSING].url}",
        )
    if lost is None:
        return None
    gained = max(
        (rule for rule in rules if rule not in (MISSING, lost)),
        key=lambda rule: rules[rule].articles - _usual(name, rule, earlier) * now.articles,
        default=None,
    )
    if gained is None:
        return None
    return Alarm(
        Watch.TEMPLATE,
        f"{name}: the rule {lost} {_how(rules, lost)} (usually {_usual(name, lost, earlier):.0%}, "
        f"now {_number(rules, lost) / now.articles:.0%} of {now.articles} articles); "
        f"{gained} gives it instead, first on {rules[gained].url}",
    )


def _lost_rule(name: str, now: Seen, before: Sequence[Seen]) -> str | None:
    """Return the rule of a field whose share has fallen furthest."""
    falls: dict[str, float] = {}
    for rule in sorted({rule for seen in before for rule in seen.fields[name]} - {MISSING}):
        share = Share(_number(now.fields[name], rule), now.articles)
        usual = fallen_from(share, _shares(name, rule, before))
        if usual is not None:
            falls[rule] = usual - share.value
    return max(falls, key=falls.__getitem__, default=None)


def _shares(name: str, rule: str, before: Sequence[Seen]) -> list[Share]:
    return [Share(_number(seen.fields[name], rule), seen.articles) for seen in before]


def _usual(name: str, rule: str, before: Sequence[Seen]) -> float:
    shares = _shares(name, rule, before)
    return median(share.value for share in shares if share.of >= LEAST)


def _number(rules: Mapping[str, Given], rule: str) -> int:
    return rules[rule].articles if rule in rules else 0


def _how(rules: Mapping[str, Given], rule: str) -> str:
    return "matches less often" if rule in rules else "stopped matching"


def unconfirmed(now: Seen, before: Sequence[Seen]) -> float | None:
    """Return the usual share of promised articles that are some, if it has fallen."""
    shares = (Share(seen.confirmed, seen.announced) for seen in before)
    return fallen_from(Share(now.confirmed, now.announced), shares)


def went_wrong(now: Seen, before: Sequence[Seen]) -> float | None:
    """Return the usual share of visits that failed or were rejected, if it has risen."""
    shares = (Share(seen.visits - seen.went_wrong, seen.visits) for seen in before)
    usual = fallen_from(Share(now.visits - now.went_wrong, now.visits), shares)
    return None if usual is None else 1 - usual


def dried_up(now: Seen, before: Sequence[Seen]) -> int | None:
    """Return how many earlier runs all brought new articles, if this one came to no article page.

    Only if these are ``STEADY_RUNS`` at least, and as much time has passed since the last of
    them as between any two.
    """
    earlier = before[:RUNS_BACK]
    if now.announced or now.articles or len(earlier) < STEADY_RUNS:
        return None
    starts = [seen.started for seen in (now, *earlier)]
    pause, *pauses = (later - sooner for later, sooner in pairwise(starts))
    if pause < min(pauses) or not all(seen.new for seen in earlier):
        return None
    return len(earlier)

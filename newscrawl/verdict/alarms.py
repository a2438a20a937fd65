"""What is unlike the site's own earlier runs: pure comparison of figures.

A share of this run (articles with a field, articles a rule gave it for, visits that went
well …) is compared with the median of the same share in earlier runs. It has fallen if it
lies below by more than ``TOLERANCE`` and by more than chance explains: the lower end of
the Agresti-Caffo interval for the difference of two proportions, at ``STANDARD_ERRORS``,
is above 0. Articles of a section or an author are alike and come together, so that only one
in ``DESIGN_EFFECT`` counts as independent. That is, with a share x of n articles now, and
the median y of m articles earlier, n' = n / DESIGN_EFFECT and m' likewise::

    p = (x n' + 1) / (n' + 2)    q = (y m' + 1) / (m' + 2)
    q - p > STANDARD_ERRORS · sqrt(p(1 - p) / (n' + 2) + q(1 - q) / (m' + 2))

The median makes one odd run harmless, and makes a lasting change an alarm in each run until
half of the runs compared with show it: then it is how the site is. Shares of less than
``LEAST`` are neither judged nor compared with.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import dropwhile, pairwise
from statistics import median
from typing import NamedTuple

from newscrawl.history.coverage import MISSING, Example, Given, Seen

TOLERANCE = 0.2
STANDARD_ERRORS = 3
DESIGN_EFFECT = 2
LEAST = 5
RUNS_BACK = 10
STEADY_RUNS = 4
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Watch(StrEnum):
    """What an alarm is about; each is a monitor of its own."""

    FIELDS = "fields"
    TEMPLATE = "template"
    ARTICLES = "articles"
    FAILURES = "failures"
    RECORDS = "records"
    ENDING = "ending"


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
    p, p_variance = _estimate(now.value, now.of)
    q, q_variance = _estimate(usual, sum(share.of for share in earlier))
    error = math.sqrt(p_variance + q_variance)
    return usual if usual - now.value > TOLERANCE and q - p > STANDARD_ERRORS * error else None


def _estimate(share: float, of: int) -> tuple[float, float]:
    """Return the adjusted proportion and its variance."""
    size = of / DESIGN_EFFECT
    adjusted = (share * size + 1) / (size + 2)
    return adjusted, adjusted * (1 - adjusted) / (size + 2)


def compared(
    site: str, now: Seen, before: Sequence[Seen], brought: Sequence[datetime] = ()
) -> list[Alarm]:
    """Return the alarms of a run of ``site``; ``before`` are its earlier runs, newest first.

    ``brought`` are the beginnings of those that brought new articles, as far back as a season.
    """
    alarms = [
        *field_alarms(now, before),
        *(article_alarms(now, before) or ([] if now.new else silence_alarms(now.started, brought))),
        *failure_alarms(now, before),
    ]
    return [Alarm(watch, f"{site}: {text}") for watch, text in alarms]


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
        (
            Share(seen.articles - _number(seen.fields[name], MISSING), seen.articles)
            for seen in earlier
        ),
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


def article_alarms(now: Seen, before: Sequence[Seen]) -> list[Alarm]:
    """Return an alarm if links led to fewer articles than usual, or to none at all."""
    earlier = (Share(seen.confirmed, seen.announced) for seen in before)
    usual = fallen_from(Share(now.confirmed, now.announced), earlier)
    if usual is not None:
        text = (
            f"{now.confirmed} of {now.announced} pages that links promise as articles were one, "
            f"usually {usual:.0%}{_told(now.first_unconfirmed)}"
        )
        return [Alarm(Watch.ARTICLES, text)]
    if (runs := dried_up(now, before)) is not None:
        text = f"no article was found, while each of {runs} runs before found new ones"
        return [Alarm(Watch.ARTICLES, text)]
    return []


def dried_up(now: Seen, before: Sequence[Seen]) -> int | None:
    """Return how many earlier runs all brought new articles, if this one came to no article page.

    Only if these are ``STEADY_RUNS`` at least, and as much time has passed since the last of
    them as between any two. Runs since then that came to none either are passed over, so that
    this is told each time.
    """
    if _came_to_articles(now):
        return None
    earlier = [*dropwhile(lambda seen: not _came_to_articles(seen), before)][:RUNS_BACK]
    if len(earlier) < STEADY_RUNS:
        return None
    starts = [seen.started for seen in (now, *earlier)]
    pause, *pauses = (later - sooner for later, sooner in pairwise(starts))
    if pause < min(pauses) or not all(seen.new for seen in earlier):
        return None
    return len(earlier)


def _came_to_articles(seen: Seen) -> bool:
    return bool(seen.announced or seen.articles or seen.new)


def silence_alarms(now: datetime, brought: Sequence[datetime]) -> list[Alarm]:
    """Return an alarm if no run has brought a new article for longer than ever was usual.

    ``brought`` are the beginnings of the runs that did, newest first. Longer is twice the longest
    time between two of them, and a day at least where they span less than a week: by then a
    night, by a week a weekend, has been seen.
    """
    if len(brought) < STEADY_RUNS:
        return []
    usual = max(later - sooner for later, sooner in pairwise(brought))
    span, silent = brought[0] - brought[-1], now - brought[0]
    if silent <= 2 * usual or (span < WEEK and silent < DAY):
        return []
    text = (
        f"no new article since {brought[0]:%Y-%m-%d %H:%M} UTC; in the {len(brought)} runs that "
        f"brought some, they were never more than {_long(usual)} apart"
    )
    return [Alarm(Watch.ARTICLES, text)]


def _long(time: timedelta) -> str:
    hours = math.ceil(time / timedelta(hours=1))
    return f"{hours} h" if hours < 2 * 24 else f"{math.ceil(time / DAY)} days"


def failure_alarms(now: Seen, before: Sequence[Seen]) -> list[Alarm]:
    """Return an alarm if more visits than usual failed or were rejected, or all, however few."""
    if now.visits == now.went_wrong > 0 and any(seen.visits > seen.went_wrong for seen in before):
        text = f"all {now.visits} visits failed or were rejected{_told(now.first_wrong)}"
        return [Alarm(Watch.FAILURES, text)]
    earlier = (Share(seen.visits - seen.went_wrong, seen.visits) for seen in before)
    usual = fallen_from(Share(now.visits - now.went_wrong, now.visits), earlier)
    if usual is None:
        return []
    text = (
        f"{now.went_wrong} of {now.visits} visits failed or were rejected, "
        f"usually {1 - usual:.0%}{_told(now.first_wrong)}"
    )
    return [Alarm(Watch.FAILURES, text)]


def _told(example: Example | None) -> str:
    if example is None:
        return ""
    reason = f" ({example.reason})" if example.reason else ""
    return f"; the first: {example.url} is {example.outcome}{reason}"

"""Articles over time in so many bars as can be read: by hours, days, weeks, months or years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

MOST = 60
"""Bars of a chart."""
RARE = 0.01
"""Share of the articles that may be left out at the early end, where they alone make it long."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class Bin(NamedTuple):
    """The articles of a stretch of time; ``label`` is its beginning.

    ``tick`` is the same, shorter, where a larger unit of time begins too; else it is empty.
    """

    start: datetime
    label: str
    number: int
    tick: str = ""


class Bins(NamedTuple):
    """Stretches of one length in a row, empty ones too.

    ``step`` is their length in words (``six hours``); ``earlier`` articles lie before the first.
    """

    step: str
    bins: list[Bin]
    earlier: int


class _Step(NamedTuple):
    name: str
    start: Callable[[datetime], datetime]
    """The beginning of the stretch that a moment is in."""
    longest: timedelta
    """No stretch takes longer, so that so much later lies in the next one, or beyond its beginning."""
    label: str
    is_round: Callable[[datetime], bool]
    """Whether a larger unit of time begins with a stretch."""


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _of_month(moment: datetime, every: int) -> datetime:
    month = (moment.month - 1) // every * every + 1
    return _midnight(moment.replace(month=month, day=1))


def _of_year(moment: datetime, every: int) -> datetime:
    return _midnight(moment.replace(year=max(1, moment.year // every * every), month=1, day=1))


_STEPS = (
    _Step(
        "one hour", lambda at: at.replace(minute=0), _HOUR, "%-d %b %H:00", lambda at: not at.hour
    ),
    _Step(
        "six hours",
        lambda at: at.replace(hour=at.hour // 6 * 6),
        6 * _HOUR,
        "%-d %b %H:00",
        lambda at: not at.hour,
    ),
    _Step("one day", _midnight, _DAY, "%-d %b", lambda at: not at.weekday()),
    _Step(
        "one week",
        lambda at: _midnight(at - at.weekday() * _DAY),
        7 * _DAY,
        "%-d %b",
        lambda at: at.day <= 7,  # noqa: PLR2004 - the first of its month
    ),
    _Step(
        "one month", lambda at: _of_month(at, 1), 31 * _DAY, "%b %Y", lambda at: at.month % 3 == 1
    ),
    _Step(
        "three months", lambda at: _of_month(at, 3), 92 * _DAY, "%b %Y", lambda at: at.month == 1
    ),
    _Step("one year", lambda at: _of_year(at, 1), 366 * _DAY, "%Y", lambda at: not at.year % 5),
    _Step("ten years", lambda at: _of_year(at, 10), 3653 * _DAY, "%Y", lambda at: not at.year % 50),
    _Step("thousand years", lambda at: _of_year(at, 1000), 365_250 * _DAY, "%Y", lambda _: True),
)
_BY_DAYS = 2


def bins(hours: Mapping[datetime, int]) -> Bins | None:
    """Put articles, counted by the hour that they were published in, into bars of equal length.

    The length is the smallest by which there are at most ``MOST`` bars. It is a day at least where
    most articles have no time of day but midnight. Without articles there is nothing.
    """
    if not hours:
        return None
    ordered = sorted(hours)
    shown = ordered[_rare(ordered, hours) :]
    earlier = sum(hours[each] for each in ordered) - sum(hours[each] for each in shown)
    at_midnight = sum(number for each, number in hours.items() if not each.hour)
    dates_only = at_midnight > sum(hours.values()) / 2
    step, starts = _cut(_STEPS[_BY_DAYS if dates_only else 0 :], shown[0], shown[-1])
    numbers: Counter[datetime] = Counter()
    for each in shown:
        numbers[step.start(each)] += hours[each]
    label = step.label
    if "%Y" not in label and starts[0].year != starts[-1].year:
        label = label.replace("%b", "%b %Y")
    short = label.removesuffix(" %H:00")
    ticks = [_written(each, short) if step.is_round(each) else "" for each in starts]
    found = [
        Bin(each, _written(each, label), numbers[each], tick)
        for each, tick in zip(starts, ticks, strict=True)
    ]
    return Bins(step.name, found, earlier)


def _rare(ordered: list[datetime], hours: Mapping[datetime, int]) -> int:
    """Return how many hours at the early end hold few articles and make the chart twice as long."""
    most = sum(hours.values()) * RARE
    passed = 0
    for place, each in enumerate(ordered):
        passed += hours[each]
        if passed > most:
            is_worth_it = ordered[-1] - each < (ordered[-1] - ordered[0]) / 2
            return place if is_worth_it else 0
    return 0


def _cut(steps: Sequence[_Step], first: datetime, last: datetime) -> tuple[_Step, list[datetime]]:
    """Return the smallest step that is not too small, and the beginnings of its stretches."""
    for step in steps:
        start, end = step.start(first), step.start(last)
        starts = [start]
        while starts[-1] < end and len(starts) <= MOST:
            starts.append(step.start(starts[-1] + step.longest))
        if starts[-1] >= end and len(starts) <= MOST:
            break
    return step, starts


def _written(moment: datetime, label: str) -> str:
    day = label.replace("%-d", str(moment.day))
    return moment.strftime(day)

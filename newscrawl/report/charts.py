"""The charts of a report: where each bar, line and label of an SVG stands.

Across, places are in percent of the width, so that a chart is as wide as its page and its text no
smaller on a phone; down they are in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from newscrawl.history.statistics import RunFacts
from newscrawl.outcomes import Outcome
from newscrawl.report.bins import Bins

TOP, BARS, LABELS = 10, 180, 24
"""Heights of what is above the bars, of the highest bar, and of the labels below."""
HEIGHT = TOP + BARS + LABELS
_WIDEST = 8.0
"""A bar's greatest width, in percent."""
_FILLED = 0.8
"""Share of its place that a bar takes."""
_LINES = 6
"""Lines across a chart at most, beside the one that bars stand on."""
_WIDE, _NARROW = 8, 3
"""Labels below a chart on a wide screen and on a phone, at most."""
_EDGE = 12.0
"""Percent at each side where a label would hang over, were it below the middle of its bar."""
_OF_CHARACTER = 8
"""Width of a figure at the side, with some to spare."""


class Piece(NamedTuple):
    """One part of a bar: its place, the name of its colour and what it stands for."""

    y: float
    height: float
    colour: str
    says: str


class Bar(NamedTuple):
    x: float
    width: float
    pieces: Sequence[Piece]


class Label(NamedTuple):
    """A text below; one that is not ``always`` shown is left out on a phone."""

    x: float
    text: str
    anchor: str
    always: bool


class Line(NamedTuple):
    """A line across with its number at the side."""

    y: float
    text: str


class Chart(NamedTuple):
    """Bars in a row; ``legend`` are names of colours with what they stand for."""

    name: str
    title: str
    describes: str
    side: int
    bars: Sequence[Bar]
    lines: Sequence[Line]
    labels: Sequence[Label]
    legend: Mapping[str, str]
    height: int = HEIGHT
    foot: int = TOP + BARS


def published(found: Bins) -> Chart:
    """Draw how many articles were published when."""
    stacks = [[("article", each.number)] if each.number else [] for each in found.bins]
    says = [f"{each.label}: {each.number:,}" for each in found.bins]
    ticks = {at: each.tick for at, each in enumerate(found.bins) if each.tick}
    named = ticks if len(ticks) > 1 else {at: each.label for at, each in enumerate(found.bins)}
    title = f"Articles by date of publication; a bar is {found.step}"
    return _chart("published", title, stacks, says, named, {})


def of_runs(runs: Sequence[RunFacts]) -> Chart:
    """Draw the visits of runs by outcome; ``runs`` are newest first, bars oldest first."""
    ordered = [run for run in reversed(runs) if run.outcomes]
    names = [each.value for each in Outcome]
    stacks, says = [], []
    for run in ordered:
        outcomes = run.outcomes or {}
        stacks.append([(name, outcomes[name]) for name in names if outcomes.get(name)])
        says.append(f"run {run.id}")
    present = {name for stack in stacks for name, _ in stack}
    legend = {name: name for name in names if name in present}
    title = "Visits of each run by outcome"
    return _chart("runs", title, stacks, says, dict(enumerate(says)), legend)


def _chart(
    name: str,
    title: str,
    stacks: Sequence[Sequence[tuple[str, int]]],
    says: Sequence[str],
    labels: Mapping[int, str],
    legend: Mapping[str, str],
) -> Chart:
    highest = max((sum(number for _, number in stack) for stack in stacks), default=0)
    step = _step(highest)
    top = math.ceil(highest / step) * step or 1
    scale = BARS / top
    place = 100 / max(len(stacks), 1)
    width = min(place * _FILLED, _WIDEST)
    bars = []
    for at, stack in enumerate(stacks):
        pieces = list(_pieces(stack, scale, says[at], is_told=bool(legend)))
        bars.append(Bar(round(place * (at + 0.5) - width / 2, 3), round(width, 3), pieces))
    lines = [Line(round(TOP + BARS - at * scale, 1), f"{at:,}") for at in range(0, top + 1, step)]
    side = 10 + _OF_CHARACTER * max(len(line.text) for line in lines)
    describes = f"{title}: {len(stacks)} bars, the highest {highest:,}. The numbers stand below."
    return Chart(
        name, title, describes, side, bars, lines, list(_labels(labels, place)), dict(legend)
    )


def _pieces(
    stack: Sequence[tuple[str, int]], scale: float, says: str, *, is_told: bool
) -> Iterator[Piece]:
    foot = float(TOP + BARS)
    for name, number in stack:
        height = number * scale
        foot -= height
        told = f"{says}: {number:,} {name}" if is_told else says
        yield Piece(round(foot, 2), round(height, 2), name, told)


def _step(highest: int) -> int:
    """Return the smallest of 1, 2, 5, 10, … by which a few lines reach the highest bar."""
    power = 1
    while True:
        for each in (1, 2, 5):
            if highest <= each * power * _LINES:
                return each * power
        power *= 10


def _labels(texts: Mapping[int, str], place: float) -> Iterator[Label]:
    """Yield labels so far apart that they do not touch, below the middle of their bars."""
    every = math.ceil(len(texts) / _WIDE) or 1
    shown = list(texts)[::every]
    always = math.ceil(len(shown) / _NARROW) or 1
    for number, at in enumerate(shown):
        x = place * (at + 0.5)
        anchor = "start" if x < _EDGE else "end" if x > 100 - _EDGE else "middle"
        if anchor != "middle":
            x += place * _FILLED / 2 * (1 if anchor == "end" else -1)
        yield Label(round(x, 3), texts[at], anchor, number % always == 0)


class Trend(NamedTuple):
    """The points of a line over runs, for a box of 100 by 20."""

    points: str
    says: str


def trend(shares: Sequence[float]) -> Trend | None:
    """Draw how a share went from run to run, of two runs at least."""
    steps = len(shares) - 1
    if steps < 1:
        return None
    step = 100 / steps
    points = [f"{at * step:.1f},{19 - 18 * share:.1f}" for at, share in enumerate(shares)]
    return Trend(
        " ".join(points), f"from {shares[0]:.0%} to {shares[-1]:.0%} in {len(shares)} runs"
    )

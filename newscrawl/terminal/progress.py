"""How far a crawl is: a display for terminals, a line for logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

_MINUTE, _HOUR = 60, 3600
SECTIONS = 4
"""The largest sections, which are named; of more it is said how many there are."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run; ``rate`` is in pages a second over the last seconds.

    ``seconds_left`` is ``None`` where the size of the site or the speed is unknown. ``headlines``
    are those of the newest articles, the last one first, ``sections`` how many articles each
    section has, ``section`` is that of the last article. ``politeness`` and ``waiting`` say in
    words how the site is asked, and what is still to be visited.
    """

    site: str
    seconds: float
    visited: int
    queued: int
    rate: float
    articles: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    section: str = ""
    seconds_left: float | None = None
    headlines: Sequence[str] = ()
    sections: Mapping[str, int] = field(default_factory=dict)
    politeness: str = ""
    waiting: str = ""


def line(progress: Progress) -> str:
    """Return a moment as one line of a log."""
    parts = [
        f"{progress.articles:,} articles",
        f"{progress.visited:,} pages visited",
        f"{progress.queued:,} queued",
        f"{progress.rate:.1f} pages/s",
    ]
    if progress.seconds_left is not None:
        parts.append(f"about {duration(progress.seconds_left)} left")
    if progress.section:
        parts.append(f"in {progress.section}")
    return f"{progress.site}: {', '.join(parts)}"


def display(progress: Progress) -> Group:
    """Return a moment as a panel that is redrawn in place."""
    known = progress.visited + progress.queued
    bar = Table.grid(expand=True)
    done = ProgressBar(total=known or 1, completed=progress.visited, complete_style="green")
    bar.add_row(done)
    counts = _line(
        *((f"{progress.articles:,}", "bold green"), " articles  "),
        *((f"{progress.visited:,}", "bold"), " pages visited  "),
        *((f"{progress.queued:,}", "bold"), " queued"),
    )
    return Group(_head(progress), bar, counts, "", *_rest(progress))


def _head(progress: Progress) -> Text:
    left = progress.seconds_left
    return _line(
        (progress.site, "bold"),
        f"  {duration(progress.seconds)}",
        f"  {progress.rate:.1f} pages/s",
        "" if left is None else f"  about {duration(left)} left",
    )


def _rest(progress: Progress) -> Iterator[RenderableType]:
    """Yield what there is to tell beside the numbers, a line each."""
    for headline in progress.headlines:
        yield _line(("  · ", "dim"), _printable(headline))
    if progress.headlines:
        yield ""
    told = {
        "Sections": _printable(_largest(progress.sections)),
        "Politeness": progress.politeness,
        "Waiting": progress.waiting,
        "Outcomes": ", ".join(f"{name} {n:,}" for name, n in progress.outcomes.items()),
    }
    for name, text in told.items():
        if text:
            yield _line((f"{name:<11}", "dim"), text)


def _line(*parts: str | tuple[str, str]) -> Text:
    return Text.assemble(*parts, no_wrap=True, overflow="ellipsis")


def _largest(sections: Mapping[str, int]) -> str:
    ordered = sorted(sections.items(), key=lambda each: (-each[1], each[0]))
    named = ", ".join(f"{name} {number:,}" for name, number in ordered[:SECTIONS])
    return f"{len(ordered):,}: {named}" if len(ordered) > SECTIONS else named


def _printable(text: str) -> str:
    """The text of a page, without what a terminal would obey."""
    return "".join(each for each in text if each.isprintable())


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02} min"

"""How far a crawl is: a display for terminals, a line for logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run; ``rate`` is in pages a second over the last seconds.

    ``left`` is how many pages are left to be visited, known once the lists of the whole site
    have been read; ``section`` is that of the last article.
    """

    site: str
    seconds: float
    visited: int
    queued: int
    rate: float
    articles: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    section: str = ""
    left: int | None = None

    @property
    def seconds_left(self) -> float | None:
        """``None`` where the size of the site or the speed is unknown."""
        return self.left / self.rate if self.left is not None and self.rate else None


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
    left = progress.seconds_left
    head = Text.assemble(
        (progress.site, "bold"),
        f"  {duration(progress.seconds)}",
        f"  {progress.rate:.1f} pages/s",
        "" if left is None else f"  about {duration(left)} left",
    )
    known = progress.visited + progress.queued
    bar = Table.grid(expand=True)
    bar.add_row(ProgressBar(total=known or 1, completed=progress.visited))
    counts = Text.assemble(
        *((f"{progress.articles:,}", "bold green"), " articles  "),
        *((f"{progress.visited:,}", "bold"), " visited  "),
        *((f"{progress.queued:,}", "bold"), " queued  "),
        (progress.section and f"in {progress.section}", "dim"),
        no_wrap=True,
        overflow="ellipsis",
    )
    outcomes = Text(
        "  ".join(f"{name} {number:,}" for name, number in progress.outcomes.items()), style="dim"
    )
    return Group(head, bar, counts, outcomes)


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02} min"

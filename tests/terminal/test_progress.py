from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console

from newscrawl.terminal.progress import Progress, display, duration, line

MOMENT = Progress(
    site="daily.example",
    seconds=754,
    visited=1203,
    queued=4210,
    rate=6.4,
    articles=812,
    outcomes={"article": 812, "gone": 3},
    section="Local [News]",
    left=4210,
)


def drawn(progress: Progress, width: int = 100) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(display(progress))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_line_says_how_far_the_crawl_is():
    assert line(MOMENT) == (
        "daily.example: 812 articles, 1,203 pages visited, 4,210 queued, 6.4 pages/s, "
        "about 10 min 58 s left, in Local [News]"
    )


def test_no_time_is_left_where_the_size_of_the_site_is_unknown():
    unknown = Progress(site="daily.example", seconds=1, visited=0, queued=9, rate=2.0, articles=0)
    assert "left" not in line(unknown)
    assert "left" not in drawn(unknown)[0]


def test_pages_that_are_deferred_take_no_time():
    assert "about 10 s left" in line(replace(MOMENT, rate=10.0, left=100))


def test_the_display_has_a_line_each_for_time_share_counts_and_outcomes():
    head, bar, counts, outcomes = drawn(MOMENT)
    assert head == "daily.example  12 min 34 s  6.4 pages/s  about 10 min 58 s left"
    assert len(bar) <= 100
    assert counts == "812 articles  1,203 visited  4,210 queued  in Local [News]"
    assert outcomes == "article 812  gone 3"


def test_a_narrow_terminal_keeps_the_counts_on_one_line():
    assert drawn(MOMENT, width=30)[-2].startswith("812 articles  1,203 visited")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.4, "0 s"), (59, "59 s"), (61, "1 min 01 s"), (3600, "1 h 00 min"), (90061, "25 h 01 min")],
)
def test_a_duration_has_its_two_largest_units(seconds, expected):
    assert duration(seconds) == expected

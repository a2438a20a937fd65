from __future__ import annotations

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
    seconds_left=658,
    headlines=("Council votes", "A \x1b[31mred\u202e headline"),
    sections={"Local [News]": 40, "Arts": 9, "Sport": 10, "Food": 9, "Travel": 1},
    politeness="a request every 1 s to a host, robots.txt obeyed",
    waiting="4,200 pages",
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


def test_the_display_has_a_line_each_for_time_share_and_counts():
    head, bar, counts, *_ = drawn(MOMENT)
    assert head == "daily.example  12 min 34 s  6.4 pages/s  about 10 min 58 s left"
    assert len(bar) <= 100
    assert counts == "812 articles  1,203 pages visited  4,210 queued"


def test_the_display_names_the_newest_articles_without_what_a_terminal_obeys():
    assert drawn(MOMENT)[4:6] == ["  · Council votes", "  · A [31mred headline"]


def test_the_display_says_where_it_is_how_it_asks_and_what_waits():
    assert drawn(MOMENT)[-4:] == [
        "Sections   5: Local [News] 40, Sport 10, Arts 9, Food 9",
        "Politeness a request every 1 s to a host, robots.txt obeyed",
        "Waiting    4,200 pages",
        "Outcomes   article 812, gone 3",
    ]


def test_what_is_not_known_has_no_line():
    unknown = Progress(site="daily.example", seconds=1, visited=0, queued=9, rate=2.0, articles=0)
    assert drawn(unknown)[3:] == [""]


def test_a_narrow_terminal_keeps_each_line_whole():
    lines = drawn(MOMENT, width=30)
    assert len(lines) == len(drawn(MOMENT))
    assert lines[2].startswith("812 articles  1,203 pages")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.4, "0 s"), (59, "59 s"), (61, "1 min 01 s"), (3600, "1 h 00 min"), (90061, "25 h 01 min")],
)
def test_a_duration_has_its_two_largest_units(seconds, expected):
    assert duration(seconds) == expected

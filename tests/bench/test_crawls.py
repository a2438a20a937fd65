"""Whole crawls in small: ratios that must not grow unnoticed; ``make bench`` has the figures."""

from __future__ import annotations

import pytest

from tests.bench import crawls
from tests.bench.measure import Measured, instructions

ARTICLES = 40
MOST_OF_A_FOLLOWER = 1.3
"""With the start of both processes, which is most of so small a crawl: .98 when this was set."""
MOST_OF_AN_IMPORT = 1.2
"""Of loading Scrapy: .7 when this was set."""
COUNTED = "# started on Fri Nov 27 15:00:00 2026\n\n123456789,,instructions:u,98765432,100.00,,\n"
NOT_COUNTED = "<not supported>,,instructions:u,0,100.00,,\n"


def crawl(cpu: float, counted: int | None = None) -> Measured:
    return Measured(100, 9.0, cpu, 100.0, counted)


def test_a_crawl_costs_no_more_beside_a_bare_follower():
    names = (crawls.OURS, crawls.FOLLOWER)
    found = crawls.side_by_side(ARTICLES, page_kb=120, turns=1, names=names)
    assert set(found) == set(names)
    assert all(run.pages > 2 * ARTICLES for runs in found.values() for run in runs)
    assert crawls.ratio(found, crawls.FOLLOWER) <= MOST_OF_A_FOLLOWER


def test_a_short_command_costs_no_more_beside_loading_scrapy():
    assert crawls.short_command(3) <= MOST_OF_AN_IMPORT


def test_a_ratio_is_the_median_of_pairs_of_one_turn():
    ours = [crawl(1.0), crawl(4.0), crawl(9.0)]
    theirs = [crawl(2.0), crawl(4.0), crawl(3.0)]
    assert crawls.ratio({crawls.OURS: ours, "other": theirs}, "other") == 1.0


@pytest.mark.parametrize(
    ("text", "number"), [(COUNTED, 123_456_789), (NOT_COUNTED, None), ("", None)]
)
def test_instructions_are_read_where_the_machine_counts_them(text, number):
    assert instructions(text) == number


def test_instructions_are_compared_where_both_were_counted():
    found = {crawls.OURS: [crawl(1.0, 300)], "other": [crawl(1.0, 600)]}
    assert crawls.instructions_ratio(found, "other") == 0.5
    assert crawls.instructions_ratio(found | {"other": [crawl(1.0)]}, "other") is None

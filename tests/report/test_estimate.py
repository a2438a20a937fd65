from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.report.estimate import Estimate, estimate

SITES = 300
"""Sites in each simulation."""
HELD = 0.93
"""The least share of intervals that hold what they claim; they claim 95 %."""


def made(listed: int, linked: int, both: int) -> tuple[float, int, int]:
    """Return the number and its interval."""
    found = estimate(listed, linked, both)
    assert found is not None
    assert found.high is not None
    return found.total, found.low, found.high


def test_half_of_the_second_look_seen_by_the_first_means_half_is_known():
    total, low, high = made(listed=100, linked=100, both=50)
    assert (round(total), low, high) == (199, 176, 238)


def test_one_look_alone_estimates_nothing():
    assert estimate(listed=80, linked=0, both=0) is None


def test_looks_that_share_nothing_have_no_upper_end():
    found = estimate(listed=2, linked=2, both=0)
    assert found is not None
    assert found[-2:] == (4, None)


@pytest.mark.parametrize("looks", [(80, 80, 80), (1448, 1348, 1348), (5, 1000, 5), (1, 1, 1)])
def test_what_one_look_saw_of_all_that_the_other_saw_still_has_a_width(looks):
    _, low, high = made(*looks)
    assert low < high


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.data())
def test_an_interval_holds_its_number_and_never_falls_below_what_was_seen(listed, linked, data):
    both = data.draw(st.integers(1, min(listed, linked)))
    total, low, high = made(listed, linked, both)
    assert listed + linked - both <= low < high
    assert low - 1 <= total <= high + 1


# What the interval claims, on simulated sites


def simulated(articles: int, look: Callable[[random.Random], tuple[bool, bool]]) -> list[Estimate]:
    """Look at many sites of so many articles."""
    chance = random.Random(articles)
    found = []
    for _ in range(SITES):
        seen = [look(chance) for _ in range(articles)]
        listed, linked = (sum(look) for look in zip(*seen, strict=True))
        one = estimate(listed, linked, sum(map(all, seen)))
        if one is not None:
            found.append(one)
    return found


@pytest.mark.parametrize("articles", [25, 100, 400])
@pytest.mark.parametrize(
    ("listed", "linked"),
    [(0.1, 0.1), (0.2, 0.6), (0.5, 0.5), (0.9, 0.3), (0.9, 0.9), (0.99, 0.97), (1.0, 0.8)],
)
def test_the_truth_lies_in_the_interval_where_the_looks_know_nothing_of_each_other(
    articles, listed, linked
):
    found = simulated(articles, lambda chance: (chance.random() < listed, chance.random() < linked))
    held = sum(each.low <= articles <= (each.high or articles) for each in found)
    assert held >= HELD * len(found)
    assert all(each.high is None or each.low < each.high for each in found)


@pytest.mark.parametrize("articles", [25, 100, 400])
def test_where_popular_stories_are_both_listed_and_linked_the_lower_end_still_holds(articles):
    def look(chance: random.Random) -> tuple[bool, bool]:
        popular = chance.random()
        return chance.random() < popular, chance.random() < popular

    found = simulated(articles, look)
    assert sum(each.low <= articles for each in found) >= HELD * len(found)

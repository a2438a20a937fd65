from __future__ import annotations

import pytest

from tests.quality.gains import f1_of_counts, f1_of_means, figure, gain_low, mean


def test_figures_are_made_of_the_sums_of_pages():
    assert figure([(0.5,), (1.0,)], mean) == 0.75
    assert figure([(1.0, 0.5), (0.5, 0.5)], f1_of_means) == pytest.approx(0.6)
    assert figure([(1, 2, 1), (1, 2, 3)], f1_of_counts) == pytest.approx(0.5)


def test_a_gain_on_every_page_is_no_chance():
    better, worse = (0.95, 0.95), (0.9, 0.9)
    assert gain_low([better] * 20, [worse] * 20, f1_of_means) > 0
    assert gain_low([better, worse] * 10, [worse, better] * 10, f1_of_means) < 0


def test_a_gain_on_one_page_alone_may_be_chance():
    assert gain_low([(1.0,)] + [(0.9,)] * 19, [(0.8,)] + [(0.9,)] * 19, mean) == 0


def test_one_page_is_no_sample():
    assert gain_low([(1.0,)], [(0.0,)], mean) == 0

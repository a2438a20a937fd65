from __future__ import annotations

import pytest

from tests.truth.outages import DEAD, tried


@pytest.mark.parametrize("name", DEAD)
def test_a_dead_site_ends_in_red_at_first_sight(name, tmp_path, nursery):
    assert tried((name, False), tmp_path, nursery) == []


@pytest.mark.parametrize("name", ["403", "parked", "500", "no-such-name"])
def test_a_site_that_has_died_ends_in_red(name, tmp_path, nursery):
    assert tried((name, True), tmp_path, nursery) == []

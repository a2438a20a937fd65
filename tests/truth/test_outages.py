from __future__ import annotations

import pytest

from tests.crawl.forking import Nursery
from tests.truth.outages import DEAD, tried


@pytest.fixture(scope="module")
def forked():
    with Nursery() as nursery:
        yield nursery


@pytest.mark.parametrize("name", DEAD)
def test_a_dead_site_ends_in_red_at_first_sight(name, tmp_path, forked):
    assert tried((name, False), tmp_path, forked) == []


@pytest.mark.parametrize("name", ["403", "parked", "500", "no-such-name"])
def test_a_site_that_has_died_ends_in_red(name, tmp_path, forked):
    assert tried((name, True), tmp_path, forked) == []

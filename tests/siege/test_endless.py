from __future__ import annotations

from pathlib import Path

import pytest

from tests.siege.endless import UNDER_WAY, attacked
from tests.siege.endless_sites import SITES

ARTICLES, BUDGET = 20, 40


@pytest.mark.parametrize("name", ["deeper", "variants"])
def test_a_site_without_an_end_ends_in_order_with_every_honest_article(name: str, tmp_path: Path):
    ended = attacked(SITES[name], tmp_path, articles=ARTICLES, budget=BUDGET)
    assert (ended.reason, ended.missing) == ("endless", 0)
    assert "its last 40 answers brought no new article" in ended.told
    assert ended.barren <= BUDGET * 4 + UNDER_WAY


def test_a_chain_of_redirects_ends_when_runs_are_killed_in_it(tmp_path: Path):
    ended = attacked(SITES["redirects"], tmp_path, articles=ARTICLES, budget=0, killed_at=(15,))
    assert (ended.reason, ended.missing) == ("finished", 0)
    assert ended.barren < 60

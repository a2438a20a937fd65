from __future__ import annotations

import gc

import pytest

from newscrawl.extensions.garbage import YOUNG, GarbageExtension


@pytest.fixture
def restored():
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("restored")
def test_what_was_loaded_before_the_crawl_is_not_looked_at_again():
    loaded: list[object] = [[] for _ in range(1000)]
    GarbageExtension().spider_opened()
    assert gc.get_freeze_count() >= len(loaded)


@pytest.mark.usefixtures("restored")
def test_cycles_made_during_the_crawl_are_still_freed():
    GarbageExtension().spider_opened()
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle
    assert gc.collect() >= 1
    assert gc.get_threshold()[0] == YOUNG

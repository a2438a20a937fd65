"""The labelled corpus in small, stored by the real store; ``make bench-dedupe`` has it in full."""

from __future__ import annotations

import pytest

from newscrawl.dataset import near
from tests.bench.dedupe import Labelled, label
from tests.dedup.corpus import COPIES, LOOK_ALIKES

PAIRS = 40
COMMON = 20
"""In proportion to the few pairs."""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory) -> Labelled:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "COMMON", COMMON)
        return label(tmp_path_factory.mktemp("corpus"), pairs=PAIRS, seed=11)


@pytest.mark.parametrize("kind", COPIES)
def test_copies_are_found(labelled, kind):
    assert labelled.recall(kind) >= 0.95


def test_respun_copies_that_name_their_source_are_grouped(labelled):
    assert labelled.recall("respun") == 1


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_look_alikes_are_no_copies(labelled, kind):
    assert labelled.false[kind] == 0


def test_reports_of_one_template_are_hard_to_tell_apart(labelled):
    assert labelled.jaccard["template"] >= 0.5

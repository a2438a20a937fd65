"""Pairs of texts are compared by processes, any of which may be killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.corpus.deduping.balance import NotDedupedError
from newscrawl.corpus.deduping.comparing import CHARACTERS, Comparing, Pair
from newscrawl.corpus.deduping.work import Work, working

PAIRS = """
SELECT range AS first, range + 1 AS second, false AS is_common,
    '{text}' AS first_text, repeat('a', {length}) AS second_text
FROM range({number})
"""


@pytest.fixture(params=[1, 2])
def work(request, tmp_path: Path) -> Iterator[Work]:
    with working(tmp_path, memory="200MB", jobs=request.param) as work:
        yield work


def length(pair: Pair) -> float | None:
    return float(len(pair.second_text)) if pair.first % 2 == 0 else None


def dies_once(pair: Pair) -> float:
    mark = Path(pair.first_text)
    if pair.first == 100 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 1.0


def dies(pair: Pair) -> float:
    if pair.first == 100:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1.0


def asked(number: int, *, text: object = "", length: int = 1) -> str:
    return PAIRS.format(number=number, text=text, length=length)


def test_the_answers_are_a_table_without_those_that_are_none(work):
    with Comparing(work) as comparing:
        comparing.compare(asked(1_000), length, "answers")
    assert work.one("SELECT sum(value) FROM answers") == 500
    assert work.one("SELECT max(first) FROM answers") == 998


def test_long_texts_are_compared_too(work):
    with Comparing(work) as comparing:
        comparing.compare(asked(10, length=CHARACTERS), length, "answers")
    assert work.one("SELECT sum(value) FROM answers") == 5 * CHARACTERS


@pytest.mark.parametrize("work", [2], indirect=True)
def test_a_process_that_is_killed_costs_nothing(work, tmp_path):
    with Comparing(work) as comparing:
        comparing.compare(asked(300, text=tmp_path / "died"), dies_once, "answers")
    assert (tmp_path / "died").exists()
    assert work.one("SELECT count(DISTINCT first) FROM answers") == 300
    assert work.one("SELECT count(*) FROM answers") == 300


@pytest.mark.parametrize("work", [2], indirect=True)
def test_texts_that_kill_each_process_are_a_failure(work):
    with Comparing(work) as comparing, pytest.raises(NotDedupedError, match="killed by signal 9"):
        comparing.compare(asked(300), dies, "answers")

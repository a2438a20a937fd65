"""The siege's half-open connections in small; its figures of seconds are not judged here."""

from __future__ import annotations

from random import Random

from tests.siege import halfopen, killing
from tests.siege.halfopen import attacked, cut_off, waiting_for_a_lock


def test_a_crawl_that_is_cut_off_ends_and_the_next_one_loses_nothing(
    tmp_path, postgresql, monkeypatch
):
    monkeypatch.setattr(halfopen, "ARTICLES", 30)
    found = attacked(cut_off, tmp_path / "cut", postgresql, Random(1))
    assert (found.unbalanced, found.lost, found.repeated) == (0, 0, 0)


def test_a_crawl_that_waits_for_a_lock_ends_and_the_next_one_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(halfopen, "ARTICLES", 60)
    found = attacked(waiting_for_a_lock, tmp_path / "wait", None, Random(1))
    assert (found.unbalanced, found.lost, found.repeated) == (0, 0, 0)


def test_a_server_and_a_crawl_that_are_killed_together_lose_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(killing, "ARTICLES", 30)
    _, _, _, *left = killing.kill_together(tmp_path / "together", Random(1))
    assert left == [0, 0, 0]

"""Kills of crawls and of what runs beside them lose and repeat nothing."""

from __future__ import annotations

from tests.siege.kills import figures


def test_crawls_and_commands_that_are_killed_together_lose_and_repeat_nothing(tmp_path):
    told = dict(figures(tmp_path, kills=6, articles=15))
    assert (told["lost"], told["repeated"], told["brought_back"]) == (0, 0, 0), told
    assert told["disorder"] == 0

"""Captures of one page are under way one after the other."""

from __future__ import annotations

from newscrawl.addresses.captures import CAPTURE
from newscrawl.frontier.rows import Row
from newscrawl.session.turns import Turns


def row(number: int, identity: str, kind: str = CAPTURE) -> Row:
    return Row(number, "gone.example", identity, "", kind, 0, 1, 0)


OLD = row(1, "https://gone.example/a#20150309101112")
NEW = row(2, "https://gone.example/a#20160309101112")
OTHER = row(3, "https://gone.example/b#20150309101112")


def test_a_later_capture_of_a_page_waits_for_the_one_under_way():
    turns = Turns()
    turns.begin(OLD)
    assert [turns.is_free(each) for each in (OLD, NEW, OTHER)] == [True, False, True]
    turns.end(OLD)
    assert turns.is_free(NEW)


def test_a_capture_that_was_never_handed_out_ends_nobodys_turn():
    turns = Turns()
    turns.begin(OLD)
    turns.end(NEW)
    assert not turns.is_free(NEW)


def test_rows_of_other_kinds_wait_for_nobody():
    turns = Turns()
    turns.begin(OLD)
    assert turns.is_free(row(4, "https://gone.example/a", "article"))

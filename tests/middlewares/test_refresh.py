"""Which pages are looked at for a refresh: all that may have one, and few others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.middlewares.refresh import may_send_on

DECLARED = re.compile(rb"http-equiv\s{0,20}=\s{0,20}[\"']?\s{0,20}refresh|\0", re.IGNORECASE)
"""The condition as one expression, which takes ten times as long."""
PIECES = [b"http-equiv", b"HTTP-Equiv", b"refresh", b"Refresh", b"=", b'"', b"'", b" ", b"\n"]


@pytest.mark.parametrize(
    "page",
    [
        b'<meta http-equiv="refresh" content="0;url=/next">',
        b"<META HTTP-EQUIV = 'ReFresh' CONTENT=0>",
        b"<meta http-equiv=\n\t refresh content=5>",
        '<meta http-equiv="refresh">'.encode("utf-16"),
    ],
)
def test_a_page_that_may_send_on_is_looked_at(page):
    assert may_send_on(b"<html><head>" + page)


@pytest.mark.parametrize(
    "page", [b"", b"<p>Refresh yourself</p>", b'<meta http-equiv="X-UA-Compatible">refresh']
)
def test_another_page_is_not(page):
    assert not may_send_on(page)


@given(st.lists(st.sampled_from([*PIECES, b"\0", b"\xc4\xb0", b"x", b"\x0b"])).map(b"".join))
def test_case_and_order_are_those_of_one_expression(page):
    assert may_send_on(page) == bool(DECLARED.search(page))

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.browse.changes import CAME, GONE, SAME, _pieces, changes


def version(text: str, **fields) -> Any:
    known: dict[str, Any] = {
        "headline": "h",
        "subtitle": None,
        "authors": [],
        "published": None,
        "last_seen": None,
    }
    return {"revision": 1, "text": text, **known, **fields}


def test_only_the_words_that_changed_are_marked():
    earlier = version("One stays. The pier costs four million. Last stays.")
    now = version("One stays. The pier costs nine million. Last stays.", revision=2)
    (change,) = changes(now, [earlier])
    assert change.places == [
        [
            (SAME, "The pier costs "),
            (GONE, "four"),
            (CAME, "nine"),
            (SAME, " million."),
        ]
    ]


def test_the_latest_revision_is_first_and_fields_have_both_values():
    texts = [version("a."), version("b.", revision=2), version("b.", revision=3, headline="g")]
    found = changes(texts[2], texts[:2])
    assert [change.revision for change in found] == [3, 2]
    assert found[0].fields == {"headline": ("h", "g")}
    assert found[0].places == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_went_and_what_came_make_both_texts(before, after):
    pieces = list(_pieces(before, after))
    assert "".join(text for kind, text in pieces if kind != CAME) == before
    assert "".join(text for kind, text in pieces if kind != GONE) == after


def test_a_huge_change_is_bounded():
    before, after = ("word " * 20_000 + end for end in "ab")
    assert [piece.kind for piece in _pieces(before, after)] == [GONE, CAME]

from __future__ import annotations

import pytest

from newscrawl.unpacking import unpack
from tests.siege.cut import CODINGS, answers, crawl, places, stored, story


def unpacked(body: bytes, codings: str) -> list[object]:
    """The errors met while each coding is taken off, the last one first."""
    errors: list[object] = []
    for coding in reversed(codings.split(", ")):
        body, error = unpack(body, coding.encode())
        errors += [] if error is None else [error]
    return errors


@pytest.mark.parametrize("name", CODINGS)
def test_a_packed_answer_that_is_cut_is_never_whole(name):
    coding, pack = CODINGS[name]
    packed = pack(story(1, "cut"))
    assert unpacked(packed, coding) == []
    assert [at for at in places(packed) if not unpacked(packed[:at], coding)] == []


def test_a_crawl_stores_the_whole_answers_and_none_of_the_cut_ones(tmp_path):
    every = answers()
    made = {
        path: said
        for at, (path, said) in enumerate(every.items())
        if "/whole/" in path or at % 40 == 0
    }
    assert made.keys() <= crawl(tmp_path, made)
    kept = stored(tmp_path)
    assert sum("/whole/" in url for url in kept) == len(CODINGS)
    assert not any("/cut/" in url for url in kept)

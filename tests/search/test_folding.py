from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.store.folding import folded


@given(st.text(alphabet=st.sampled_from("aZ9 .-_\n\x00\x7f“’—…")))
def test_english_text_is_folded_as_any_other(text):
    assert folded(f"{text}’E") == folded(f"{text}’É")

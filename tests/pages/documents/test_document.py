from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from web_poet import HttpResponse

from newscrawl.pages.documents.document import Document, absolute

PIECES = r"http:// https: // / .. . a news.test :80 é %41 ;b ?c=d ? #e # \ & [ ] @ H".split()  # noqa: SIM905 - one quoted piece a line hides them
ADDRESSES = st.lists(st.sampled_from([*PIECES, " ", "\t", "\u200b"]), max_size=8).map("".join)


@given(ADDRESSES, st.sampled_from(["", '<base href="/a/b/">', '<base href="//x.test/c?d">']))
def test_an_address_joined_in_haste_is_what_the_long_way_makes_of_it(href, head):
    body = f"<html><head>{head}</head><body></body></html>".encode()
    document = Document(HttpResponse("https://news.test/2026/03/story/", body))
    for known in ("http://news.test/a", "../../z", "/z", "z", href):
        assert document.absolute(known) == absolute(known, document.base)

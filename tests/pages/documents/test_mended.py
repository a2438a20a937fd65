import pytest
from web_poet import HttpResponse

from newscrawl.charset import without_controls
from newscrawl.pages.documents.bounds import (
    MAX_ATTRIBUTES,
    MAX_MARKUP,
    MAX_TAGS,
    STEP,
    bounded,
    with_what_follows,
)
from newscrawl.pages.documents.document import mended, utf_8

MANY = b" a=1" * (MAX_ATTRIBUTES + 3)
LONG = b"x" * (3 * STEP)
PAGES = {
    "plain": b"<html><p>Harbour</p></html>",
    "white space around it": b" \n<html><p>Harbour</p></html>\r\n ",
    "a mark of its encoding": b"\xef\xbb\xbf<p>Harbour</p>",
    "letters of many bytes": "<p>Hafen für Ωμέγα 港 🚢</p>".encode(),
    "cut letters": "<p>Hafen 港".encode()[:-1] + b"</p>",
    "a letter spelt too long": b"<p>\xc0\xaf\xe0\x80\xaf</p>",
    "half a pair": b"<p>\xed\xa0\x80</p>",
    "letters beyond all": b"<p>\xf4\x90\x80\x80</p>",
    "a control": b"<p>It\xc2\x92s open</p>",
    "a reference to a control": b"<p>It&#146;s open &#x92; &#0000150;</p>",
    "a reference to a letter": b"<p>It&#8217;s open &#1234; &#38; &amp; &#</p>",
    "a zero": b"<p>Har\0bour</p>",
    "an escape": b"<p>\x1b$B!!\x1b(B</p>",
    "no tag before it": b"Harbour <p>open</p>",
    "nothing": b"",
    "one byte": b"<",
    "two": b"<>",
    "elements behind its end": b"<html><body><p>a</p></body></html><div>b</div>",
    "elements behind an end in capitals": b"<HTML><p>a</p></HTML><DIV>b</DIV>",
    "a script behind its end": b"<html><p>a</p></html><script>1 < 2</script>",
    "an end that is cut": b"<html><p>a</p></html",
    "a long text": b"<p>" + LONG + b"</p><p>b</p>",
    "a tag with many attributes": b"<p>" + LONG + b"</p><i" + MANY * 9 + LONG + b">b</i>",
    "many attributes at the end": b"<p>" + b"<b>x</b>" * STEP + b"<i" + MANY * 30 + b">",
    "a script that compares": b"<script>" + LONG + b"if (a <b" + MANY * 9 + LONG + b"</script>",
    "many tags": b"<b>" * (MAX_TAGS + 5),
    "much text": b"<p>" + b"a<b>" * (MAX_MARKUP // 4) + LONG + b"</b>",
}


def response(body: bytes) -> HttpResponse:
    return HttpResponse("https://a.test/", body, headers={"Content-Type": "text/html"})


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_mended_as_if_nothing_were_seen_beforehand(name):
    page = response(PAGES[name])
    assert mended(page) == with_what_follows(bounded(without_controls(utf_8(page))))


@pytest.mark.parametrize("at", [*range(STEP - 3, STEP + 4), *range(2 * STEP - 3, 2 * STEP + 4)])
@pytest.mark.parametrize("after", [STEP - 2, STEP - 1, STEP, STEP + 1, 2 * STEP - 1, 2 * STEP + 1])
def test_no_long_tag_escapes_by_where_it_stands(at, after):
    tag = b"<i" + MANY
    body = b"<p>" + b"x" * (at - 3) + tag + b"y" * (after - len(tag)) + b"<b>z</b>"
    page = response(body)
    assert mended(page) == bounded(body)

"""Marks of footnotes in a body, and where it says that it comes from."""

from __future__ import annotations

import pytest

from tests.pages.examples import STORY, body
from tests.world.test_body import TOLD, article

CORE = '<sup data-fn="1f0e" class="fn"><a href="#1f0e" id="1f0e-link">1</a></sup>'


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param("<sup>1</sup>", id="a bare figure"),
        pytest.param(CORE, id="block editor"),
        pytest.param('<sup><a href="#note-2">[2]</a></sup>', id="in brackets"),
        pytest.param('<sup class="footnote-ref">a</sup>', id="a letter by its class"),
        pytest.param("<sup>1,2</sup>", id="two figures"),
        pytest.param("<sup>*</sup>", id="an asterisk"),
        pytest.param("<sup>[citation needed]</sup>", id="an editor's remark"),
        pytest.param('<a href="#fn1" role="doc-noteref">1</a>', id="a link with a role"),
        pytest.param('<a href="#_ftn3">[3]</a>', id="a link out of a word processor"),
    ],
)
def test_the_mark_of_a_footnote_is_left_out(mark):
    assert (
        body(f"<p>It lost 3 mln dlrs{mark} last year.</p>").text == "It lost 3 mln dlrs last year."
    )


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("40 m<sup>2</sup> of deck", id="square metres"),
        pytest.param("its 1<sup>st</sup> trip", id="an ordinal"),
        pytest.param("10<sup>6</sup> herrings", id="a power"),
        pytest.param("on 3 km<sup>2</sup>", id="square kilometres"),
        pytest.param("Tidex<sup>TM</sup> rope", id="a trade mark"),
        pytest.param("x<sup>2</sup> + 1", id="a formula"),
        pytest.param("the 2<sup>e</sup> quai", id="a French ordinal"),
    ],
)
def test_a_real_superscript_stays(told):
    plain = told.replace("<sup>", "").replace("</sup>", "")
    assert body(f"<p>It is {told} today.</p>").text == f"It is {plain} today."


def test_the_list_of_footnotes_is_no_text():
    notes = (
        '<ol class="wp-block-footnotes"><li id="1f0e">Of 2024. '
        '<a href="#1f0e-link" aria-label="Jump to footnote reference 1">↩︎</a></li></ol>'
    )
    html = f'<h1>Ferry</h1><div class="entry-content">{STORY}<p>Dlrs{CORE}.</p>{notes}</div>'
    found = article(html, classes="single single-post")
    assert found.text.split("\n\n") == [*TOLD, "Dlrs."]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('Source: <a href="{}">Reuters</a>', id="source"),
        pytest.param('Source link: <a href="{}">Reuters</a>', id="source link"),
        pytest.param('<strong>Source:</strong> <a href="{}">Reuters</a>.', id="in bold"),
        pytest.param('Via: <a href="{}">Reuters</a>', id="via"),
        pytest.param('Credit: <a href="{}">Reuters</a>', id="credit"),
        pytest.param('Originally published at <a href="{}">Reuters</a>', id="originally published"),
        pytest.param(
            'This article was originally published on <a href="{}">Reuters</a>.', id="a sentence"
        ),
        pytest.param('Quelle: <a href="{}">Reuters</a>', id="German"),
        pytest.param('Fuente: <a href="{}">Reuters</a>', id="Spanish"),
        pytest.param('Fonte: <a href="{}">Reuters</a>', id="Italian"),
        pytest.param('来源：<a href="{}">Reuters</a>', id="Chinese"),
        pytest.param('<a href="{}">Source: Reuters</a>', id="a link around both"),
    ],
)
@pytest.mark.parametrize("theme", ["", "single single-post", "jnews"], ids=["any", "wp", "jnews"])
def test_a_paragraph_that_names_the_source_gives_its_address_and_name(line, theme):
    origin = "https://reuters.test/ferry"
    content = f'<div class="content-inner entry-content">{STORY}<p>{line.format(origin)}</p></div>'
    found = article(f"<h1>Ferry</h1>{content}", classes=theme)
    assert (found.source_url, found.source_name) == (origin, "Reuters")
    assert found.text.split("\n\n") == TOLD


def test_a_source_that_is_named_by_its_address_is_named_by_its_host():
    line = '<p>Source: <a href="https://www.else.test/a">https://www.else.test/a</a></p>'
    assert article(f"<h1>Ferry</h1><div>{STORY}{line}</div>").source_name == "else.test"


def test_a_sentence_that_names_a_source_among_other_words_stays():
    line = '<p>Source: <a href="https://x.test/">Reuters</a> and two people at the quay.</p>'
    found = article(f"<h1>Ferry</h1><div>{STORY}{line}</div>")
    assert found.source_url is None
    assert found.text.endswith("two people at the quay.")


@pytest.mark.parametrize("label", ["", "Credit: ", "Photo credit: ", "Image credits: "])
def test_the_label_of_a_credit_is_no_part_of_it(label):
    figure = f'<figure><img src="/a.jpg"><span class="credit">{label}Bo Ekman</span></figure>'
    found = body(figure.replace("span", "div") + "<p>Text.</p>")
    assert found.images[0].credit == "Bo Ekman"

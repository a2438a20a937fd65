from __future__ import annotations

import pytest

from newscrawl.items import Image
from newscrawl.pages.bodies.passages import Boundary, Passage
from newscrawl.pages.bodies.rendering import as_html, as_text
from tests.pages.examples import body


def passage(text, tag="p", **kwargs):
    return Passage(tag, texts=[text], htmls=[text], text=text, **kwargs)


ROW = [
    Boundary("tr", opens=True),
    passage("Single", ""),
    passage("£4", ""),
    Boundary("tr", opens=False),
]


def test_passages_are_parted_by_a_blank_line():
    assert as_text([passage("One."), passage("Two.")]) == "One.\n\nTwo."


def test_short_cells_of_a_row_share_a_line():
    assert as_text(ROW) == "Single | £4"


def test_a_row_with_a_long_cell_is_a_layout():
    long = "Words. " * 40
    assert as_text([ROW[0], passage("Menu", ""), passage(long, ""), ROW[-1]]) == f"Menu\n\n{long}"


def test_what_is_dropped_is_in_neither():
    dropped = [passage("x", dropped=True)]
    assert (as_text(dropped), as_html(dropped)) == ("", "")


def test_an_empty_list_leaves_no_tags():
    assert as_html([Boundary("ul", opens=True), Boundary("ul", opens=False)]) == ""


def test_a_picture_is_a_figure_with_what_is_said_of_it():
    image = Image(url="https://news.test/a.jpg?b&c", alt='"A"', caption="1 < 2.", credit="Ann")
    assert as_html([Passage("", "image", image=image)]) == (
        '<figure><img src="https://news.test/a.jpg?b&amp;c" alt="&quot;A&quot;">'
        "<figcaption>1 &lt; 2. Ann</figcaption></figure>"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<table><thead><tr><th>Fare</th><th></th></tr></thead><tr><td>a</td><td>b</td></tr></table>",
        '<table><tr><td>Single</td><td rowspan="2">£4</td></tr><tr><td>Free</td></tr></table>',
        "<table><caption>Fares</caption><tr><td>Single</td><td>£4</td></tr></table>",
        "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr><tr><td></td><td>d</td></tr></table>",
        '<ol start="3"><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ol>',
        "<dl><dt>Fare</dt><dd>£4</dd><dd><ul><li>a</li></ul></dd></dl>",
        "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
        '<pre class="language-python"><code>  if a:\n\n      b()</code></pre>',
        "<p>a<sup>2</sup> <s>b</s> <del>c</del> <q>d</q> <kbd>e</kbd> <mark>f</mark></p>",
    ],
)
def test_structure_stays_as_it_was(html):
    assert body(html).html == html


@pytest.mark.parametrize(
    ("html", "arranged"),
    [
        ("<table><tr><td><p>a</p><h2>b</h2></td></tr></table>", "<p>a</p>\n<h2>b</h2>"),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "<p>a</p>\n<p>b</p>"),
        (
            "<ul>a<li>b</li><ul><li>c</li></ul></ul>",
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
        ),
        ("<div><li>a</li><li>b</li></div>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><li><div><a href=/a>a</a></div><div>b</div></li></ul>", None),
        ("<p>a<b> </b>b</p>", "<p>a b</p>"),
    ],
)
def test_what_stands_in_a_wrong_place_is_put_where_html_lets_it(html, arranged):
    apart = '<ul><li><p><a href="https://news.test/a">a</a></p><p>b</p></li></ul>'
    assert body(html).html == (arranged or apart)


def test_lines_of_code_stay_one_block():
    html = '<div class="highlight-js"><pre><div>a = 1</div><div>  b()</div>c<br>d</pre></div>'
    assert body(html).html == '<pre class="language-js">a = 1\n  b()\nc\nd</pre>'


def test_numbers_of_lines_are_no_code():
    html = "<table><tr><td><pre>1\n2</pre></td><td><pre>a\nb</pre></td></tr></table>"
    assert body(html).html == "<pre>a\nb</pre>"


def test_attributes_of_cells_are_numbers():
    html = '<table><tr><td colspan="2&quot; onclick=x">a</td><td rowspan=99999999999>b</td></tr></table>'
    assert body(html).html == "<table><tr><td>a</td><td>b</td></tr></table>"


def test_code_in_a_box_named_for_it_is_read():
    assert body('<div class="code-block"><pre>a</pre></div>').text == "a"
    assert body('<p>a</p><div class="code-block"><p>Advertisement</p></div>').text == "a"

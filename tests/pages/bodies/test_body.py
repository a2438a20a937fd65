from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newscrawl.items import Heading, Image
from newscrawl.pages.bodies.body import read_body
from tests.pages.examples import body, resolve


def test_paragraphs_are_joined_by_a_blank_line():
    assert body("<p>One.</p><p>Two.</p>").text == "One.\n\nTwo."


def test_bare_text_is_a_paragraph_too():
    assert body("One.<ul><li>a</li></ul>Two.").text == "One.\n\na\n\nTwo."


def test_two_line_breaks_make_a_paragraph():
    found = body("<p><b>One<br> <br>two</b><br>three</p>")
    assert found.text == "One\n\ntwo\nthree"
    assert found.html == "<p><b>One</b></p>\n<p><b>two</b><br>three</p>"


def test_white_space_folds_except_in_preformatted_text():
    found = body("<p>a\n  b&nbsp; c</p><pre>x\n  y</pre>")
    assert found.text == "a b c\n\nx\n  y"


def test_subheadings_are_paragraphs_and_headings():
    found = body("<h2><span id=x></span>Costs</h2><p>Much.</p>")
    assert found.text == "Costs\n\nMuch."
    assert found.headings == [Heading(level=2, text="Costs")]


def test_the_headline_is_not_repeated():
    assert body("<h1>The Bridge</h1><p>Text.</p>", headline="The bridge").text == "Text."


def test_a_table_row_is_one_paragraph():
    assert body("<table><tr><td>Single</td><td>£4</td></tr></table>").text == "Single | £4"


def test_nested_lists_and_quotations_keep_their_text():
    found = body("<ul><li>a<ol><li>b</li></ol></li></ul><blockquote>said</blockquote>")
    assert found.text == "a\n\nb\n\nsaid"
    assert found.html == (
        "<ul><li>a<ol><li>b</li></ol></li></ul>\n<blockquote><p>said</p></blockquote>"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<style>x</style>",
        '<div id="ez-toc-container"><p>Contents</p></div>',
        '<div class="jeg_post_tags"><a rel="tag">x</a></div>',
        '<div class="jnews_content_inline_2_ads">x</div>',
        '<div class="post-views">Post Views: 0</div>',
        '<div class="kk-star-ratings">x</div>',
        '<div class="jeg_pagelinks">x</div>',
        '<p hidden="">x</p>',
        '<p style="display: none">x</p>',
        '<span class="screen-reader-text">x</span>',
        "<form><label>x</label></form>",
        "<!-- x -->",
        '<p><a href="https://origin.test/1">Source link </a></p>',
        '<p><a href="https://origin.test/1"><b>SOURCE LINK</b></a></p>',
    ],
)
def test_boilerplate_is_dropped(html):
    assert body(f"<p>One.</p>{html}<p>Two.</p>").text == "One.\n\nTwo."


def test_text_after_something_dropped_is_kept():
    assert body("<p>One <script>x</script>two.</p>").text == "One two."


def test_the_source_link_is_remembered():
    found = body('<p>x</p><p><a href="https://origin.test/1"> Source link</a></p>')
    assert found.source_link == "https://origin.test/1"


def test_an_emoji_is_text():
    assert body('<p>Hi <img class="emoji" alt="🙂" src="/e.svg">!</p>').text == "Hi 🙂!"


def test_a_paragraph_that_repeats_an_alt_is_dropped():
    assert body("<img src=/a.jpg alt='From above.'><p>From Above.</p><p>x</p>").text == "x"


def test_each_picture_is_listed_once():
    lead = Image(url="https://news.test/a.jpg")
    found = body("<figure><img src=/a.jpg><figcaption>C</figcaption></figure>", lead=lead)
    assert found.images == [Image(url="https://news.test/a.jpg", caption="C")]


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<p><a href="javascript:x()">a</a></p>', "<p>a</p>"),
        ('<p><a href="data:text/html,x">a</a></p>', "<p>a</p>"),
        ('<p><a href="/b?c=1&d" onclick=x>a</a></p>', None),
        ("<p><font color=red>a</font></p>", "<p>a</p>"),
        ("<p>1 &lt; 2 &amp; &lt;script&gt;</p>", "<p>1 &lt; 2 &amp; &lt;script&gt;</p>"),
        ("<iframe src=//evil></iframe><p>a</p>", "<p>a</p>"),
    ],
)
def test_html_holds_allowed_tags_only(html, clean):
    expected = clean or '<p><a href="https://news.test/b?c=1&amp;d">a</a></p>'
    assert body(html).html == expected


def test_very_deep_nesting_keeps_its_text():
    root = node = etree.Element("div")
    for _ in range(10_000):
        node = etree.SubElement(node, "div")
    node.text = "deep"
    assert read_body(root, resolve).text == "deep"


def test_no_body_is_an_empty_body():
    assert read_body(None, resolve).text == ""


TAGS = st.sampled_from(
    [
        "p",
        "div",
        "b",
        "a",
        "ul",
        "li",
        "figure",
        "figcaption",
        "table",
        "tr",
        "td",
        "br",
        "img",
        "blockquote",
        "h2",
        "pre",
        "span",
        "script",
        "em",
    ]
)
MARKUP = st.recursive(
    st.text(alphabet="ab &<>\n", max_size=8) | st.sampled_from(["hide caption", "Source link"]),
    lambda inner: st.builds(
        lambda tag, parts: f'<{tag} class="credit" src="/i.jpg" href="/h">{"".join(parts)}</{tag}>',
        TAGS,
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_any_markup_is_read_and_its_html_reads_the_same(html):
    found = body(html)
    again = body(found.html or "<p></p>")
    assert "<script" not in found.html
    assert "credit" not in found.html
    assert again.html.count("<") <= found.html.count("<")

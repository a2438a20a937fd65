"""What another reader of Markdown gives back is what stood on the page."""

from __future__ import annotations

import json
import re

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser
from markdown_it import MarkdownIt

from newscrawl.exporters.markdown import markdown
from tests.exporters.conftest import article, export
from tests.pages.examples import body

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SAME = {"b": "strong", "i": "em", "s": "del"}


def read_back(html):
    return READER.render(markdown("", html))


def letters(html):
    return re.sub(r"\s+", "", "".join(parser.fragment_fromstring(html, "div").itertext()))


def squeezed(html):
    return re.sub(r">\s+<", "><", html).strip()


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p><h2>Two</h2><p><strong>Three</strong> and <em>four</em>.</p>",
        "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>",
        "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>",
        '<ol start="7"><li>a</li><li>b</li></ol>',
        "<ul><li>a</li></ul><ul><li>b</li></ul><ul><li>c</li></ul>",
        "<blockquote><p>a</p><blockquote><p>b</p></blockquote><ul><li>c</li></ul></blockquote>",
        "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>",
        "<p>H<sub>2</sub>O and 10<sup>6</sup></p>",
        "<p>Not <code>a `b` c</code> but <code>*d*</code></p>",
        '<p>See <a href="https://news.test/a_(b)?c=1">the <em>old</em> list</a>.</p>',
        "<p>one<br>two</p>",
        "<p>This is <strong>bold:</strong>so <em>“quoted”</em>s are</p>",
        "<p><strong>a</strong><em>b</em><strong><em>c</em> d</strong></p>",
        "<hr><p>a</p>",
    ],
)
def test_structure_is_read_back(html):
    mended = html.replace("<br>", "<br />").replace("_(b)", "_%28b%29").replace("<hr>", "<hr />")
    assert squeezed(read_back(html)).replace("\n", "") == mended


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "1. no list",
        "12) no list",
        "- no list",
        "+ no list",
        "> no quotation",
        "=== no rule",
        "---",
        "***",
        "***no* emphasis**",
        "_no_ __emphasis__ but snake_case",
        "`no code` and ``none",
        "```no fence",
        "~~~no fence",
        "~~not struck~~",
        "[no](https://link.test) and [none]",
        "[no]: https://definition.test",
        "![no](picture.jpg)",
        "&amp; no entity &#35; &copy",
        "<b>no tag</b> <!-- none --> < a",
        "a \\ b \\* c",
        "| a | b |",
        "5 * 3 * 2",
        "<https://no.link.test>",
    ],
)
def test_text_is_never_markup(text):
    paragraph = parser.fragment_fromstring("<p></p>")
    paragraph.text = text
    html = parser.tostring(paragraph, encoding="unicode")
    for one in (html, f"<p>before<br>{html[3:]}", f"<ul><li>{html[3:-4]}</li></ul>"):
        back = parser.fragment_fromstring(read_back(one), "div")
        assert {each.tag for each in back.iter()} <= {"div", "p", "br", "ul", "li"}
        said = " ".join("".join(back.itertext()).split())
        assert said.removeprefix("before ").endswith(" ".join(text.split()))


def test_a_heading_may_end_with_a_number_sign():
    assert squeezed(read_back("<h2>In C #</h2>")) == "<h2>In C #</h2>"


def test_code_is_fenced_with_its_language_and_its_white_space():
    html = '<pre class="language-python"><code>def f():\n\n    return "```"\n</code></pre>'
    assert markdown("", html) == '````python\ndef f():\n\n    return "```"\n````\n'


def test_code_in_a_list_stays_there():
    html = "<ol><li><p>Run</p><pre>a\n  b</pre></li><li><p>Look</p></li></ol>"
    back = read_back(html)
    assert "<pre><code>a\n  b\n</code></pre>" in back
    assert back.count("<ol>") == 1


def test_a_table_has_pipes_and_a_head():
    html = (
        "<table><thead><tr><th>Fare</th><th>a|b</th></tr></thead><tbody><tr><td>Single</td>"
        "<td><p>£4</p><p>from May</p></td></tr></tbody></table>"
    )
    assert markdown("", html) == ("| Fare | a\\|b |\n| --- | --- |\n| Single | £4<br>from May |\n")


def test_cells_over_rows_and_columns_keep_the_places_of_the_others():
    html = (
        '<table><tr><td rowspan="2">Quay</td><td colspan="2">Boats</td></tr>'
        "<tr><td>2</td><td>3</td></tr></table>"
    )
    assert markdown("", html).splitlines()[2:] == ["| Quay | Boats |  |", "| Quay | 2 | 3 |"]


def test_a_picture_stands_with_its_caption():
    html = (
        '<figure><img src="https://news.test/a b.jpg" alt="[A]"><figcaption>The *quay*'
        "</figcaption></figure>"
    )
    assert markdown("", html) == ("![\\[A\\]](https://news.test/a%20b.jpg)\n*The \\*quay\\**\n")


def test_terms_are_items_of_a_list():
    html = "<dl><dt>Fare</dt><dd>What it costs.</dd><dt>Quay</dt><dd><p>Where.</p></dd></dl>"
    assert markdown("", html) == ("- **Fare**\n\n  What it costs.\n\n- **Quay**\n\n  Where.\n")


def test_addresses_that_are_none_of_the_web_are_left_out():
    html = '<p><a href="javascript:x()">a</a><img src="data:image/png,x"><script>x()</script></p>'
    assert markdown("", html) == "a\n"


def test_the_headline_is_the_first_heading():
    assert markdown("A *story*", "<p>Text.</p>") == "# A \\*story\\*\n\nText.\n"


def test_without_html_the_text_is_taken():
    assert markdown("", "", "# One\n\ntwo") == "\\# One\n\ntwo\n"


@pytest.mark.parametrize("html", ["", " ", "<!-- x -->", "\x00", "<td>", "</p>"])
def test_nothing_is_nothing(html):
    assert markdown("", html) == "\n"


@pytest.mark.parametrize("tag", ["blockquote", "li", "div", "b", "span", "table", "td"])
def test_what_is_nested_deep_keeps_its_text(tag):
    assert "deep" in markdown("", f"<{tag}>" * 200 + "deep")


TEXTS = st.text(alphabet="ab *_`[]<>&|#-1.\\~!\n", max_size=8)
SPANS = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["b", "em", "code", "a href=/x", "sup", "del", "span"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
PAGES = st.recursive(
    SPANS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["p", "ul", "li", "blockquote", "h2", "pre", "table", "tr", "td", "div"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(PAGES)
def test_the_markdown_of_any_page_says_what_its_html_says(html):
    found = body(f"<p>x</p>{html}").html
    assert letters(read_back(found)).replace("•", "") == letters(found)


def test_markdown_is_a_field_of_an_export(db, folder):
    export(db, folder / "a.jsonl", folder / "a.parquet", names=("headline", "markdown"))
    rows = [json.loads(line) for line in (folder / "a.jsonl").read_text().splitlines()]
    assert {row["markdown"].partition("\n")[0] for row in rows} == {
        "# A story",
        "# =1+1, or: the orchards",
    }
    assert pq.read_table(folder / "a.parquet").to_pylist() == rows


def test_a_folder_of_markdown_has_a_file_an_article(db, folder):
    target = f"{folder}/news.md/"
    names = ("headline", "authors", "subtitle", "markdown")
    assert export(db, target, names=names) == 4
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.md")}
    key = article("/ferry", "x").id
    text = files[f"news.md/daily.example/{key}.md"].read_text(encoding="utf-8")
    assert text.startswith(
        '---\nheadline: "A story"\nauthors: ["Ada Quill", "Béla Øst"]\n---\n\n# A'
    )
    assert "| `markdown` | text | 100" in files["news.md/README.md"].read_text(encoding="utf-8")

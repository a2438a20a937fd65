"""The text of an article among what themes and plugins put around it."""

from __future__ import annotations

import asyncio

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage
from tests.pages.examples import FIRST, SECOND, STORY, THIRD

URL = "https://news.test/2026/05/ferry"
TOLD = [FIRST, SECOND, THIRD]
SHORT = "Forty passengers sail, and the school band plays all that it knows twice over."
LEGAL = (
    "Island Press is a paper for all islands. It is printed every Thursday on Little Skerry and "
    "read wherever the post boat calls. Letters are welcome and are printed where there is room. "
    "No part of it may be copied without leave, which is gladly given to schools, to choirs and "
    "to the lighthouse, whose keeper also reads the proofs of it."
)
FOOTERS = {
    "footer element": f"<footer><p>{LEGAL}</p></footer>",
    "class of a footer": f'<div class="site-footer"><p>{LEGAL}</p></div>',
    "id of a footer": f'<div id="footer"><p>{LEGAL}</p></div>',
    "colophon": f'<div id="colophon"><div class="inner"><p>{LEGAL}</p></div></div>',
    "role of a footer": f'<div role="contentinfo"><p>{LEGAL}</p></div>',
    "plain box": f'<div class="bottom"><p>{LEGAL}</p></div>',
}
LINES = {
    "a poem": ["The tide came in.", "The tide went out.", "The boat stayed where it was."] * 3,
    "Chinese verse": ["床前明月光", "疑是地上霜", "举头望明月", "低头思故乡"],
    "short notes": ["Cod: none.", "Crab: plenty.", "Wind: west, four.", "Rain: later."],
}
RELATED = (
    '<div class="related-posts"><h3>Related</h3><ul>'
    + "".join(
        f'<li><a href="/{n}">The harbour gets a new crane, number {n}</a></li>' for n in "abc"
    )
    + "</ul></div>"
)


def page(body, head="", classes=""):
    title = "<title>The ferry sails – Island Press</title>"
    html = f'<html><head>{title}{head}</head><body class="{classes}">{body}</body></html>'
    return NewsPage(HttpResponse(URL, html.encode())).page


def article(body, head="", classes=""):
    return asyncio.run(page(body, head, classes).to_item())


def paragraphs(body, head="", classes=""):
    return page(body, head, classes).body.text.split("\n\n")


@pytest.mark.parametrize("footer", [pytest.param(html, id=name) for name, html in FOOTERS.items()])
@pytest.mark.parametrize("classes", ["", "single single-post"], ids=["any site", "wordpress"])
@pytest.mark.parametrize("lines", [pytest.param(each, id=name) for name, each in LINES.items()])
def test_short_lines_in_the_marked_body_are_the_story_and_the_footer_is_not(lines, classes, footer):
    verse = "".join(f"<p>{line}</p>" for line in lines)
    content = f'<div class="entry-content">{verse}{RELATED}</div>'
    body = f"<article><h1>The ferry sails</h1>{content}</article>{footer}"
    assert paragraphs(body, classes=classes) == lines


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('<div class="post-content">{}</div>', id="class post-content"),
        pytest.param('<div itemprop="articleBody">{}</div>', id="microdata"),
        pytest.param('<div property="articleBody">{}</div>', id="rdfa"),
        pytest.param('<section class="article-body">{}</section>', id="class article-body"),
        pytest.param('<div class="e-content">{}</div>', id="microformat"),
        pytest.param("<div>{}</div>", id="no mark"),
    ],
)
def test_a_table_of_earnings_is_the_story_whoever_marks_it(content):
    rows = [f"{year} | Net {year % 7} mln | Revs {year % 9} mln" for year in range(1980, 1990)]
    cells = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split(" | ")) + "</tr>" for row in rows
    )
    body = f"<article><h1>The ferry sails</h1>{content.format(f'<table>{cells}</table>')}</article>"
    assert paragraphs(f"{body}<footer><p>{LEGAL}</p></footer>") == rows


def test_a_marked_body_without_the_text_is_not_believed():
    body = f'<main><div class="entry-content"><p>Loading.</p></div><div>{STORY}</div></main>'
    assert paragraphs(body) == TOLD


def test_a_page_of_nothing_but_a_footer_has_no_body():
    assert page(f"<h1>Ferry</h1><footer><p>{LEGAL}</p></footer>").body.text == ""


def test_a_wrapper_named_after_its_sticky_footer_holds_the_story():
    body = f'<div class="sticky-footer"><main><h1>The ferry sails</h1>{STORY}</main></div>'
    assert paragraphs(body) == TOLD


EXCERPT = " ".join(FIRST.split()[:20])


@pytest.mark.parametrize(
    "excerpt",
    [
        pytest.param(
            f'<div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">{EXCERPT}…'
            "</p></div>",
            id="block theme",
        ),
        pytest.param(f'<div class="entry-summary"><p>{EXCERPT} [&hellip;]</p></div>', id="summary"),
        pytest.param(f'<p class="post-excerpt">{EXCERPT}...</p>', id="class of a paragraph"),
        pytest.param(f"<p>{FIRST} {SECOND[:60]} […]</p>", id="no class, as long as a lead"),
        pytest.param(f'<div class="excerpt"><p>{FIRST}</p></div>', id="the first paragraph, whole"),
    ],
)
@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(
            '<main><h1>Ferry</h1>{}<div class="entry-content">{}</div></main>', id="apart"
        ),
        pytest.param("<article><h1>Ferry</h1>{}{}</article>", id="in one element"),
    ],
)
def test_an_excerpt_that_the_body_repeats_is_neither_text_nor_subtitle(whole, excerpt):
    found = article(whole.format(excerpt, STORY), classes="single single-post")
    assert found.text.split("\n\n") == TOLD
    assert found.subtitle is None


@pytest.mark.parametrize(
    "standfirst",
    [
        pytest.param(
            f'<div class="wp-block-post-excerpt"><p>{SHORT}</p></div>', id="manual excerpt"
        ),
        pytest.param(f'<p class="standfirst">{SHORT}</p>', id="class standfirst"),
        pytest.param(f'<h2 class="article-subtitle">{SHORT}</h2>', id="class subtitle"),
        pytest.param(f'<div class="c-dek">{SHORT}</div>', id="class dek"),
        pytest.param(f'<p itemprop="alternativeHeadline">{SHORT}</p>', id="microdata"),
        pytest.param(f"<p>{SHORT}</p>", id="a paragraph of 78 letters without a name"),
        pytest.param(f"<h2>{SHORT}</h2>", id="a heading without a name"),
    ],
)
def test_a_standfirst_is_the_subtitle(standfirst):
    body = f"<main><header><h1>The ferry sails</h1>{standfirst}</header><div>{STORY}</div></main>"
    found = article(body)
    assert found.subtitle == SHORT
    assert found.text.split("\n\n") == TOLD


def test_a_long_manual_excerpt_is_the_subtitle_too():
    excerpt = f'<div class="wp-block-post-excerpt"><p>{LEGAL}</p></div>'
    body = f'<main><h1>Ferry</h1>{excerpt}<div class="entry-content">{STORY}</div></main>'
    found = article(body, classes="single single-post")
    assert found.subtitle == LEGAL
    assert found.text.split("\n\n") == TOLD


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Quill, our man at the quay of Little Skerry",
        "Updated 5 minutes ago by the newsroom of Island Press",
        "9 October 2025 | 4 min read | Island life and harbours",
        "Monday at 10:45, for readers of the islands and the coast.",
    ],
)
def test_a_byline_or_a_date_is_no_subtitle(line):
    body = f"<main><header><h1>The ferry sails</h1><p>{line}</p></header><div>{STORY}</div></main>"
    assert article(body).subtitle is None


def test_a_lead_that_the_body_does_not_repeat_opens_the_text():
    body = f"<main><header><h1>Ferry</h1><p>{LEGAL}</p></header><div>{STORY}</div></main>"
    assert article(body).text.split("\n\n") == [LEGAL, *TOLD]


@pytest.mark.parametrize(
    ("html", "told"),
    [
        pytest.param(
            '<p><a href="https://else.test/r">The whole report runs to three hundred pages.</a></p>',
            "The whole report runs to three hundred pages.",
            id="a paragraph that is one link",
        ),
        pytest.param(
            '<p><a href="/minutes"><em>The council met twice in March.</em></a></p>',
            "The council met twice in March.",
            id="one link within the site around emphasis",
        ),
        pytest.param(
            '<p>He said: <a href="/speech">“We shall sail on Monday, come what may”</a>.</p>',
            "He said: “We shall sail on Monday, come what may”.",
            id="a linked quotation",
        ),
        pytest.param(
            '<p>She added: <a href="/speech">"Nobody else would have sailed that day"</a></p>',
            'She added: "Nobody else would have sailed that day"',
            id="a linked quotation without a full stop",
        ),
        pytest.param(
            '<p>The report says: <a href="/r">the channel is too shallow by two feet</a>.</p>',
            "The report says: the channel is too shallow by two feet.",
            id="a linked clause",
        ),
        pytest.param(
            '<p><a href="/a">渡船公司在周一发表的报告中说航道太浅。</a></p>',
            "渡船公司在周一发表的报告中说航道太浅。",
            id="a linked sentence in Chinese",
        ),
        pytest.param("The boat was full.", "The boat was full.", id="bare text of a few words"),
        pytest.param(
            "<em>Not so.</em> She sailed.", "Not so. She sailed.", id="bare and emphasised"
        ),
    ],
)
def test_words_between_two_paragraphs_are_kept(html, told):
    body = f"<div><p>{FIRST}</p>{html}<p>{SECOND}</p><p>{THIRD}</p></div>"
    assert paragraphs(body) == [FIRST, told, SECOND, THIRD]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param('<p><a href="/x">Harbour gets a new crane</a></p>', id="a headline"),
        pytest.param(
            '<p>Read also: <a href="/x">Harbour gets a new crane</a></p>', id="with a label"
        ),
        pytest.param(
            '<p>See: <a href="/x">The crane is late.</a></p>', id="with its own full stop"
        ),
    ],
)
def test_the_headline_of_another_story_is_left_out(html):
    body = f"<div><p>{FIRST}</p>{html}<p>{SECOND}</p><p>{THIRD}</p></div>"
    assert paragraphs(body) == TOLD


QUOTED = "“It’s late” – so…"


@pytest.mark.parametrize(
    ("raw", "header"),
    [
        pytest.param(b"&#147;It&#146;s late&#148; &#150; so&#133;", "utf-8", id="references"),
        pytest.param(b"&#x93;It&#x92;s late&#x94; &#x96; so&#x85;", "utf-8", id="in hex"),
        pytest.param(b"&#147It&#146s late&#148 &#150 so&#133", "utf-8", id="without semicolons"),
        pytest.param(b"\x93It\x92s late\x94 \x96 so\x85", "iso-8859-1", id="latin-1"),
        pytest.param(b"\x93It\x92s late\x94 \x96 so\x85", "iso-8859-15", id="latin-9"),
        pytest.param(b"\x93It\x92s late\x94 \x96 so\x85", "us-ascii", id="ascii"),
        pytest.param(b"\x93It\x92s late\x94 \x96 so\x85", "", id="no charset"),
        pytest.param("\x93It\x92s late\x94 \x96 so\x85".encode(), "utf-8", id="in UTF-8"),
    ],
)
def test_c1_bytes_are_those_of_windows(raw, header):
    html = b"<html><body><h1>Ferry</h1><div><p>" + raw + b"</p>" + STORY.encode() + b"</div>"
    headers = {"Content-Type": f"text/html; charset={header}" if header else "text/html"}
    found = NewsPage(HttpResponse(URL, html, headers=headers)).page
    assert found.body.text.split("\n\n") == [QUOTED, *TOLD]

"""What a page says of itself in microdata, RDFa and meta elements."""

from __future__ import annotations

import asyncio

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage

URL = "https://fenland.test/2025/quay/"
BODY = "<p>The quay opens again on Monday, says the harbour master of the town.</p>" * 8
SCOPE = 'itemscope itemtype="https://schema.org/NewsArticle"'
RDFA = 'vocab="https://schema.org/" typeof="NewsArticle"'
DRUPAL = 'about="/quay" typeof="schema:Article sioc:Item"'
OTHERS = "".join(
    f'<div {SCOPE}><h2 itemprop="headline">Story {number}</h2>'
    f'<b itemprop="author">Cy Orr</b><meta itemprop="commentCount" content="7"></div>'
    for number in range(4)
)


def read(html, scope=SCOPE, head="", after=""):
    page = f"<html><head>{head}</head><body><div {scope}>{html}{BODY}</div>{after}</body></html>"
    return asyncio.run(NewsPage(HttpResponse(URL, page.encode())).to_item())


@pytest.mark.parametrize(
    ("html", "scope"),
    [
        pytest.param('<p itemprop="headline">The quay opens</p>', SCOPE, id="text"),
        pytest.param('<meta itemprop="headline" content="The quay opens">', SCOPE, id="meta"),
        pytest.param(
            '<b itemprop="headline" content="The quay opens">Quay</b>', SCOPE, id="content"
        ),
        pytest.param('<b itemprop="name headline">The quay opens</b>', SCOPE, id="two names"),
        pytest.param('<p property="headline">The quay opens</p>', RDFA, id="RDFa"),
        pytest.param(
            '<p property="schema:name">The quay opens</p>', DRUPAL, id="RDFa with a prefix"
        ),
        pytest.param(
            '<p property="http://schema.org/headline">The quay opens</p>',
            'typeof="http://schema.org/NewsArticle"',
            id="RDFa in full",
        ),
        pytest.param('<meta itemprop="headline" content="The quay opens">', "", id="in no object"),
    ],
)
def test_the_headline_is_declared(html, scope):
    item = read(html, scope)
    assert (item.headline, item.provenance["headline"]) == ("The quay opens", "microdata")


PERSON = 'itemprop="author" itemscope itemtype="https://schema.org/Person"'


@pytest.mark.parametrize(
    ("html", "scope"),
    [
        pytest.param('<span itemprop="author">Ada Quill</span>', SCOPE, id="text"),
        pytest.param('<meta itemprop="author" content="Ada Quill">', SCOPE, id="meta"),
        pytest.param('<a itemprop="author" href="/ada">Ada Quill</a>', SCOPE, id="a link"),
        pytest.param(f'<b {PERSON}><i itemprop="name">Ada Quill</i>, 39</b>', SCOPE, id="a person"),
        pytest.param(f"<b {PERSON}>Ada Quill</b>", SCOPE, id="a person without a name"),
        pytest.param(
            f'<b {PERSON}><meta itemprop="name" content="Ada Quill"></b>', SCOPE, id="a hidden name"
        ),
        pytest.param(
            f'<b {PERSON}><i itemprop="givenName">Ada</i><i itemprop="familyName">Quill</i></b>',
            SCOPE,
            id="a person in two parts",
        ),
        pytest.param(
            f'<b {PERSON}><a itemprop="url" href="/ada"><i itemprop="name">Ada Quill</i></a>'
            '<b itemprop="worksFor" itemscope><i itemprop="name">The Wire</i></b></b>',
            SCOPE,
            id="a person with an employer",
        ),
        pytest.param(
            f'<b itemprop="author" itemscope itemtype="https://schema.org/Organization">'
            f'<i itemprop="name">Wire Desk</i></b><b {PERSON}><i itemprop="name">Ada Quill</i></b>',
            SCOPE,
            id="a person beside an organization",
        ),
        pytest.param('<span property="author">Ada Quill</span>', RDFA, id="RDFa"),
        pytest.param(
            '<b property="author" typeof="Person"><i property="name">Ada Quill</i></b>',
            RDFA,
            id="an RDFa person",
        ),
        pytest.param(
            '<b rel="schema:author"><i typeof="schema:Person" property="schema:name">Ada Quill</i></b>',
            DRUPAL,
            id="an RDFa relation",
        ),
    ],
)
def test_the_author_is_declared(html, scope):
    item = read(f"<h1>The quay opens</h1>{html}", scope)
    assert item.authors == ["Ada Quill"]
    assert item.headline == "The quay opens"


def test_what_stands_elsewhere_may_be_referred_to():
    after = '<p id="by">By <b itemprop="author">Ada Quill</b></p>'
    item = read("<h1>The quay opens</h1>", f'{SCOPE} itemref="by"', after=after)
    assert item.authors == ["Ada Quill"]


def test_two_objects_that_refer_to_each_other_are_read():
    html = f'<h1>The quay opens</h1><b id="x" {PERSON}><i itemprop="name">Ada Quill</i></b>'
    item = read(html, f'id="y" {SCOPE} itemref="x y"')
    assert item.authors == ["Ada Quill"]


def test_what_teasers_say_is_not_of_the_story():
    item = read('<h1 itemprop="headline">The quay opens</h1>', after=OTHERS)
    assert (item.authors, item.comment_count) == ([], None)


def test_sections_and_tags_are_declared():
    html = (
        '<h1>The quay opens</h1><p itemprop="articleSection"><a>Harbour</a>, <a>Town</a></p>'
        '<meta itemprop="keywords" content="ferries, quay">'
    )
    item = read(html)
    assert (item.sections, item.tags) == (["Harbour", "Town"], ["ferries", "quay"])


@pytest.mark.parametrize(
    "html",
    [
        pytest.param('<meta itemprop="image" content="/quay.jpg">', id="meta"),
        pytest.param('<link itemprop="image" href="/quay.jpg">', id="a link element"),
        pytest.param('<a itemprop="image" href="/quay.jpg">See</a>', id="a link"),
        pytest.param(
            '<b itemprop="image" itemscope itemtype="https://schema.org/ImageObject">'
            '<meta itemprop="url" content="/quay.jpg"></b>',
            id="an object",
        ),
        pytest.param('<meta itemprop="thumbnailUrl" content="/quay.jpg">', id="a small one"),
    ],
)
def test_the_picture_is_declared(html):
    item = read(f"<h1>The quay opens</h1>{html}")
    assert [each.url for each in item.images] == ["https://fenland.test/quay.jpg"]


@pytest.mark.parametrize(
    ("html", "count"),
    [
        pytest.param('<meta itemprop="commentCount" content="0">', 0, id="none, hidden"),
        pytest.param('<b itemprop="commentCount">0</b>', 0, id="none, shown"),
        pytest.param('<b itemprop="commentCount">12 comments</b>', 12, id="some"),
        pytest.param(
            '<meta itemprop="interactionCount" content="UserComments:0">', 0, id="old form"
        ),
        pytest.param(
            '<b itemprop="interactionStatistic" itemscope '
            'itemtype="https://schema.org/InteractionCounter">'
            '<link itemprop="interactionType" href="https://schema.org/CommentAction">'
            '<meta itemprop="userInteractionCount" content="0"></b>',
            0,
            id="a counter",
        ),
        pytest.param('<b itemprop="commentCount"></b>', None, id="a script's place"),
    ],
)
def test_comments_are_counted_as_declared(html, count):
    assert read(f"<h1>The quay opens</h1>{html}").comment_count == count


def test_a_count_in_the_head_needs_no_object():
    head = '<meta itemprop="commentCount" content="0">'
    assert read("<h1>The quay opens</h1>", "", head).comment_count == 0


@pytest.mark.parametrize(
    "head",
    [
        pytest.param('<meta name="x" property="og:title" content="The quay opens">', id="name too"),
        pytest.param('<meta property="og:title twitter:title" content="The quay opens">', id="two"),
        pytest.param(
            '<meta itemprop="name" name="twitter:title" content="The quay opens">', id="item"
        ),
    ],
)
def test_one_meta_element_may_bear_several_names(head):
    assert read("", "", head).headline == "The quay opens"

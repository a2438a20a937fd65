from __future__ import annotations

import json

import pytest
from web_poet import HttpResponse

from newscrawl.items import Comment, Post
from newscrawl.pages.news import NewsPage
from tests.pages.examples import FIRST, SECOND, STORY, THIRD, URL


def read(html, head=""):
    page = f"<html><head>{head}</head><body><h1>The ferry</h1>{html}</body></html>"
    return NewsPage(HttpResponse(URL, page.encode())).page


WORDPRESS = """
<div id="comments"><h3>2 comments</h3><ol class="comment-list">
<li id="comment-5" class="comment depth-1"><article id="div-comment-5" class="comment-body">
<footer class="comment-meta"><div class="comment-author vcard"><img alt="" src="/a.png">
<b class="fn"><a href="https://ada.test/">Ada</a></b> <span class="says">says:</span></div>
<a href="#comment-5"><time datetime="2026-03-01T10:00:00+00:00">1 March</time></a></footer>
<div class="comment-content"><p>The quay is deep enough.</p><p>I measured it.</p></div>
<div class="reply"><a href="?replytocom=5">Reply</a></div></article>
<ol class="children"><li id="comment-6" class="comment depth-2"><article id="div-comment-6"
class="comment-body"><div class="comment-author vcard"><b class="fn">Bo</b></div>
<div class="comment-content"><p>With which rope?</p></div></article></li></ol></li></ol>
<form><textarea></textarea></form></div>
"""
MICRODATA = """
<div class="talk"><div itemscope itemtype="https://schema.org/Comment"><span itemprop="author"
itemscope itemtype="https://schema.org/Person"><span itemprop="name">Cy</span></span>
<meta itemprop="dateCreated" content="2026-03-02T08:00:00Z"><div itemprop="text">No band plays
better.</div></div></div>
"""


def test_comments_of_wordpress_have_their_author_time_and_answers():
    page = read(f"<article>{STORY}</article>{WORDPRESS}")
    assert page.comments == [
        Comment(
            author="Ada",
            published="2026-03-01T10:00:00+00:00",
            text="The quay is deep enough.\n\nI measured it.",
            url=f"{URL}#comment-5",
        ),
        Comment(author="Bo", text="With which rope?", url=f"{URL}#comment-6", reply_to=0),
    ]
    assert page.text == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_comments_in_microdata_are_read_by_their_properties():
    assert read(STORY + MICRODATA).comments == [
        Comment(author="Cy", published="2026-03-02T08:00:00+00:00", text="No band plays better.")
    ]


def test_comments_in_json_ld_are_read_with_their_answers():
    head = """<script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry",
    "comment":[{"@type":"Comment","author":{"name":"Ada"},"text":"Deep.","dateCreated":"2026-03-01",
    "comment":{"@type":"Comment","text":"How deep?","author":"Bo"}},{"text":"Fine.","url":
    "https://news.test/c/3"}]}</script>"""
    found = read(STORY, head).comments
    assert [(each.author, each.text, each.reply_to) for each in found] == [
        ("Ada", "Deep.", None),
        ("Bo", "How deep?", 0),
        (None, "Fine.", None),
    ]
    assert found[0].published.startswith("2026-03-01")
    assert found[2].url == "https://news.test/c/3"


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("{}", None),
        ('{"commentCount":0}', []),
        ('{"comment":[]}', []),
        ('{"commentCount":3}', None),
    ],
)
def test_no_comments_are_said_only_where_the_page_says_so(declared, said):
    story = {"@type": "Article", "headline": "The ferry", **json.loads(declared)}
    head = f'<script type="application/ld+json">{json.dumps(story)}</script>'
    assert read(STORY, head).comments == said


def test_what_has_neither_author_nor_date_is_no_comment():
    html = '<div class="comment">Our editor comments on the ferry.</div>'
    assert read(STORY + html).comments is None


def test_posts_of_a_live_blog_are_a_list():
    head = """<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"The ferry",
    "liveBlogUpdate":[{"@type":"BlogPosting","headline":"It sails","articleBody":"At ten.",
    "author":{"name":"Ada"},"datePublished":"2026-03-01T10:00:00Z","url":"https://news.test/l#1"},
    {"@type":"BlogPosting","articleBody":"It waits."}, 7]}</script>"""
    assert read(STORY, head).posts == [
        Post(
            headline="It sails",
            author="Ada",
            published="2026-03-01T10:00:00+00:00",
            text="At ten.",
            url="https://news.test/l#1",
        ),
        Post(text="It waits."),
    ]


def test_posts_in_microdata_are_read_where_they_stand():
    html = """<div itemscope itemtype="https://schema.org/LiveBlogPosting"><div id="p1" itemscope
    itemprop="liveBlogUpdate" itemtype="https://schema.org/BlogPosting"><h2 itemprop="headline">It
    sails</h2><time itemprop="datePublished" datetime="2026-03-01T10:00:00Z">10:00</time>
    <div itemprop="articleBody"><p>At ten.</p></div></div></div>"""
    assert read(STORY + html).posts == [
        Post(
            headline="It sails",
            published="2026-03-01T10:00:00+00:00",
            text="At ten.",
            url=f"{URL}#p1",
        )
    ]


def test_a_page_without_marks_has_no_posts():
    assert read(STORY).posts is None


def test_comments_are_bounded():
    many = "".join(
        f'<li id="comment-{n}" class="comment"><cite class="fn">A</cite><p>Said.</p></li>'
        for n in range(1_500)
    )
    assert len(read(f"{STORY}<ol>{many}</ol>").comments) == 1_000


def test_comments_nested_deep_are_read_in_time():
    deep = "".join(
        f'<div id="comment-{n}" class="comment"><cite class="fn">A</cite><p>Said {n}.</p>'
        for n in range(150)
    )
    found = read(STORY + deep).comments
    assert [each.reply_to for each in found][:3] == [None, 0, 1]

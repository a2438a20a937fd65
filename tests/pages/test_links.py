from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.discovery.links import Link, LinkKind, strongest
from newscrawl.pages.documents.places import MAX_LINKS
from newscrawl.pages.news import NewsPage

URL = "https://news.test/story/"
JNEWS = "single single-post jnews"
WORDPRESS = "single single-post wp-singular"
TEXT = "<p>" + "Words of a story that goes on. " * 40 + "</p>"


def page(html, classes="", url=URL, head=""):
    body = f'<html><head>{head}</head><body class="{classes}">{html}</body></html>'
    return NewsPage(HttpResponse(url, body.encode()))


def roles(html, classes="", **kwargs):
    return [(link.url, str(link.kind)) for link in page(html, classes, **kwargs).links]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<ul class="jeg_menu"><li class="menu-item"><a href="/x/">X</a></ul>', "category"),
        ('<div id="breadcrumbs" class="jeg_breadcrumbs"><a href="/x/">X</a></div>', "category"),
        ('<div class="jeg_meta_category"><a rel="category tag" href="/x/">X</a></div>', "category"),
        ('<h3 class="jeg_block_title"><a href="/x/">X</a></h3>', "category"),
        ('<div class="jeg_meta_author"><a href="/x/">X</a></div>', "author"),
        ('<div class="jeg_post_tags"><a href="/x/" rel="tag">X</a></div>', "tag"),
        ('<div class="jeg_prevnext_post"><a class="prev-post" href="/x/">X</a></div>', "prevnext"),
        (
            (
                '<div class="jnews_related_post_container"><article class="jeg_post">'
                '<h3 class="jeg_post_title"><a href="/x/">X</a></h3></article></div>'
            ),
            "related",
        ),
        (
            '<div class="jeg_newsfeed"><h3 class="jeg_post_title"><a href="/x/">X</a></h3></div>',
            "related",
        ),
        ('<div class="jeg_popup_post"><h3><a href="/x/">X</a></h3></div>', "prevnext"),
        (
            (
                '<div class="jeg_sidebar"><div class="jeg_postblock"><h3><a href="/x/">X</a></h3></div>'
                "</div>"
            ),
            "related",
        ),
        ('<div class="widget_recent_entries"><li><a href="/x/">X</a></div>', "related"),
        (
            (
                '<div class="content-inner"><div class="jeg_pagelinks"><a href="/story/2/">2</a></div>'
                "</div>"
            ),
            "part",
        ),
    ],
)
def test_a_jnews_link_has_the_role_of_its_place(html, kind):
    url = "https://news.test/story/2/" if kind == "part" else "https://news.test/x/"
    assert roles(html, JNEWS) == [(url, kind)]


@pytest.mark.parametrize(
    "html",
    [
        '<div class="jeg_share_button"><a href="/x/">X</a></div>',
        '<div class="jnews_comment_container"><a href="/x/?replytocom=1#respond">X</a></div>',
        '<div id="jeg_loginform" class="jeg_popup"><a href="/wp-login.php">X</a></div>',
        '<div class="content-inner"><p>Some <a href="/x/">words</a> of text</p></div>',
        '<div class="jeg_meta_comment"><a href="/x/#comments">0</a></div>',
        '<div class="widget_archive"><a href="/2025/10/">X</a></div>',
        '<ul class="jeg_menu"><a href="#">X</a><a href="#top">X</a><a href="">X</a></ul>',
        '<ul class="jeg_menu"><a href="javascript:x()">X</a><a href="mailto:a@b.test">X</a></ul>',
        '<ul class="jeg_menu"><a href="https://[bad/">X</a><a href="https:///">X</a></ul>',
        '<ul class="jeg_menu"><a href="/story/#more">X</a></ul>',
        '<div class="jeg_thumb"><a href="/x/"><img src="/a.jpg"></a></div>',
    ],
)
def test_other_links_are_no_links_of_the_crawl(html):
    assert roles(html, JNEWS) == []


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<nav><a href="/x/">X</a></nav>', "category"),
        ('<div class="site-nav"><a href="/x/">X</a></div>', "category"),
        ('<header><a href="/x/">X</a></header>', "category"),
        ('<ol class="breadcrumb"><a href="/x/">X</a></ol>', "category"),
        ('<p class="byline"><a href="/x/">X</a></p>', "author"),
        ('<a rel="author" href="/x/">X</a>', "author"),
        ('<ul class="article-tags"><a href="/x/">X</a></ul>', "tag"),
        ('<section class="related-stories"><h3><a href="/x/">X</a></h3></section>', "related"),
        ('<aside><a href="/x/"><h4>X</h4></a></aside>', "related"),
        ('<main><h2><a href="/x/">X</a></h2></main>', "related"),
        ('<div><a href="/x/">A headline of some twenty-nine letters</a></div>', "related"),
        ('<div><a href="/x/">港口隧道将于一年后重新开放</a></div>', "related"),
    ],
)
def test_a_generic_link_is_judged_by_structure(html, kind):
    assert roles(html) == [("https://news.test/x/", kind)]


@pytest.mark.parametrize(
    "html",
    [
        '<footer><a href="/x/">Imprint</a></footer>',
        '<aside><a href="/x/">More</a></aside>',
        '<div class="social"><a href="/x/">A link of considerable length here</a></div>',
        '<div class="comments"><h3><a href="/x/">X</a></h3></div>',
        '<p>As <a href="/x/">was reported at some length before</a> now</p>',
    ],
)
def test_a_generic_link_of_unknown_role_is_left_out(html):
    assert roles(html) == []


def test_a_wrapper_named_after_its_sidebar_is_no_sidebar():
    html = (
        '<div class="content-sidebar"><h1>N</h1><main><nav><a href="/x/">X</a></nav></main></div>'
    )
    assert roles(html) == [("https://news.test/x/", "category")]


def test_teasers_of_a_listing_are_articles():
    html = "<main>" + "".join(f'<h2><a href="/{n}/">{n}</a></h2>' for n in range(3)) + "</main>"
    assert {kind for _, kind in roles(html)} == {"article"}


def test_head_next_counts_on_listings_only():
    head = '<link rel="next" href="/topic/page/2/">'
    teasers = "".join(f'<h2><a href="/{n}/">{n}</a></h2>' for n in range(3))
    assert ("https://news.test/topic/page/2/", "pagination") in roles(teasers, head=head)
    assert roles(TEXT, head=head) == []


def test_base_and_backslashes_are_read_as_browsers_do():
    html = r'<nav><a href="..\a\b.htm">X</a></nav>'
    found = roles(html, head='<base href="https://cdn.test/one/two/">')
    assert found == [("https://cdn.test/one/a/b.htm", "category")]


def test_the_strongest_role_of_a_url_wins():
    links = [Link("u", LinkKind.TAG, "t"), Link("u", LinkKind.PART), Link("u", LinkKind.RELATED)]
    assert strongest(links) == [Link("u", LinkKind.PART)]


def test_a_link_takes_the_first_text_there_is():
    links = [Link("u", LinkKind.TAG), Link("u", LinkKind.TAG, "a"), Link("u", LinkKind.TAG, "b")]
    assert strongest(links) == [Link("u", LinkKind.TAG, "a")]


def test_the_number_of_links_is_capped():
    html = "<nav>" + "".join(f'<a href="/{n}/">{n}</a>' for n in range(MAX_LINKS + 500)) + "</nav>"
    assert len(roles(html)) == MAX_LINKS


def test_pages_of_a_related_block_are_no_pagination():
    html = (
        '<div class="jnews_related_post_container"><div class="jeg_pagination">'
        '<a class="page_number" href="/story/page/2/">2</a></div></div>'
    )
    assert roles(html, JNEWS) == []


def test_an_auto_loaded_second_post_gives_no_links():
    html = '<div class="post-wrap"></div><div class="post-wrap post-autoload"><nav><a href="/x/">'
    assert roles(html, JNEWS) == []


@pytest.mark.parametrize(
    ("taxonomy", "kind"), [("taxonomy-category", "category"), ("taxonomy-post_tag", "tag")]
)
def test_the_block_of_terms_says_of_which_taxonomy_they_are(taxonomy, kind):
    """WordPress's own block writes rel="tag" on both."""
    html = f'<main><div class="{taxonomy} wp-block-post-terms"><a href="/x/" rel="tag">X</a></div>'
    assert roles(html + TEXT, WORDPRESS) == [("https://news.test/x/", kind)]

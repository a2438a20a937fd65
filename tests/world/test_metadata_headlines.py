"""A headline never is the name of the site."""

from __future__ import annotations

import asyncio
import json

import pytest
from web_poet import HttpResponse

from newscrawl.outcomes import MissingHeadline
from newscrawl.pages.news import NewsPage
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.validate import ValidatePipeline

URL = "https://www.quaynews.test/?p=12"
BODY = "<p>The quay opens again on Monday, says the harbour master of the town.</p>" * 30
NAME = "Fenland Post"
OG = f'<meta property="og:site_name" content="{NAME}">'
SITE = (
    f'<script type="application/ld+json">{json.dumps({"@type": "WebSite", "name": NAME})}</script>'
)


def read(head, html, url=URL, classes=""):
    page = (
        f'<html><head>{head}</head><body class="{classes}">{html}<article>'
        f'<div class="entry-content">{BODY}</div></article></body></html>'
    )
    return asyncio.run(NewsPage(HttpResponse(url, page.encode())).to_item())


@pytest.mark.parametrize(
    ("head", "html"),
    [
        pytest.param("", f'<h1 class="site-title"><a href="/">{NAME}</a></h1>', id="h1 of a theme"),
        pytest.param("", f'<h1 class="wp-block-site-title">{NAME}</h1>', id="h1 of a block theme"),
        pytest.param(
            "", f'<div class="site-branding"><h1>{NAME}</h1></div>', id="h1 in the branding"
        ),
        pytest.param("", f'<h1 id="site-name">{NAME}</h1>', id="h1 by its id"),
        pytest.param("", f'<h1><a href="/">{NAME}</a></h1>', id="h1 that leads home"),
        pytest.param("", f'<a href="/" rel="home"><h1>{NAME}</h1></a>', id="h1 in a link home"),
        pytest.param(
            "", f'<p class="site-title">{NAME}</p><h1>{NAME}</h1>', id="h1 that repeats it"
        ),
        pytest.param(OG, f"<h1>{NAME}</h1>", id="h1 as the page names its site"),
        pytest.param(f"{OG}<title>{NAME}</title>", "", id="title"),
        pytest.param(f"{OG}<title> - {NAME}</title>", "", id="title with a separator"),
        pytest.param(f"{OG}<title>{NAME} | {NAME}</title>", "", id="title with the name twice"),
        pytest.param(f'{OG}<meta property="og:title" content="{NAME}">', "", id="og:title"),
        pytest.param(f'{OG}<meta name="twitter:title" content="{NAME}">', "", id="twitter:title"),
        pytest.param(f"{SITE}<title>{NAME}</title>", "", id="title as JSON-LD names the site"),
        pytest.param(
            f'<title>{NAME}</title><link rel="alternate" type="application/rss+xml" '
            f'title="{NAME} &raquo; Feed" href="/feed/">',
            "",
            id="title as the feed is named",
        ),
        pytest.param("<title>Quay News</title>", "", id="title as the host is spelt"),
        pytest.param("<title>quaynews.test</title>", "", id="title that is the host"),
        pytest.param(
            f"{OG}<title>{NAME} – News from the fens</title>",
            '<p class="site-description">News from the fens</p>',
            id="title with the tagline",
        ),
        pytest.param(
            f'{OG}<meta name="description" content="News from the fens">'
            f"<title>{NAME}: News from the fens</title>",
            "",
            id="title with the description",
        ),
    ],
)
@pytest.mark.parametrize("classes", ["", "single single-post"], ids=["any page", "WordPress"])
def test_a_post_without_a_title_has_no_headline(head, html, classes):
    item = clean(read(head, html, classes=classes))
    assert item.headline == ""
    with pytest.raises(MissingHeadline):
        ValidatePipeline(min_words=1).process_item(item)


TITLED = f"<title>The quay opens – {NAME}</title>"


@pytest.mark.parametrize(
    ("head", "html"),
    [
        pytest.param(
            TITLED, f'<h1 class="site-title">{NAME}</h1><h2>The quay opens</h2>', id="in h2"
        ),
        pytest.param(
            TITLED,
            f'<h1 class="wp-block-site-title">{NAME}</h1><h1>The quay opens</h1>',
            id="in h1",
        ),
        pytest.param(
            f"{OG}<title>The quay opens</title>",
            f"<h1>{NAME}</h1><h2>The quay opens</h2>",
            id="bare",
        ),
        pytest.param(
            f'{OG}<meta property="og:title" content="{NAME}">',
            "<h1>The quay opens</h1>",
            id="og:title",
        ),
        pytest.param(
            f'<meta property="og:title" content="The quay opens"><title>{NAME}</title>',
            f'<h1 class="site-title">{NAME}</h1>',
            id="only og:title",
        ),
        pytest.param(
            f"{OG}<title>{NAME} – {NAME}</title>", "<h1>The quay opens</h1>", id="only h1"
        ),
        pytest.param(
            '<meta property="og:site_name" content="The quay opens">'
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": '
            '"The quay opens", "publisher": {"name": "Fenland Post"}}</script>',
            "<h1>The quay opens</h1>",
            id="a site named after each story",
        ),
    ],
)
def test_a_title_beside_the_site_s_name_is_the_headline(head, html):
    assert read(head, html).headline == "The quay opens"


def test_a_date_and_an_author_are_found_by_the_post_s_own_heading():
    html = (
        f'<header><h1 class="site-title"><a href="/">{NAME}</a></h1></header><div>'
        '<h2>The quay opens</h2><p class="byline">By Ada Quill</p></div>'
    )
    assert read(TITLED, html).authors == ["Ada Quill"]


def test_a_headline_that_only_begins_as_the_site_s_name_stays():
    html = f"<h1>{NAME}: why we sail</h1>"
    assert read(f"{OG}<title>{NAME}: why we sail</title>", html).headline == f"{NAME}: why we sail"

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_poet import HttpResponse

from newscrawl.pages.jnews import JNewsPage
from newscrawl.pages.news import NewsPage
from newscrawl.pages.wordpress import WordPressPage

TEXT = "<p>" + "Words of a story that goes on. " * 40 + "</p>"
TEASERS = "".join(
    f'<div class="jeg_postblock"><h2><a href="/{n}/">Teaser {n}</a></h2></div>' for n in range(3)
)
EXCERPTS = "".join(
    f'<div><h3><a href="/{n}/">Teaser {n}</a></h3><p>{"Some words of it. " * 20}</p></div>'
    for n in range(8)
)
TYPED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "H"}</script>'
COLLECTION = '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'


def page(html, classes="", url="https://news.test/a/b", **kwargs):
    return NewsPage(HttpResponse(url, f'<body class="{classes}">{html}'.encode(), **kwargs))


@pytest.mark.parametrize(
    ("classes", "html", "kind"),
    [
        ("single single-post", TEXT, "article"),
        ("single single-post", "", "article"),
        ("single single-post paged-2 single-paged-2", TEXT, "part"),
        ("archive category category-news", "", "listing"),
        ("archive category paged-2 category-paged-2", TEASERS, "listing"),
        ("home blog", TEXT, "listing"),
        ("home page page-template-template-builder", "", "listing"),
        ("search", TEASERS, "listing"),
        ("archive author", TEASERS, "listing"),
        ("archive date", TEASERS, "listing"),
        ("page page-template-default", TEXT, "page"),
        ("page page-template-template-builder", TEASERS, "listing"),
        ("error404", TEASERS, "page"),
        ("attachment single single-attachment", TEXT, "page"),
        ("single single-product", TEXT, "page"),
    ],
)
@pytest.mark.parametrize("theme", ["jnews", "wp-embed-responsive"])
def test_wordpress_names_the_kind_in_its_body_class(classes, html, kind, theme):
    assert page(html, f"{classes} {theme}").kind == kind


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (TYPED + TEXT, "article"),
        (TYPED, "article"),
        ('<meta property="og:type" content="article">' + TEXT, "article"),
        ("<h1>H</h1>" + TEXT, "article"),
        (TEXT * 3 + TEASERS, "article"),
        (TEASERS, "listing"),
        (COLLECTION + TEASERS + TEXT, "listing"),
        (TYPED * 3 + TEASERS, "listing"),
        ("<div>" + EXCERPTS + "</div>", "listing"),
        ("<main><ul>" + EXCERPTS + "</ul></main>", "listing"),
        ('<h2><a href="/1/">One</a></h2><h2><a href="/2/">Two</a></h2>', "page"),
        (TEASERS.replace('href="/', 'href="https://elsewhere.test/'), "page"),
        ("<p>Call us.</p>", "page"),
        ("", "page"),
    ],
)
def test_other_pages_are_judged_by_what_they_hold(html, kind):
    assert page(html).kind == kind


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/?utm_source=x"])
def test_a_front_page_is_a_listing(path):
    assert page(TYPED + TEXT, url=f"https://news.test{path}").kind == "listing"


def test_an_error_page_is_no_article():
    assert page(TYPED + TEXT, status=404).kind == "page"


@pytest.mark.parametrize(
    ("html", "page_class"),
    [
        ('<body class="jnews">', "JNewsPage"),
        ('<body><div class="jeg_viewport">', "JNewsPage"),
        ('<meta name="generator" content="WordPress 6.9">', "WordPressPage"),
        ('<link rel="https://api.w.org/" href="/wp-json/">', "WordPressPage"),
        ('<link rel="stylesheet" href="/wp-content/x.css">', "WordPressPage"),
        ("<p>x", "ArticlePage"),
    ],
)
def test_the_markup_picks_the_page_object(html, page_class):
    found = NewsPage(HttpResponse("https://news.test/a", html.encode()))
    assert type(found.page).__name__ == page_class
    assert found.evidence["page"] == page_class


def test_themes_build_on_each_other():
    assert issubclass(JNewsPage, WordPressPage)


HOSTILE = {
    "nothing": b"",
    "spaces": b" \n ",
    "nul": b"\0" * 100,
    "binary": bytes(range(256)) * 20,
    "10,000 levels": b"<div>" * 10_000 + b"x",
    "10,000 inline levels": b"<p>" + b"<b><a href=/x>" * 10_000,
    "unknown charset": '<meta charset="nope"><p>é'.encode("latin-1"),
    "wrong charset": '<meta charset="utf-16"><p>é'.encode(),
    "two bytes a letter": "<p>é".encode("utf-16"),
    "declared as xml": b'<?xml version="1.0" encoding="bogus"?><p>x',
    "deep json": b'<script type="application/ld+json">' + b"[" * 100_000,
    "odd json": b'<script type="application/ld+json">{"@type": [1, {}], "headline": {}, "author":'
    b' [[]], "@graph": {"@graph": [null]}}</script>',
    "bad addresses": b"<base href='http://[::1'><h2><a href='http://[x'>x</a><a href='//'>y",
    "surrogates": b"<p>&#xD800;&#0;&#x110000;",
    "unclosed": b"<body class='single-post jnews'><div class=content-inner><table><p><li><a href=",
    "no body": b"<frameset><frame src=x>",
}


@pytest.mark.parametrize("classes", [b"", b"<body class='single-post jnews'>"], ids=["", "jnews"])
@pytest.mark.parametrize("charset", ["", "text/html; charset=foo"], ids=["", "foo"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_raises_nothing(name, charset, classes):
    headers = {"Content-Type": charset} if charset else {}
    found = NewsPage(HttpResponse("https://news.test/a", classes + HOSTILE[name], headers=headers))
    assert found.kind == ("article" if classes or name == "unclosed" else "page")
    assert isinstance(found.links, list)
    asyncio.run(found.to_item())


@pytest.mark.parametrize("name", ["nothing", "spaces", "nul", "binary", "two bytes a letter"])
def test_what_holds_no_text_is_a_page_without_links(name):
    found = NewsPage(HttpResponse("https://news.test/a", HOSTILE[name]))
    assert (found.kind, found.links) == ("page", [])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"<body class='single jnews'><p>"]))
def test_any_bytes_are_read(noise, start):
    found = NewsPage(HttpResponse("https://news.test/a", start + noise))
    assert found.links is not None
    asyncio.run(found.to_item())

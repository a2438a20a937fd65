from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_poet import HttpResponse, RulesRegistry, field

from newscrawl.pages.jnews import JNewsPage
from newscrawl.pages.news import NewsPage
from newscrawl.pages.wordpress import WordPressPage

URL = "https://thepost.test/a-story/"


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


class ExampleArticle(JNewsPage):
    @field
    def subtitle(self) -> str | None:
        return self.css(".dek::text").get()


registry = RulesRegistry()


@registry.handle_urls("example.com", instead_of=NewsPage)
class ExamplePage(NewsPage):
    article_class = ExampleArticle


def test_a_sites_own_page_object_wins_on_its_site_only():
    assert registry.overrides_for("https://www.example.com/a")[NewsPage] is ExamplePage
    assert NewsPage not in registry.overrides_for("https://thepost.test/a")


def test_a_site_overrides_one_field_and_its_provenance_names_the_class():
    page = ExamplePage(HttpResponse(URL, b'<h1>H</h1><p class="dek">In short</p>'))
    found = asyncio.run(page.to_item())
    assert (found.headline, found.subtitle) == ("H", "In short")
    assert found.provenance["subtitle"] == "ExampleArticle"


def test_a_page_is_parsed_once(monkeypatch):
    from newscrawl.pages.documents import document

    parses = []
    parse = document.parsed

    def counted(response):
        parses.append(response)
        return parse(response)

    monkeypatch.setattr(document, "parsed", counted)
    page = ExamplePage(HttpResponse(URL, b"<body class=single><p class=dek>x"))
    assert page.kind
    assert page.links == []
    asyncio.run(page.to_item())
    assert len(parses) == 1

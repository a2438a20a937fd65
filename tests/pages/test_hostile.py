"""Pages made to hurt, small enough for the suite; ``python -m tests.bench.hostile`` has them large."""

from __future__ import annotations

import asyncio
import json
import sys
import tracemalloc
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_poet import HttpResponse

from newscrawl.pages.documents.document import Document
from newscrawl.pages.news import NewsPage
from tests.bench.hostile import JNEWS, PAGES, START, URL, WORDPRESS, read

SIZE = 20_000
COSTLY = [
    "articles",
    "authors in authors",
    "bylines of many",
    "dates of references",
    "deep div",
    "deep paragraphs",
    "headings",
    "JSON-LD of open strings",
    "JSON-LD of references",
    "long bylines",
    "marked bodies",
    "objects that refer",
    "properties of bodies",
    "times",
]
JUNK = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div\tclass='",
        "<a\thref='",
        "'>",
        "<table><tr>",
        "<svg>",
        "</body>",
        "&#xD800;",
        "</script>",
        "<script\ttype='application/ld+json'>{",
        "<meta\tproperty='og:title'\tcontent=",
    ]
)


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_read(name):
    read(PAGES[name](SIZE))


def calls(body: bytes) -> int:
    """How many functions are called to read a page: what it costs, on any machine."""
    made = 0

    def count(_frame: FrameType, event: str, _what: Any) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        read(body)
    finally:
        sys.setprofile(None)
    return made


@pytest.mark.parametrize("name", COSTLY)
def test_what_a_page_costs_grows_no_faster_than_it(name):
    read(PAGES[name](1_000))
    assert calls(PAGES[name](4 * SIZE)) < 6 * calls(PAGES[name](SIZE))


def test_long_names_of_pages_are_not_remembered():
    def long_names(number: int) -> bytes:
        name = f"x{number}-" + "word-" * 10_000
        story = f'<div class="{name}a" id="{name}b"><h1>T</h1><img src="/{name}.jpg">{name}</div>'
        return f"{story}<a rel={name} class={name}c href=/{name}>A headline</a>".encode()

    read(long_names(0))
    tracemalloc.start()
    for number in range(1, 20):
        read(long_names(number))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < len(long_names(0)) * 5


def test_a_base_longer_than_any_address_is_none():
    page = f'<base href="/{"a/" * 5_000}">{START}'.encode()
    assert Document(HttpResponse(URL, page)).base == URL


@pytest.mark.parametrize(
    "date", ["Fri, 31 Dec 9999 23:59:59 GMT", "0001-01-01T00:00:00+00:00:30", "no date"]
)
def test_a_page_may_say_that_it_was_sent_whenever(date):
    page = NewsPage(HttpResponse(URL, START.encode(), headers={"Date": date}))
    assert asyncio.run(page.to_item()).headline == "Harbour reopens"


@pytest.mark.parametrize("start", [START, WORDPRESS, JNEWS])
def test_a_page_may_end_anywhere(start):
    whole = (
        f"{start}<p>The harbour reopened.</p><a href='/2025/a/'>Ferries</a></div></body>".encode()
    )
    for end in range(len(whole)):
        read(whole[:end])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_bytes_of_any_kind_are_read(body):
    read(body)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(JUNK, st.text(max_size=30)), max_size=40))
def test_markup_of_any_kind_is_read(pieces):
    read("".join([START, *pieces]).encode("utf-8", "surrogatepass"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
NAMES = ["headline", "name", "author", "datePublished", "image", "publisher", "articleSection"]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*NAMES, "@type", "@graph", "keywords", "url"]), JSON))
def test_json_ld_of_wrong_types_is_read(values):
    article = json.dumps({"@type": "NewsArticle", **values})
    head = f'<script type="application/ld+json">{article}</script>'
    read(START.replace("</head>", f"{head}</head>").encode("utf-8", "surrogatepass"))

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.alternates import MAX_FEEDS, Alternates, is_below, read_alternates

URL = "https://d.example/news/"


def feed_link(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="Daily" href="{href}" />'


def head(*links: str, headers: tuple[str, ...] = ()) -> Alternates:
    html = f"<html><head>{''.join(links)}</head><body><p>x</p></body></html>"
    return read_alternates(html, URL, headers)


@pytest.mark.parametrize(
    "kind",
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "Application/RSS+XML; charset=utf-8",
    ],
)
def test_feeds_are_told_by_their_type(kind):
    assert head(feed_link("/feed/", kind)).feeds == ["https://d.example/feed/"]


@pytest.mark.parametrize(
    "link",
    [
        feed_link("/wp-json/wp/v2/posts/7", "application/json"),
        feed_link("/wp-json/oembed/1.0/embed?url=x", "application/json+oembed"),
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="stylesheet" type="application/rss+xml" href="/x">',
        feed_link(""),
        feed_link("javascript:alert(1)"),
        feed_link("http://[::1"),
    ],
)
def test_other_links_are_no_feeds(link):
    assert head(link).feeds == []


@pytest.mark.parametrize("href", ["/comments/feed/", "/?feed=comments-rss2", "/comments.xml"])
def test_feeds_of_comments_are_left_out(href):
    assert head(feed_link(href), feed_link("/feed/")).feeds == ["https://d.example/feed/"]


def test_a_feed_counts_once_and_there_are_not_many():
    links = [feed_link(f"/{number}/feed/") for number in range(MAX_FEEDS + 5)]
    assert len(head(*links, *links).feeds) == MAX_FEEDS


def test_the_api_is_offered_in_the_head():
    link = '<link rel="https://api.w.org/" href="https://d.example/wp-json/" />'
    assert head(link).api == "https://d.example/wp-json/"


def test_the_api_is_offered_in_a_header():
    headers = ('<https://d.example/?p=7>; rel=shortlink, </wp-json/>; rel="https://api.w.org/"',)
    assert head(headers=headers).api == "https://d.example/wp-json/"


def test_nothing_is_offered_by_most_pages():
    assert head() == Alternates([], None)


@pytest.mark.parametrize(
    ("feed", "page", "below"),
    [
        ("https://d.example/story/feed/", "https://d.example/story/", True),
        ("https://d.example/feed/", "https://d.example/story/", False),
        ("https://d.example/feed/", "https://d.example/", False),
        ("https://d.example/story-2/feed/", "https://d.example/story", False),
    ],
)
def test_the_feed_of_a_page_stands_below_it(feed, page, below):
    assert is_below(feed, page) is below


@given(st.text(max_size=200))
def test_no_text_raises(text):
    read_alternates(text, URL, [text])
    read_alternates(feed_link(text), URL)
    read_alternates("", text)

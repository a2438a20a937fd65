from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.entries import Entry
from newscrawl.discovery.wordpress_api import next_page, posts_url, read_posts

URL = "https://d.example/wp-json/wp/v2/posts?per_page=100&page=1"


def posts(body: object, *, total: str | None = "3", pages: str | None = "1"):
    return read_posts(json.dumps(body).encode(), URL, total=total, pages=pages)


def test_posts_are_asked_for_below_the_root():
    parts = urlsplit(posts_url("https://d.example/blog/wp-json/") or "")
    assert (parts.netloc, parts.path) == ("d.example", "/blog/wp-json/wp/v2/posts")
    assert parse_qs(parts.query) == {
        "per_page": ["100"],
        "page": ["1"],
        "orderby": ["modified"],
        "_fields": ["link,date_gmt,modified_gmt"],
    }


def test_the_root_may_be_a_parameter():
    parts = urlsplit(posts_url("https://d.example/index.php?rest_route=/") or "")
    assert parts.path == "/index.php"
    assert parse_qs(parts.query)["rest_route"] == ["/wp/v2/posts"]


def test_terms_are_embedded_where_they_are_asked_for():
    query = parse_qs(urlsplit(posts_url("https://d.example/wp-json/", terms=True) or "").query)
    assert query["_embed"] == ["wp:term"]
    assert query["_fields"] == ["link,date_gmt,modified_gmt,_links,_embedded"]


def test_a_root_that_is_no_address_gives_none():
    assert posts_url("https://[::1/wp-json/") is None


def test_a_post_has_its_dates_in_utc():
    found = posts(
        [
            {
                "link": "https://d.example/a/",
                "date_gmt": "2025-03-01T09:00:00",
                "modified_gmt": "2025-04-01T00:00:00",
            }
        ]
    )
    assert found is not None
    assert found.entries == [
        Entry(
            "https://d.example/a/",
            published=datetime(2025, 3, 1, 9, tzinfo=UTC),
            modified=datetime(2025, 4, 1, tzinfo=UTC),
        )
    ]


def test_the_categories_of_a_post_are_its_sections():
    terms = [
        [{"taxonomy": "category", "slug": "local-news", "name": "Local News"}],
        [{"taxonomy": "post_tag", "slug": "pier", "name": "Pier"}],
    ]
    found = posts([{"link": "https://d.example/a/", "_embedded": {"wp:term": terms}}])
    assert found is not None
    assert found.entries[0].sections == ("local-news", "Local News")


def test_headers_say_how_many_posts_and_pages_there_are():
    found = posts([{"link": "https://d.example/a/"}], total="250", pages="3")
    assert found is not None
    assert found.total == 250
    assert found.following == "https://d.example/wp-json/wp/v2/posts?per_page=100&page=2"


@pytest.mark.parametrize(("page", "pages"), [(3, 3), (4, 3), (1, None), (2000, 9000)])
def test_after_the_last_page_comes_none(page, pages):
    assert next_page(f"https://d.example/wp-json/wp/v2/posts?page={page}", pages) is None


def test_a_site_without_posts_has_an_empty_page():
    found = posts([], total="0", pages="0")
    assert found is not None
    assert (found.entries, found.total, found.following) == ([], 0, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b'{"code": "rest_forbidden"}',
        b"[1, 2]",
        b'[{"link": 3}]',
        b"[" * 100_000,
    ],
)
def test_what_is_no_list_of_posts_gives_none(body):
    assert read_posts(body, URL, total=None, pages=None) is None


@pytest.mark.parametrize("embedded", [3, {"wp:term": 3}, {"wp:term": [3]}, {"wp:term": [[3, {}]]}])
def test_odd_terms_are_none(embedded):
    found = posts([{"link": "https://d.example/a", "date_gmt": 3, "_embedded": embedded}])
    assert found is not None
    assert found.entries == [Entry("https://d.example/a")]


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_no_json_raises(value):
    read_posts(json.dumps([{"link": value, "_embedded": value}]).encode(), URL, total="x", pages="")
    read_posts(json.dumps(value).encode(), URL, total=None, pages=None)

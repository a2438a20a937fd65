from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.entries import Entry
from newscrawl.discovery.feeds import Feed, next_paged, read_feed

URL = "https://d.example/feed/"
MARCH = datetime(2025, 3, 1, 9, tzinfo=UTC)
APRIL = datetime(2025, 4, 1, tzinfo=UTC)


def feed(body: str | bytes, url: str = URL) -> Feed:
    found = read_feed(body.encode() if isinstance(body, str) else body, url)
    assert found is not None
    return found


def test_rss_2_names_pages_with_date_and_sections():
    body = """<?xml version="1.0"?><rss version="2.0"
        xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Daily</title>
        <link>https://d.example/</link><atom:link href="https://d.example/feed/" rel="self"/>
        <item><title>A</title><link>https://d.example/a/</link>
        <pubDate>Sat, 01 Mar 2025 10:00:00 +0100</pubDate>
        <category><![CDATA[Health]]></category><category>Top &amp; new</category>
        <guid isPermaLink="false">https://d.example/?p=3</guid>
        <content:encoded><![CDATA[<p><link>https://x.example/</link></p>]]></content:encoded>
        </item></channel></rss>"""
    assert feed(body) == Feed(
        [Entry("https://d.example/a/", published=MARCH, sections=("Health", "Top & new"))]
    )


def test_rss_without_a_link_is_named_by_its_permalink():
    body = "<rss><channel><item><guid>https://d.example/a</guid></item></channel></rss>"
    assert [entry.url for entry in feed(body).entries] == ["https://d.example/a"]


def test_a_guid_that_is_no_permalink_names_no_page():
    body = "<rss><channel><item><guid isPermaLink='false'>https://d.example/?p=1</guid></item></channel></rss>"
    assert feed(body).entries == []


def test_a_service_that_counts_readers_is_passed_by():
    body = """<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>
        <link>https://feeds.example/~r/1</link>
        <feedburner:origLink>https://d.example/a</feedburner:origLink></item></channel></rss>"""
    assert [entry.url for entry in feed(body).entries] == ["https://d.example/a"]


def test_rss_1_has_its_items_beside_the_channel():
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://d.example/"><link>https://d.example/</link></channel>
        <item rdf:about="https://d.example/a"><link>https://d.example/a</link>
        <dc:date>2025-03-01T10:00:00+01:00</dc:date><dc:subject>Health</dc:subject></item></rdf:RDF>"""
    assert feed(body).entries == [
        Entry("https://d.example/a", published=MARCH, sections=("Health",))
    ]


def test_atom_names_the_alternate_and_both_dates():
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://d.example/"/>
        <link rel="next" href="?page=2"/><entry>
        <link rel="replies" href="https://d.example/a/comments"/><link href="/a"/>
        <published>2025-03-01T09:00:00Z</published><updated>2025-04-01T00:00:00Z</updated>
        <category term="Health"/>
        <source><link href="https://elsewhere.example/"/><updated>2020-01-01T00:00:00Z</updated></source>
        </entry></feed>"""
    assert feed(body) == Feed(
        [Entry("https://d.example/a", published=MARCH, modified=APRIL, sections=("Health",))],
        following="https://d.example/feed/?page=2",
    )


def test_json_feed_names_pages_with_dates_and_tags():
    item = {
        "id": "1",
        "url": "/a",
        "date_published": "2025-03-01T09:00:00Z",
        "date_modified": "2025-04-01T00:00:00Z",
        "tags": ["Health", 3],
    }
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [item, {}, "x"],
        "next_url": "https://d.example/feed.json?2",
    }
    assert feed(json.dumps(body)) == Feed(
        [Entry("https://d.example/a", published=MARCH, modified=APRIL, sections=("Health",))],
        following="https://d.example/feed.json?2",
    )


def rss_of_wordpress(items: str) -> str:
    generator = "<generator>https://wordpress.org/?v=6.8</generator>"
    return f"<rss><channel>{generator}{items}</channel></rss>"


def test_a_feed_of_wordpress_has_further_pages():
    body = rss_of_wordpress("<item><link>https://d.example/a</link></item>")
    assert feed(body).following == "https://d.example/feed/?paged=2"
    assert feed(body, f"{URL}?paged=2").following == "https://d.example/feed/?paged=3"


def test_an_empty_feed_of_wordpress_is_the_last_page():
    assert feed(rss_of_wordpress("")).following is None


@pytest.mark.parametrize(
    ("url", "following"),
    [
        ("https://d.example/category/x/feed/", "https://d.example/category/x/feed/?paged=2"),
        ("https://d.example/?feed=rss2&paged=9", "https://d.example/?feed=rss2&paged=10"),
        ("https://d.example/feed/atom", "https://d.example/feed/atom?paged=2"),
        ("https://d.example/rss.xml", None),
        ("https://d.example/feed/?paged=last", None),
    ],
)
def test_only_addresses_of_wordpress_feeds_are_paged(url, following):
    assert next_paged(url) == following


def test_a_feed_cut_short_gives_what_came_before():
    body = "<rss><channel><item><link>https://d.example/a</link></item><item><link>https://d.exa"
    assert feed(body).entries[0].url == "https://d.example/a"


def test_entities_are_not_resolved():
    body = """<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>
        <rss><channel><item><link>&a;</link></item></channel></rss>"""
    assert feed(body).entries == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body/></html>",
        b"<urlset/>",
        b'{"items": []}',
        b'{"version": 7, "items": []}',
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\x00",
    ],
)
def test_what_is_no_feed_gives_none(body):
    assert read_feed(body, URL) is None


def rss(items: int) -> bytes:
    body = "".join(f"<item><link>https://d.example/{n * n}</link></item>" for n in range(items))
    return f"<rss><channel>{body}</channel></rss>".encode()


@pytest.mark.parametrize("last", [1, 9, 700])
def test_a_gzipped_feed_cut_short_gives_what_came_before_and_says_so(last):
    assert feed(gzip.compress(rss(900))).whole
    found = feed(gzip.compress(rss(900))[:-last])
    assert not found.whole
    assert found.entries[0] == Entry("https://d.example/0")


def test_a_feed_cut_short_says_so():
    assert feed(rss(3)[:-20]) == Feed(
        [Entry(f"https://d.example/{n}") for n in (0, 1, 4)], whole=False
    )


def test_a_json_feed_in_a_gzip_cut_short_gives_nothing_and_says_so():
    items = [{"url": f"https://d.example/{n}"} for n in range(900)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    assert feed(gzip.compress(body.encode())[:-9]) == Feed([], whole=False)


def test_a_json_feed_without_a_list_is_empty():
    assert feed('{"version": "https://jsonfeed.org/version/1", "items": 3}') == Feed([])


@given(st.binary(max_size=300))
def test_no_bytes_raise(body):
    read_feed(body, URL)
    read_feed(b"<rss><channel><item><link>" + body, URL)
    read_feed(b'{"version":"https://jsonfeed.org/version/1","items":[{"url":"' + body, URL)

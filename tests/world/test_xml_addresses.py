"""Addresses of sources: what is relative is completed, all else stays byte for byte."""

from __future__ import annotations

import json
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.discovery.wordpress_api import read_posts

BASE = "http://d.example/news/list?page=1"
VERSION = "https://jsonfeed.org/version/1.1"


def in_sitemap(url: str) -> list[str]:
    body = f"<urlset><url><loc>{escape(url)}</loc></url></urlset>"
    found = read_sitemap(body.encode(), BASE)
    return [entry.url for entry in found.pages] if found else []


def in_index(url: str) -> list[str]:
    body = f"<sitemapindex><sitemap><loc>{escape(url)}</loc></sitemap></sitemapindex>"
    found = read_sitemap(body.encode(), BASE)
    return [entry.url for entry in found.sitemaps] if found else []


def in_feed(body: str) -> list[str]:
    found = read_feed(body.encode(), BASE)
    return [entry.url for entry in found.entries] if found else []


def in_rss(url: str) -> list[str]:
    return in_feed(f"<rss><channel><item><link>{escape(url)}</link></item></channel></rss>")


def in_rss_1(url: str) -> list[str]:
    return in_feed(f"<rdf:RDF><channel/><item><link>{escape(url)}</link></item></rdf:RDF>")


def in_cdata(url: str) -> list[str]:
    return in_feed(f"<rss><item><title>Q&A</title><link><![CDATA[{url}]]></link></item></rss>")


def in_atom(url: str) -> list[str]:
    return in_feed(f'<feed><entry><link href="{escape(url)}"/></entry></feed>')


def in_json_feed(url: str) -> list[str]:
    return in_feed(json.dumps({"version": VERSION, "items": [{"url": url}]}))


def in_api(url: str) -> list[str]:
    found = read_posts(json.dumps([{"link": url}]).encode(), BASE, total="1", pages="1")
    return [entry.url for entry in found.entries] if found else []


def in_lines(url: str) -> list[str]:
    found = read_sitemap(f"http://d.example/first\n{url}\n".encode(), BASE)
    return [entry.url for entry in found.pages][1:] if found else []


READERS = (in_sitemap, in_index, in_rss, in_rss_1, in_cdata, in_atom, in_json_feed, in_api)
EVERY = pytest.mark.parametrize("read", [*READERS, in_lines], ids=lambda read: read.__name__)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("/a/b", "http://d.example/a/b", id="from_the_root"),
        pytest.param("a/b?", "http://d.example/news/a/b?", id="from_the_folder"),
        pytest.param("../a", "http://d.example/a", id="from_above"),
        pytest.param("./a", "http://d.example/news/a", id="from_here"),
        pytest.param("?p=12&x=1", "http://d.example/news/list?p=12&x=1", id="a_query"),
        pytest.param("//w.example/a?b", "http://w.example/a?b", id="without_a_protocol"),
        pytest.param("/?p=12&x=1", "http://d.example/?p=12&x=1", id="a_plain_permalink"),
    ],
)
def test_a_relative_address_is_completed(read, written, meant):
    assert read(written) == [meant]


@pytest.mark.parametrize(
    ("written", "meant"), [("//w.example/a", "http://w.example/a"), ("/b", "http://d.example/b")]
)
def test_a_list_of_addresses_may_have_short_ones_after_the_first(written, meant):
    assert in_lines(written) == [meant]


BLOG, WIRE = 'xml:base="https://blog.example/en/"', 'xml:base="/wire/"'


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        pytest.param(f"<feed {BLOG}><entry><link href='a'/></entry></feed>", "https://blog.example/en/a", id="the_feed"),
        pytest.param(f"<feed><entry {BLOG}><link href='a'/></entry></feed>", "https://blog.example/en/a", id="the_entry"),
        pytest.param(f"<feed><entry><link {BLOG} href='a'/></entry></feed>", "https://blog.example/en/a", id="the_link"),
        pytest.param(f"<feed {BLOG}><entry {WIRE}><link href='a'/></entry></feed>", "https://blog.example/wire/a", id="feed_and_entry"),
        pytest.param(f"<feed {WIRE}><entry><link href='a'/></entry></feed>", "http://d.example/wire/a", id="a_relative_one"),
        pytest.param(f"<feed><entry {BLOG}></entry><entry><link href='a'/></entry></feed>", "http://d.example/news/a", id="not_another_entry"),
        pytest.param(f"<rss {BLOG}><channel><item><link>a</link></item></channel></rss>", "https://blog.example/en/a", id="the_root_of_rss"),
        pytest.param(f"<rss><channel {BLOG}><item><link>a</link></item></channel></rss>", "https://blog.example/en/a", id="the_channel"),
        pytest.param(f"<rss><channel><item {BLOG}><link>a</link></item></channel></rss>", "https://blog.example/en/a", id="the_item"),
        pytest.param(f"<rss><channel><item><link {BLOG}>?p=1</link></item></channel></rss>", "https://blog.example/en/?p=1", id="a_query_below_it"),
        pytest.param(f"<feed {BLOG}><entry><link href='//w.example/a'/></entry></feed>", "https://w.example/a", id="its_protocol"),
        pytest.param(f"<feed {BLOG}><entry><link href='http://d.example/a'/></entry></feed>", "http://d.example/a", id="nothing_where_the_address_is_whole"),
        pytest.param("<feed xml:base='https://[x/'><entry><link href='a'/></entry></feed>", "http://d.example/news/a", id="nothing_where_it_is_no_address"),
        pytest.param("<feed xml:base='urn:x:y'><entry><link href='a'/></entry></feed>", "http://d.example/news/a", id="nothing_where_it_is_no_web_address"),
    ],
)  # fmt: skip
def test_the_base_of_a_link_is_that_of(body, meant):
    assert in_feed(body) == [meant]


def test_the_base_of_a_sitemap_counts():
    body = f"<urlset {BLOG}><url><loc>a</loc></url></urlset>"
    found = read_sitemap(body.encode(), BASE)
    assert found is not None
    assert [entry.url for entry in found.pages] == ["https://blog.example/en/a"]


def test_the_next_page_of_a_feed_is_completed_by_its_base():
    body = f"<feed {BLOG}><link rel='next' href='?page=2'/><entry><link href='a'/></entry></feed>"
    found = read_feed(body.encode(), BASE)
    assert found is not None
    assert found.following == "https://blog.example/en/?page=2"


WRITTEN = st.text(
    st.sampled_from("abzAZ09-._~!$&'()*+,;=:@/?%#[]|^`{}\\\"<>éßя漢🙂") | st.characters(
        min_codepoint=0x21, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf", "Cn"]
    ),
    max_size=60,
).map("https://d.example/x{}x".format)  # fmt: skip
BREAKING = ("]]>", "<![CDATA[")


@EVERY
@given(url=WRITTEN)
def test_an_address_is_byte_for_byte_what_the_source_says(read, url):
    if read is in_lines:
        url = url.translate({ord(mark): "_" for mark in "<>"})
    if read is in_cdata:
        url = url.replace("]]>", "]>").replace("<![CDATA[", "")
    assert read(url) == [url]


NOISE = st.lists(
    st.sampled_from(
        ["Q&A", "<", " < b", "&nbsp;", "&x;", "<br>", "</p>", "<i>", "<![CDATA[&<b>]]>", "<!-- & -->", "\x00", "é", "]]>", "<?x?>", ">", "a=b"]
    ),
    max_size=6,
).map("".join)  # fmt: skip


@given(noise=NOISE, url=WRITTEN)
def test_no_noise_changes_an_address_after_it(noise, url):
    item = f"<item><title>{noise}</title><link>{escape(url)}</link></item>"
    assert in_feed(f"<rss><channel>{item}{item}</channel></rss>") == [url, url]


@given(urls=st.lists(WRITTEN, max_size=5))
def test_a_sitemap_names_all_pages_in_order(urls):
    body = "".join(f"<url><title>a & b</title><loc>{escape(url)}</loc></url>" for url in urls)
    found = read_sitemap(f"<urlset>{body}</urlset>".encode())
    assert found is not None
    assert [entry.url for entry in found.pages] == urls

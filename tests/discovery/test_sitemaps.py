from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import records
from newscrawl.discovery.entries import Entry
from newscrawl.discovery.links import LinkKind
from newscrawl.discovery.records import unpacked
from newscrawl.discovery.sitemaps import (
    ENOUGH_DATES,
    Sitemap,
    listing_kind,
    lists_no_articles,
    read_sitemap,
)

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def urls(body: str | bytes) -> list[str]:
    sitemap = read_sitemap(body.encode() if isinstance(body, str) else body)
    assert sitemap is not None
    return [entry.url for entry in sitemap.pages]


def test_a_urlset_names_pages_and_when_they_changed():
    body = f"""<?xml version="1.0"?><urlset {NS}>
        <url><loc> https://daily.example/a/ </loc><lastmod>2025-03-01T10:00:00+01:00</lastmod></url>
        <url><loc>https://daily.example/b/</loc></url></urlset>"""
    assert read_sitemap(body.encode()) == Sitemap(
        [
            Entry("https://daily.example/a/", modified=datetime(2025, 3, 1, 9, tzinfo=UTC)),
            Entry("https://daily.example/b/"),
        ],
        [],
    )


def test_an_index_names_sitemaps():
    body = (
        f"<sitemapindex {NS}><sitemap><loc>https://d.example/1.xml</loc></sitemap></sitemapindex>"
    )
    assert read_sitemap(body.encode()) == Sitemap([], [Entry("https://d.example/1.xml")])


def test_a_news_sitemap_says_when_a_page_was_published():
    body = f"""<urlset {NS} {NEWS}><url><loc>https://d.example/a</loc><news:news>
        <news:publication><news:name>Daily</news:name></news:publication>
        <news:publication_date>2025-03-01</news:publication_date></news:news></url></urlset>"""
    sitemap = read_sitemap(body.encode())
    assert sitemap is not None
    assert sitemap.pages == [
        Entry("https://d.example/a", published=datetime(2025, 3, 1, tzinfo=UTC))
    ]


def test_pictures_and_translations_are_no_pages():
    body = f"""<urlset {NS} {IMAGE} {XHTML}><url>
        <xhtml:link rel="alternate" hreflang="de" href="https://d.example/de/a"/>
        <loc>https://d.example/a</loc>
        <image:image><image:loc>https://d.example/a.jpg</image:loc></image:image></url></urlset>"""
    assert urls(body) == ["https://d.example/a"]


def test_a_list_of_addresses_is_a_sitemap():
    body = "\ufeffhttps://d.example/a\r\n\r\nhttps://d.example/b\nnot an address\n"
    assert urls(body) == ["https://d.example/a", "https://d.example/b"]


def test_a_page_of_text_is_none():
    assert read_sitemap(b"Welcome!\nhttps://d.example/a\n") is None


def test_a_gzipped_sitemap_is_read():
    body = f"<urlset {NS}><url><loc>https://d.example/a</loc></url></urlset>"
    assert urls(gzip.compress(body.encode())) == ["https://d.example/a"]


def many() -> bytes:
    body = "".join(f"<url><loc>https://d.example/{n * n}</loc></url>" for n in range(5000))
    return f"<urlset>{body}</urlset>".encode()


def test_a_gzipped_sitemap_cut_short_gives_what_came_before_and_says_so():
    packed = gzip.compress(many())
    sitemap = read_sitemap(packed[: len(packed) // 2])
    assert sitemap is not None
    assert not sitemap.whole
    found = [entry.url for entry in sitemap.pages]
    assert 1000 < len(found) < 5000
    assert found[:2] == ["https://d.example/0", "https://d.example/1"]


@pytest.mark.parametrize("last", range(1, 15))
def test_a_gzip_that_ends_in_its_last_bytes_ends_early(last):
    sitemap = read_sitemap(gzip.compress(many())[:-last])
    assert sitemap is not None
    assert not sitemap.whole


def test_a_gzip_that_breaks_gives_what_came_before():
    packed = bytearray(gzip.compress(many()))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
    sitemap = read_sitemap(bytes(packed))
    assert sitemap is not None
    assert not sitemap.whole
    assert [entry.url for entry in sitemap.pages][:1] == ["https://d.example/0"]


def test_a_list_of_addresses_in_a_gzip_cut_short_has_no_half_address():
    lines = "".join(f"https://d.example/{n * n}\n" for n in range(5000))
    sitemap = read_sitemap(gzip.compress(lines.encode())[:-900])
    assert sitemap is not None
    assert not sitemap.whole
    assert {entry.url for entry in sitemap.pages} < {*lines.split()}


def test_a_gzip_of_which_nothing_came_is_a_part_of_something():
    assert read_sitemap(b"\x1f\x8b") == Sitemap([], [], whole=False)


@pytest.mark.parametrize(
    "rest", ["", "\n<!-- made in 0.2 s, 5,000 addresses -->\n", "<p>Sorry</p></urlset>"]
)
def test_a_sitemap_is_whole_whose_last_tag_is_that_of_its_root(rest):
    sitemap = read_sitemap(many() + rest.encode())
    assert sitemap is not None
    assert sitemap.whole


def test_a_sitemap_that_is_not_well_formed_is_whole_all_the_same():
    sitemap = read_sitemap(
        b"<s:urlset xmlns:s='x'><s:url><s:loc>https://d.example/a</s:url></s:urlset>"
    )
    assert sitemap is not None
    assert sitemap.whole


def test_what_is_read_no_further_on_purpose_is_whole(monkeypatch):
    monkeypatch.setattr(records, "MAX_RECORDS", 3)
    sitemap = read_sitemap(many()[:-30])
    assert sitemap is not None
    assert sitemap.whole


def test_a_bomb_is_unpacked_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(records, "MAX_BYTES", 100_000)
    body, whole = unpacked(gzip.compress(b" " * 5_000_000))
    assert (len(body), whole) == (100_000, True)


def test_a_broken_bomb_is_unpacked_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(records, "MAX_BYTES", 100_000)
    packed = gzip.compress(b" " * 50_000_000)
    assert len(unpacked(packed[:-8] + bytes(8))[0]) <= 100_000
    assert len(unpacked(packed[:4000] + b"\xff" * 4000)[0]) <= 100_000


def test_more_entries_than_the_protocol_allows_are_not_read(monkeypatch):
    monkeypatch.setattr(records, "MAX_RECORDS", 3)
    body = "".join(f"<url><loc>https://d.example/{n}</loc></url>" for n in range(9))
    assert len(urls(f"<urlset>{body}</urlset>")) == 3


def test_elements_without_end_are_not_read(monkeypatch):
    monkeypatch.setattr(records, "MAX_ELEMENTS", 100)
    body = "<url><loc>https://d.example/a</loc></url><url>" + "<a/>" * 1000
    assert urls(f"<urlset>{body}</url></urlset>") == ["https://d.example/a"]


def test_depth_without_end_is_not_read():
    body = "<url><loc>https://d.example/a</loc></url>" + "<a>" * 5000
    assert urls(f"<urlset>{body}") == ["https://d.example/a"]


def test_a_sitemap_cut_short_gives_what_came_before_and_says_so():
    body = f"<urlset {NS}><url><loc>https://d.example/a</loc></url><url><loc>https://d.exa"
    assert read_sitemap(body.encode()) == Sitemap([Entry("https://d.example/a")], [], whole=False)


def test_a_sitemap_that_is_not_well_formed_gives_what_can_be_told():
    body = "<urlset><url><loc>https://d.example/?a=1&b=2</loc></url><url><loc>https://d.example/b</url>"
    assert "https://d.example/b" in urls(body)


@pytest.mark.parametrize(
    "declared",
    ['<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY a "https://d.example/secret">'],
)
def test_entities_are_not_resolved(declared):
    body = f"""<!DOCTYPE urlset [{declared}]>
        <urlset><url><loc>&a;</loc></url><url><loc>https://d.example/</loc></url></urlset>"""
    assert urls(body) == ["https://d.example/"]


def test_one_date_for_all_of_many_pages_tells_of_none():
    page = "<url><loc>https://d.example/{}</loc><lastmod>2025-03-01</lastmod></url>"
    body = "".join(page.format(number) for number in range(ENOUGH_DATES))
    sitemap = read_sitemap(f"<urlset>{body}</urlset>".encode())
    assert sitemap is not None
    assert {entry.modified for entry in sitemap.pages} == {None}


@pytest.mark.parametrize(
    "name",
    [
        "category-sitemap.xml",
        "post_tag-sitemap2.xml",
        "author-sitemap.xml",
        "wp-sitemap-taxonomies-category-1.xml",
        "wp-sitemap-users-1.xml",
        "sitemap-tags.xml",
        "image-sitemap.xml",
        "product-sitemap.xml",
    ],
)
def test_some_sitemaps_say_by_their_name_that_they_name_no_articles(name):
    assert lists_no_articles(f"https://d.example/{name}?x=1")


@pytest.mark.parametrize(
    "name",
    [
        "post-sitemap.xml",
        "page-sitemap.xml",
        "news-sitemap.xml",
        "wp-sitemap-posts-post-1.xml",
        "sitemap-2025-03.xml.gz",
        "tagesschau.xml",
        "authority.xml",
    ],
)
def test_others_may_name_articles(name):
    assert not lists_no_articles(f"https://tag.example/category/{name}")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/category/health/", LinkKind.CATEGORY),
        ("/tag/pier/", LinkKind.TAG),
        ("/author/ann/", LinkKind.AUTHOR),
        ("/health/pier-opens/", None),
        ("/", None),
    ],
)
def test_some_paths_name_a_listing(path, kind):
    assert listing_kind(path) == kind


@pytest.mark.parametrize("body", [b"", b"<html/>", b"<rss/>", b"\x00\xff", b"<!-- -->", b"{}"])
def test_what_is_no_sitemap_gives_none(body):
    assert read_sitemap(body) is None


@given(st.binary(max_size=300))
def test_no_bytes_raise(body):
    read_sitemap(body)
    read_sitemap(b"<urlset><url><loc>" + body)
    read_sitemap(b"\x1f\x8b" + body)
    read_sitemap(gzip.compress(body))


def test_a_raw_deflate_is_no_gzip():
    assert read_sitemap(zlib.compress(b"<urlset/>")) is None

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.sitemaps import Entry, Sitemap, read_sitemap

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def test_a_urlset_names_pages_and_when_they_changed():
    body = f"""<?xml version="1.0"?><urlset {NS}>
        <url><loc> https://daily.example/a/ </loc><lastmod>2025-03-01T10:00:00+01:00</lastmod></url>
        <url><loc>https://daily.example/b/</loc></url></urlset>"""
    assert read_sitemap(body.encode()) == Sitemap(
        [
            Entry("https://daily.example/a/", "2025-03-01T10:00:00+01:00"),
            Entry("https://daily.example/b/", None),
        ],
        [],
    )


def test_an_index_names_sitemaps():
    body = (
        f"<sitemapindex {NS}><sitemap><loc>https://d.example/1.xml</loc></sitemap></sitemapindex>"
    )
    assert read_sitemap(body.encode()) == Sitemap([], [Entry("https://d.example/1.xml", None)])


def test_a_sitemap_cut_short_gives_what_came_before():
    body = f"<urlset {NS}><url><loc>https://d.example/a</loc></url><url><loc>https://d.exa"
    sitemap = read_sitemap(body.encode())
    assert sitemap is not None
    assert sitemap.pages[0] == Entry("https://d.example/a", None)


def test_entities_are_not_resolved():
    body = b"""<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/hostname">]>
        <urlset><url><loc>&a;</loc></url><url><loc>https://d.example/</loc></url></urlset>"""
    assert read_sitemap(body) == Sitemap([Entry("https://d.example/", None)], [])


@pytest.mark.parametrize("body", [b"", b"<html/>", b"<rss/>", b"\x00\xff", b"<urlset", b"<!-- -->"])
def test_what_is_no_sitemap_gives_none_or_nothing(body):
    assert read_sitemap(body) in (None, Sitemap([], []))


@given(st.binary(max_size=300))
def test_no_bytes_raise(body):
    read_sitemap(body)
    read_sitemap(b"<urlset><url><loc>" + body)

"""What a source declares of its charset counts as far as its bytes bear it out."""

from __future__ import annotations

import codecs
import json

import pytest

from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.discovery.wordpress_api import read_posts

PAGE = "https://d.example/café-münchen-straße-élève/?a=1&b=2"
RUSSIAN = "https://d.example/новости-города-сегодня/"


def sitemap(url: str = PAGE, declared: str = "") -> str:
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return f"{head}<urlset><url><loc>{url.replace('&', '&amp;')}</loc></url></urlset>"


CASES = [
    pytest.param(sitemap(declared="utf-16").encode(), None, id="utf_8_that_declares_utf_16"),
    pytest.param(sitemap(declared="UTF-32").encode(), None, id="utf_8_that_declares_utf_32"),
    pytest.param(sitemap(declared="iso-8859-1").encode(), None, id="utf_8_that_declares_latin_1"),
    pytest.param(sitemap(declared="x-nothing").encode(), None, id="utf_8_that_declares_nonsense"),
    pytest.param(sitemap(declared="us-ascii").encode(), None, id="utf_8_that_declares_ascii"),
    pytest.param(sitemap().encode(), "text/xml; charset=utf-16", id="utf_8_with_a_lying_header"),
    pytest.param(sitemap(declared="utf-8").encode("cp1252"), None, id="cp1252_that_declares_utf_8"),
    pytest.param(sitemap(declared="utf-8").encode("cp1252"), "text/xml; charset=utf-8", id="cp1252_declared_as_utf_8_twice"),
    pytest.param(sitemap(declared="utf-16").encode("cp1252"), None, id="cp1252_that_declares_utf_16"),
    pytest.param(sitemap().encode("cp1252"), None, id="cp1252_undeclared"),
    pytest.param(sitemap().encode("cp1252"), "text/xml; charset=windows-1252", id="cp1252_by_header"),
    pytest.param(sitemap(declared="ISO-8859-1").encode("latin-1"), None, id="latin_1_declared"),
    pytest.param(codecs.BOM_UTF8 + sitemap(declared="utf-8").encode(), None, id="utf_8_with_a_mark"),
    pytest.param(codecs.BOM_UTF8 * 2 + sitemap(declared="utf-8").encode(), None, id="utf_8_with_two_marks"),
    pytest.param(b"\n " + codecs.BOM_UTF8 + sitemap().encode(), None, id="a_mark_after_space"),
    pytest.param(codecs.BOM_UTF8 + sitemap().encode("cp1252"), None, id="a_mark_of_utf_8_before_cp1252"),
    pytest.param(codecs.BOM_UTF16_LE + sitemap().encode(), None, id="a_mark_of_utf_16_before_utf_8"),
    pytest.param(sitemap(declared="utf-16").encode("utf-16"), None, id="utf_16_with_a_mark"),
    pytest.param(codecs.BOM_UTF16_BE + sitemap().encode("utf-16-be"), "text/xml; charset=utf-8", id="utf_16_with_a_mark_and_a_lying_header"),
    pytest.param(sitemap(declared="utf-16").encode("utf-16-le"), None, id="little_utf_16_without_a_mark"),
    pytest.param(sitemap(declared="utf-8").encode("utf-16-be"), None, id="big_utf_16_that_declares_utf_8"),
    pytest.param(sitemap(declared="utf-32").encode("utf-32"), None, id="utf_32_with_a_mark"),
    pytest.param(sitemap(declared="utf-32").encode("utf-32-le"), None, id="little_utf_32_without_a_mark"),
    pytest.param(sitemap().encode("utf-32-be"), None, id="big_utf_32_without_a_mark"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "content_type"), CASES)
def test_a_sitemap_is_read_as_what_it_is(body, content_type):
    found = read_sitemap(body, "https://d.example/sitemap.xml", content_type)
    assert found is not None
    assert [entry.url for entry in found.pages] == [PAGE]
    assert found.whole


@pytest.mark.parametrize(
    ("charset", "in_header"),
    [("windows-1251", True), ("koi8-r", True), ("windows-1251", False), ("iso-8859-5", False)],
)
def test_a_feed_is_read_by_the_charset_of_its_header_or_its_own(charset, in_header):
    head = "<?xml version='1.0'?>" if in_header else f"<?xml version='1.0' encoding='{charset}'?>"
    item = f"<item><title>Сегодня в городе</title><link>{RUSSIAN}</link></item>"
    body = f"{head}<rss><channel>{item}</channel></rss>".encode(charset)
    header = f"application/rss+xml; charset={charset}" if in_header else "application/rss+xml"
    feed = read_feed(body, "https://d.example/feed", header)
    assert feed is not None
    assert [entry.url for entry in feed.entries] == [RUSSIAN]


def test_one_foreign_title_leaves_the_addresses_of_utf_8_alone():
    good = f"<url><title>Größe</title><loc>{RUSSIAN}</loc></url>".encode()
    stray = b"<url><title>caf\xe9</title><loc>https://d.example/caf\xe9</loc></url>"
    found = read_sitemap(b"<urlset>" + good + stray + good + b"</urlset>")
    assert found is not None
    assert [entry.url for entry in found.pages] == [RUSSIAN, "https://d.example/café", RUSSIAN]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "utf-8"])
def test_json_is_read_in_any_charset_of_unicode(charset):
    item = {"url": RUSSIAN, "link": RUSSIAN}
    version = "https://jsonfeed.org/version/1.1"
    text = json.dumps({"version": version, "items": [item]}, ensure_ascii=False)
    feed = read_feed(text.encode(charset), "https://d.example/feed.json")
    posts = read_posts(
        json.dumps([item], ensure_ascii=False).encode(charset),
        "https://d.example/wp-json/wp/v2/posts",
        total=None,
        pages=None,
    )
    assert feed is not None
    assert posts is not None
    assert [entry.url for entry in (*feed.entries, *posts.entries)] == [RUSSIAN, RUSSIAN]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_a_list_of_addresses_is_read_in_any_charset(charset):
    body = f"{RUSSIAN}\r\n{RUSSIAN}x\r\n".encode(charset)
    found = read_sitemap(body, "https://d.example/s.txt", "text/plain; charset=windows-1251")
    assert found is not None
    assert [entry.url for entry in found.pages] == [RUSSIAN, f"{RUSSIAN}x"]

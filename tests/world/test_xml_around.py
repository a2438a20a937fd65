"""What servers put around a source: packing, warnings, comments, further bytes."""

from __future__ import annotations

import gzip
import json

import pytest

from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.discovery.wordpress_api import read_posts

PAGE = "https://d.example/?p=12&x=1"
URL = "https://d.example/list"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
LOC = "<url><loc>https://d.example/?p=12&amp;x=1</loc></url>"
SITEMAP = f"<urlset>{LOC}</urlset>"
RSS = "<rss><channel><item><link>https://d.example/?p=12&amp;x=1</link></item></channel></rss>"
ATOM = '<feed><entry><link href="https://d.example/?p=12&amp;x=1"/></entry></feed>'
POSTS = json.dumps([{"link": PAGE}])
JSON_FEED = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"url": PAGE}]})

BEFORE = [
    pytest.param("\n\n\t ", id="white_space"),
    pytest.param("\ufeff", id="a_mark"),
    pytest.param("\n\ufeff \n\ufeff", id="marks_and_space"),
    pytest.param("<!-- made by <urlset> & more -->\n", id="a_comment"),
    pytest.param('<br />\n<b>Warning</b>:  Undefined array key "x" in <b>/w/a.php</b> on line <b>12</b><br />\n', id="a_warning_of_php"),
    pytest.param("<br />\n<b>Notice</b>: a & b [0] in <b>/a.php</b> on line <b>1</b><br />\n" * 3, id="several_notices"),
    pytest.param("\nWarning: Cannot modify header information in /w/a.php on line 12\n", id="a_warning_without_markup"),
    pytest.param("PHP Deprecated:  Use of a->b & c in /w/a.php on line 12\n", id="a_deprecation_of_the_command_line"),
    pytest.param("<br />\n<font size='1'><table class='xdebug-error'><tr><th>( ! ) Notice: x<y</th></tr></table></font>\n", id="a_table_of_a_debugger"),
]  # fmt: skip
BEHIND = [
    pytest.param("\n<!-- made in 0.2 s -->\n", id="a_comment"),
    pytest.param("\n\n\x00\x00", id="null_bytes"),
    pytest.param("<br />\n<b>Warning</b>: x & y in <b>/a.php</b>", id="a_warning_of_php"),
    pytest.param("<script src='//x.example/y.js'></script>", id="a_script_of_the_host"),
    pytest.param("</div></body></html>", id="ends_of_a_page"),
    pytest.param("0", id="a_stray_character"),
]


def urls(body: bytes, kind: str) -> list[str]:
    if kind in {"sitemap", "lines"}:
        sitemap = read_sitemap(body, URL)
        assert sitemap is not None
        assert sitemap.whole
        return [entry.url for entry in sitemap.pages]
    if kind == "posts":
        posts = read_posts(body, URL, total="1", pages="1")
        assert posts is not None
        return [entry.url for entry in posts.entries]
    feed = read_feed(body, URL)
    assert feed is not None
    assert feed.whole
    return [entry.url for entry in feed.entries]


DOCUMENTS = {
    "sitemap": SITEMAP, "rss": RSS, "atom": ATOM, "json_feed": JSON_FEED, "posts": POSTS, "lines": PAGE
}  # fmt: skip
EACH = pytest.mark.parametrize("kind", DOCUMENTS)


@EACH
@pytest.mark.parametrize("before", BEFORE)
def test_a_source_is_read_behind(before, kind):
    declared = DECLARATION if kind in {"sitemap", "rss", "atom"} else ""
    assert urls(f"{before}{declared}{DOCUMENTS[kind]}".encode(), kind) == [PAGE]


@EACH
@pytest.mark.parametrize("behind", BEHIND)
def test_a_source_is_read_before(behind, kind):
    if kind == "lines":
        behind = f"\n{behind}"
    assert urls(f"{DOCUMENTS[kind]}{behind}".encode(), kind) == [PAGE]


@EACH
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_file_may_be_packed_several_times(kind, times):
    body = DOCUMENTS[kind].encode()
    for _ in range(times):
        body = gzip.compress(body)
    assert urls(body, kind) == [PAGE]


def test_the_inner_of_two_packings_may_end_early():
    many = "".join(f"<url><loc>https://d.example/{n * n}</loc></url>" for n in range(3000))
    inner = gzip.compress(f"<urlset>{many}</urlset>".encode())
    found = read_sitemap(gzip.compress(inner[: len(inner) // 2]))
    assert found is not None
    assert not found.whole
    assert found.pages[0].url == "https://d.example/0"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(
            '<?xml version="1.0" encoding="UTF-8">', id="a_declaration_that_is_not_closed"
        ),
        pytest.param(f"{DECLARATION}{DECLARATION}", id="two_declarations"),
        pytest.param('<?xml version="1.1"?>', id="another_version"),
        pytest.param(f'{DECLARATION}<?xml-stylesheet href="/a.xsl"?>', id="a_stylesheet"),
        pytest.param("<!DOCTYPE urlset>", id="a_type_of_document"),
        pytest.param('<!DOCTYPE x [\n<!ENTITY e "&#38;">\n]>', id="a_type_with_declarations"),
        pytest.param("<?php ob_start(); ?>", id="code_that_did_not_run"),
    ],
)
def test_the_head_of_a_sitemap_may_be(head):
    assert urls(f"{head}\n{SITEMAP}".encode(), "sitemap") == [PAGE]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<!doctype html><p>x</p>{SITEMAP}{RSS}", id="of_html"),
        pytest.param(f"<html><body><pre>{SITEMAP}{RSS}</pre></body></html>", id="that_shows_a_source"),
        pytest.param(f"{DECLARATION}<!DOCTYPE html><html>{RSS}{SITEMAP}</html>", id="of_xhtml"),
        pytest.param(f"<head><script>{POSTS}</script></head>", id="with_a_list_in_a_script"),
        pytest.param(f"<!DOCTYPE HTML><script>x = {JSON_FEED}</script>", id="with_a_feed_in_a_script"),
        pytest.param("<br /><b>Fatal error</b>: x in <b>/a.php</b> on line <b>1</b>", id="that_is_an_error_alone"),
    ],
)  # fmt: skip
def test_no_source_is_a_page(body):
    data = body.encode()
    assert read_sitemap(data, URL) is None
    assert read_feed(data, URL) is None
    assert read_posts(data, URL, total=None, pages=None) is None


def test_line_breaks_in_the_strings_of_json_are_read():
    body = JSON_FEED.replace('"items"', '"title": "one\n\ttwo", "items"')
    assert urls(body.encode(), "json_feed") == [PAGE]

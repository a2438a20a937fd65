"""What an answer is: by its bytes, whatever the server declares it as."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import NamedTuple

import pytest

from newscrawl.pages.documents.sniffing import Media, media_of
from tests.crawl.answering import Answer, Server, answering, front, outcome, story
from tests.crawl.crawling import Crawl

PAGE = b"<!doctype html><html><head><title>Quay</title></head><body><p>Boats.</p></body></html>"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256))
PDF = b"%PDF-1.7\n1 0 obj <</Title (Quay)>> endobj"
RSS = b'<rss version="2.0"><channel><title>Quay</title></channel></rss>'
DATA = json.dumps({"title": "Quay", "content": "<article><h1>Quay</h1><p>Boats.</p></article>"})
UNDECLARED = [
    "html", "charset=utf-8", "*/*", "unknown/unknown", "application/unknown", "text", "", ";", "text/",
    "application/octet-stream", "application/x-httpd-php", "text/plain", "text/plain; charset=utf-8",
    "image/png", "application/json", "application/xml", "text/css", "video/mp4", "application/pdf",
    "text/html, text/html", "TEXT/HTML;charset=utf-8;", "multipart/form-data; boundary=x",
]  # fmt: skip


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", PAGE)
    return file.getvalue()


@pytest.mark.parametrize("declared", UNDECLARED)
def test_html_is_html_whatever_it_is_declared_as(declared):
    assert media_of(PAGE, declared.encode()) is Media.HTML


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\n\t <html lang=en><body>Boats</body></html>", id="blanks before it"),
        pytest.param(b"\xef\xbb\xbf<!DOCTYPE HTML><p>Boats", id="a byte order mark before it"),
        pytest.param(b"<!-- made by hand -->\n<html><body>Boats", id="a comment before it"),
        pytest.param(b"<!-- no end <p>Boats</p>", id="a comment without an end"),
        pytest.param(b"<head><title>Quay</title></head>", id="no html element"),
        pytest.param(b"<div class=page><p>Boats</p></div>", id="a piece of a page"),
        pytest.param(b"<h1>Quay</h1><p>Boats", id="a heading"),
        pytest.param(b"Notice: x in y.php on line 3\n" + PAGE, id="a warning before it"),
        pytest.param(PAGE.decode().encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param(PAGE.decode().encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(
            b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">'
            b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
            id="XHTML",
        ),
        pytest.param(b'<?xml version="1.0"?><html xmlns="x"><p/></html>', id="XHTML without type"),
        pytest.param(PAGE.replace(b"Boats", b"Bo\x0bats\x1f"), id="stray control characters"),
        pytest.param(b"BMW <p>Boats</p>", id="letters that a bitmap begins with"),
        pytest.param(b"<html><title>" + b"x" * 21 + b"LP\x0b</title>", id="letters within a font"),
    ],
)
@pytest.mark.parametrize("declared", [b"application/octet-stream", b"text/html", None])
def test_html_is_known_by_how_it_begins(body, declared):
    assert media_of(body, declared) is Media.HTML


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(PNG, id="PNG"),
        pytest.param(JPEG, id="JPEG"),
        pytest.param(b"GIF89a\x01\0\x01\0\x80\0\0", id="GIF"),
        pytest.param(b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0", id="WebP"),
        pytest.param(b"\0\0\0\x1cftypavif\0\0\0\0", id="AVIF"),
        pytest.param(b"\0\0\1\0\1\0\x10\x10\0\0", id="an icon"),
        pytest.param(b"BM\x36\0\x0c\0\0\0\0\0", id="a bitmap"),
        pytest.param(PDF, id="PDF"),
        pytest.param(b"{\\rtf1\\ansi Boats}", id="RTF"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + PAGE, id="old Word"),
        pytest.param(gzip.compress(PAGE), id="gzip"),
        pytest.param(zipped(), id="ZIP"),
        pytest.param(b"Rar!\x1a\7\0" + bytes(20), id="RAR"),
        pytest.param(b"ID3\3\0\0\0\0\x1fv", id="MP3"),
        pytest.param(b"\0\0\0\x20ftypisom\0\0\2\0", id="MP4"),
        pytest.param(b"OggS\0\2" + bytes(20), id="Ogg"),
        pytest.param(b"\x1aE\xdf\xa3\x9fB\x86\x81", id="WebM"),
        pytest.param(b"wOF2\0\1\0\0", id="a font"),
        pytest.param(b"\x7fELF\2\1\1\0", id="a program"),
        pytest.param(b"MZ\x90\0\3\0\0\0", id="a program of Windows"),
        pytest.param(bytes(range(256)) * 8, id="bytes of no known kind"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>', id="SVG"),
    ],
)
@pytest.mark.parametrize("declared", [b"text/html; charset=utf-8", b"text/plain", b"html", None])
def test_what_is_binary_is_binary_whatever_it_is_declared_as(body, declared):
    assert media_of(body, declared) is Media.BINARY


@pytest.mark.parametrize(
    ("body", "declared", "expected"),
    [
        pytest.param(RSS, "text/html", Media.XML, id="a feed declared as HTML"),
        pytest.param(b'<?xml version="1.0"?>' + RSS, "text/plain", Media.XML, id="and as text"),
        pytest.param(b'<feed xmlns="x"/>', "", Media.XML, id="Atom without a type"),
        pytest.param(b"<urlset><url/></urlset>", "text/html", Media.XML, id="a sitemap as HTML"),
        pytest.param(b"<note><to/></note>", "application/xml", Media.XML, id="XML as it says"),
        pytest.param(
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            "text/html",
            Media.XML,
            id="XML with a document type of its own",
        ),
        pytest.param(DATA.encode(), "text/html", Media.JSON, id="data declared as HTML"),
        pytest.param(f"[{DATA}]".encode(), "text/html", Media.JSON, id="a list of data"),
        pytest.param(DATA.encode(), "", Media.JSON, id="data without a type"),
        pytest.param(b"{}", "application/json", Media.JSON, id="data as it says"),
        pytest.param(
            b'{"a": 1, ' + b"[" * 90_000, "text/html", Media.JSON, id="data too deep to be read"
        ),
        pytest.param(b'{"a": 1}\n' + PAGE, "text/html", Media.HTML, id="HTML behind some data"),
        pytest.param(b"Boats on the quay.", "text/plain", Media.TEXT, id="text"),
        pytest.param(b"Boats on the quay.", "text/html", Media.HTML, id="text said to be HTML"),
        pytest.param(
            b"Boats on the quay.", "image/png", Media.BINARY, id="text said to be a picture"
        ),
        pytest.param(b"", "text/html", Media.HTML, id="nothing"),
    ],
)
def test_what_is_no_page_is_told_apart(body, declared, expected):
    assert media_of(body, declared.encode()) is expected


TYPED = {
    "/html": ("html", story("one").encode(), ("article", None)),
    "/charset": ("charset=utf-8", story("two").encode(), ("article", None)),
    "/any": ("*/*", story("three").encode(), ("article", None)),
    "/unknown": ("unknown/unknown", story("four").encode(), ("article", None)),
    "/plain": ("text/plain", story("five").encode(), ("article", None)),
    "/bytes": ("application/octet-stream", story("six").encode(), ("article", None)),
    "/picture": ("image/png", story("seven").encode(), ("article", None)),
    "/data": ("application/json", story("eight").encode(), ("article", None)),
    "/xml": ("application/xml", story("nine").encode(), ("article", None)),
    "/untyped": ("", story("ten").encode(), ("article", None)),
    "/png": ("text/html", PNG, ("refused", "NotText")),
    "/jpeg": ("text/html", JPEG, ("refused", "NotText")),
    "/report": ("text/html", PDF, ("refused", "NotText")),
    "/packed": ("text/html", gzip.compress(story("eleven").encode()), ("refused", "NotText")),
    "/zip": ("text/html", zipped(), ("refused", "NotText")),
    "/noise": ("text/html", bytes(range(256)) * 9, ("refused", "NotText")),
    "/rss-2": ("text/html", RSS, ("listing", "Xml")),
    "/json": ("text/html", json.dumps({"content": story("twelve")}).encode(), ("page", "Json")),
}


class Typed(NamedTuple):
    crawl: Crawl
    server: Server


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("typed"))
    pages = {
        path: Answer(body, headers=(("Content-Type", declared),) if declared else ())
        for path, (declared, body, _) in TYPED.items()
    }
    gone = Answer(PNG, status=404, headers=(("Content-Type", "image/png"),))
    with answering({"/": front(*TYPED, "/gone"), **pages, "/gone": gone}) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    return Typed(crawl, server)


@pytest.mark.parametrize("path", TYPED)
def test_each_answer_has_the_outcome_of_what_it_is(path, typed):
    assert outcome(typed.crawl, typed.server, path) == TYPED[path][2]


def test_what_is_gone_is_gone_with_a_picture_as_its_body(typed):
    assert outcome(typed.crawl, typed.server, "/gone") == ("gone", "Http404")


def test_nothing_binary_is_stored(typed):
    assert len(typed.crawl.articles()) == sum(found[0] == "article" for *_, found in TYPED.values())


def test_an_article_with_a_picture_for_its_second_part_is_not_stored(tmp_path):
    pager = '<nav class="pagination"><a href="/split/2/">2</a></nav></article>'
    first = story("split").replace("</article>", pager)
    second = Answer(PNG, headers=(("Content-Type", "text/html"),))
    crawl = Crawl(tmp_path)
    with answering({"/": front("/split/"), "/split/": first, "/split/2/": second}) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    said, why = outcome(crawl, server, "/split/")
    assert (said, str(why).partition(":")[0]) == ("failed", "MissingPart")
    assert crawl.articles() == {}


@pytest.mark.parametrize(
    "declared", ["charset=windows-1251", "html; charset=windows-1251", "*/*;charset=cp1251"]
)
def test_a_type_that_is_none_may_still_name_the_charset(declared, tmp_path):
    told = "Городской совет открыл новый мост через реку после долгого ремонта. " * 30
    page = story("bridge").replace("</article>", f"<p>{told}</p></article>").encode("cp1251")
    crawl = Crawl(tmp_path)
    answer = Answer(page, headers=(("Content-Type", declared),))
    with answering({"/": front("/bridge"), "/bridge": answer}) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    (article,) = crawl.articles().values()
    assert "Городской совет открыл новый мост" in article.text

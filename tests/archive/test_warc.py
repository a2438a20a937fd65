"""Records, byte by byte and as warcio reads them."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator

from newscrawl.answer import Answer, Asked
from newscrawl.archive.warc import Records, Referred, digest_of

AT = datetime(2025, 10, 9, 12, 30, 1, 5, tzinfo=UTC)
PAGE = Answer(
    url="https://news.example/a?b=1",
    status=200,
    headers=((b"Content-Type", b"text/html"), (b"Content-Length", b"5")),
    body=b"hello",
    at=AT,
    asked=Asked("GET", ((b"User-Agent", b"newscrawl"),)),
)
EARLIER = Referred("https://news.example/z", "2025-10-08T00:00:00.000000Z")


def plain(answer, **options):
    return gzip.decompress(Records().answer(answer, digest_of(answer.body), {}, **options))


def records(data):
    return [
        (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
        for record in ArchiveIterator(BytesIO(data))
    ]


def test_an_answer_stands_in_the_record_as_it_came():
    odd = replace(PAGE, headers=((b"X-Odd", b"caf\xe9"), *PAGE.headers))
    head = (
        b"HTTP/1.1 200 OK\r\nX-Odd: caf\xe9\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n"
    )
    assert head + b"hello\r\n\r\n" in plain(odd)


def test_a_packed_body_stays_packed():
    packed = gzip.compress(b"hello")
    headers = ((b"Content-Encoding", b"gzip"),)
    assert packed in plain(replace(PAGE, headers=headers, body=packed))


def test_headers_that_do_not_fit_the_body_are_renamed():
    headers = ((b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"99"))
    text = plain(replace(PAGE, headers=headers))
    assert b"\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\n" in text
    assert b"\r\nX-Archive-Orig-Content-Length: 99\r\nContent-Length: 5\r\n" in text


def test_a_value_of_several_lines_is_several_headers():
    text = plain(replace(PAGE, headers=((b"Set-Cookie", b"a=1\nb=2"),)))
    assert b"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n" in text


def test_the_request_follows_its_answer():
    (_, answer, _, _), (kind, request, http, _) = records(plain(PAGE))
    assert kind == "request"
    assert request.get_header("WARC-Concurrent-To") == answer.get_header("WARC-Record-ID")
    assert (http.protocol, http.statusline) == ("GET", "/a?b=1 HTTP/1.1")
    assert http.get_header("Host") == "news.example"


def test_each_record_is_a_gzip_member_of_its_own():
    data = Records().answer(PAGE, digest_of(PAGE.body), {})
    assert data.count(b"\x1f\x8b\x08") == 2


def test_a_payload_archived_before_is_referred_to():
    kind, headers, http, body = records(plain(PAGE, identical=EARLIER))[0]
    assert (kind, body, http.get_statuscode()) == ("revisit", b"", "200")
    assert headers.get_header("WARC-Profile").endswith("1.1/revisit/identical-payload-digest")
    assert headers.get_header("WARC-Payload-Digest") == digest_of(b"hello")
    assert headers.get_header("WARC-Refers-To-Target-URI") == EARLIER.url
    assert headers.get_header("WARC-Refers-To-Date") == EARLIER.at


def test_a_304_is_a_revisit_also_of_a_record_that_is_lost():
    kind, headers, http, _ = records(plain(replace(PAGE, status=304, body=b"")))[0]
    assert (kind, http.get_statuscode()) == ("revisit", "304")
    assert headers.get_header("WARC-Profile").endswith("1.1/revisit/server-not-modified")
    assert headers.get_header("WARC-Refers-To-Date") is None


def test_what_a_browser_made_is_marked():
    assert records(plain(replace(PAGE, rendered=True)))[0][1].get_header("X-Rendered-By")
    assert records(plain(PAGE))[0][1].get_header("X-Rendered-By") is None

"""WARC files of others: whatever is in them, what is whole is read, and what is not is counted."""

from __future__ import annotations

import gzip
import random
from contextlib import closing

import pytest
from scrapy.exceptions import DownloadCancelledError

from newscrawl.archive.reading import RecordReader, scan
from newscrawl.outcomes import Unreadable
from newscrawl.reextract.sources import FileSource

LIMIT = 10_000


def record(url="http://a.example/", body=b"hello", headers=b"", length=None, kind=b"response"):
    block = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: " + kind + b"\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"WARC-Date: 2025-10-09T12:00:00Z\r\nWARC-Target-URI: " + url.encode() + b"\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: " + str(length or len(block)).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
    )


@pytest.fixture
def written(tmp_path):
    def write(*parts: bytes):
        path = tmp_path / "foreign.warc.gz"
        path.write_bytes(b"".join(parts))
        return path

    return write


def urls(path):
    return [each.head.url if each.head else None for each in scan(path)]


def body(path, offset=0):
    with closing(RecordReader()) as reader:
        return reader.answer(str(path), offset, LIMIT)[0].body


@pytest.mark.parametrize("packed", [gzip.compress, bytes], ids=["gzip", "plain"])
def test_all_records_of_a_file_are_seen(written, packed):
    path = written(*(packed(record(f"http://a.example/{n}")) for n in range(3)))
    assert urls(path) == [f"http://a.example/{n}" for n in range(3)]


def test_a_chunked_body_is_taken_out_of_its_chunks(written):
    chunked = b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
    assert (
        body(written(record(body=chunked, headers=b"Transfer-Encoding: chunked\r\n"))) == b"hello"
    )


def test_a_body_that_is_not_chunked_whatever_it_says_is_left_as_it_is(written):
    assert body(written(record(headers=b"Transfer-Encoding: chunked\r\n"))) == b"hello"


@pytest.mark.parametrize("packed", [gzip.compress, bytes], ids=["gzip", "plain"])
def test_reading_goes_on_after_a_record_that_is_cut_off(written, packed):
    whole = [
        packed(record(f"http://a.example/{n}", random.Random(n).randbytes(900))) for n in range(3)
    ]
    path = written(whole[0], whole[1][:-400], whole[2])
    found = urls(path)
    assert found[0] == "http://a.example/0"
    assert None in found
    assert found[-1] == "http://a.example/2"


def test_a_file_cut_off_at_its_end_has_one_broken_record(written):
    whole = gzip.compress(record())
    assert urls(written(whole, whole[:-30])) == ["http://a.example/", None]


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"no archive at all\n",
        b"\x1f\x8b\x08" * 50,
        b"WARC/1.0\r\n\r\n",
        record(length=10**12),
        record(length=-5),
        record().replace(b"Content-Length", b"Content-Longth"),
        record().replace(b"WARC-Target-URI", b"WARC-Nothing"),
        record().replace(b"WARC-Type", b"WARC-Kind"),
        record().replace(b"HTTP/1.1 200", b"\xff\xfe\x00 \xd7"),
        b"WARC/1.0\r\n" + b"A: b\r\n" * 20_000,
        b"WARC/1.0\r\nA: " + b"b" * 10**6,
        gzip.compress(b"WARC/1.0\r\nA: " + b"b" * 10**7),
    ],
    ids=range(13),
)
def test_hostile_bytes_end_nothing(written, hostile, capsys):
    path = written(hostile, b"\n", record("http://a.example/last"))
    answers = [each.head.url for each in scan(path) if each.head and each.head.is_answer]
    assert answers in ([], ["http://a.example/last"])
    assert capsys.readouterr().err == ""


def test_a_body_beyond_the_limit_is_refused(written):
    with pytest.raises(DownloadCancelledError):
        body(written(record(body=b"x" * (LIMIT + 1))))


def test_a_missing_file_is_an_unreadable_record(tmp_path):
    with pytest.raises(Unreadable):
        body(tmp_path / "gone.warc.gz")


def test_a_place_without_record_is_an_unreadable_record(written):
    with pytest.raises(Unreadable):
        body(written(record()), offset=7)


def changed(member: bytes, how: str, chance: random.Random) -> bytes:
    """Return a gzip member with a fault somewhere behind its header."""
    at = chance.randrange(30, len(member) - 60)
    return {
        "other bytes": member[:at] + chance.randbytes(40) + member[at + 40 :],
        "a bit": member[:at] + bytes([member[at] ^ 1]) + member[at + 1 :],
        "cut off": member[:at],
        "bytes too many": member[:at] + bytes(9) + member[at:],
        "its checksum": member[:-8] + bytes([member[-8] ^ 1]) + member[-7:],
    }[how]


@pytest.mark.parametrize(
    "how", ["other bytes", "a bit", "cut off", "bytes too many", "its checksum"]
)
def test_a_packed_record_with_a_fault_is_none_wherever_it_is(how, tmp_path):
    chance = random.Random(how)
    path = tmp_path / "damaged.warc.gz"
    names = [f"http://a.example/{at}" for at in range(4)]
    for _ in range(120):
        bodies = [bytes(chance.choices(b"abcdefgh ", k=2_000)) for _ in names]
        members = [gzip.compress(record(*each)) for each in zip(names, bodies, strict=True)]
        spoilt = chance.randrange(len(names))
        members[spoilt] = changed(members[spoilt], how, chance)
        path.write_bytes(b"".join(members))
        assert urls(path) == [*names[:spoilt], None, *names[spoilt + 1 :]]
        source = FileSource([path])
        list(source.index())
        assert (len(source), source.counts) == (3, {("failed", "Unreadable"): 1})

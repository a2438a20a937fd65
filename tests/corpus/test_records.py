"""Records are the same whoever reads them: FastWARC where it can, warcio where it must."""

from __future__ import annotations

import gzip
from contextlib import closing

import pytest

from newscrawl.archive.reading import RecordReader, scan
from newscrawl.corpus.records import records
from tests.archive.test_foreign import CUT, HTML, STORY, chunk
from tests.archive.test_reading import record

LIMIT = 1_000_000
NAMES = [f"http://a.example/{letter}" for letter in "abcdef"]
PLAIN = [record(name, STORY * 3, HTML) for name in NAMES]
PACKED = [gzip.compress(each, mtime=0) for each in PLAIN]


def spoilt(member: bytes) -> bytes:
    at = len(member) // 2
    return member[:at] + b"x" * 30 + member[at + 30 :]


DAMAGED = {
    "whole": PACKED,
    "whole and not packed": PLAIN,
    "spoilt in the middle": [*PACKED[:2], spoilt(PACKED[2]), *PACKED[3:]],
    "spoilt at the begin": [spoilt(PACKED[0]), *PACKED[1:]],
    "spoilt twice": [PACKED[0], spoilt(PACKED[1]), PACKED[2], spoilt(PACKED[3]), *PACKED[4:]],
    "spoilt twice in a row": [PACKED[0], spoilt(PACKED[1]), spoilt(PACKED[2]), *PACKED[3:]],
    "cut off at the end": [*PACKED[:-1], PACKED[-1][:-200]],
    "cut off at the end and not packed": [*PLAIN[:-1], PLAIN[-1][:-200]],
    "cut off in the middle": [PACKED[0], PACKED[1][:-200], *PACKED[2:]],
    "something between records": [PACKED[0], b"nothing of value" * 9, *PACKED[1:]],
    "lines between records": [PLAIN[0], b"nothing of value\r\n" * 9, *PLAIN[1:]],
    "longer than it is": [PLAIN[0], record(NAMES[1], STORY, HTML, length=9_000), *PLAIN[2:]],
    "shorter than it is": [PLAIN[0], record(NAMES[1], STORY, HTML, length=900), *PLAIN[2:]],
    "nothing": [],
    "no records": [b"To whom it may concern: these are no records. " * 40],
}


@pytest.mark.parametrize("parts", DAMAGED.values(), ids=DAMAGED)
def test_the_records_of_a_damaged_file_are_those_that_warcio_finds(parts, tmp_path):
    path = tmp_path / "damaged.warc"
    path.write_bytes(b"".join(parts))
    found = [(each.offset, each.head) for each in records(path, LIMIT)]
    assert found == [(each.offset, each.head) for each in scan(path)]


def test_all_but_the_spoilt_record_is_read(tmp_path):
    path = tmp_path / "damaged.warc.gz"
    path.write_bytes(b"".join(DAMAGED["spoilt in the middle"]))
    urls = [each.head and each.head.url for each in records(path, LIMIT)]
    assert urls == [*NAMES[:2], None, *NAMES[3:]]


ODD = {
    **CUT,
    "chunked": record(
        NAMES[0], chunk(STORY) + chunk(b""), HTML + b"Transfer-Encoding: Chunked\r\n"
    ),
    "unpacked already": record(NAMES[0], STORY, HTML + b"Content-Encoding: gzip\r\n"),
    "packed": record(NAMES[0], gzip.compress(STORY), HTML + b"Content-Encoding: gzip\r\n"),
    "headers twice": record(NAMES[0], STORY, HTML + b"Link: </a>\r\nLink: </b>\r\n"),
    "no such status": record(NAMES[0], STORY, HTML).replace(b" 200 OK", b" 2000 ?"),
    "no status": record(NAMES[0], STORY, HTML).replace(b" 200 OK", b""),
    "an address in brackets": record(f"<{NAMES[0]}>", STORY, HTML),
    "no date": record(NAMES[0], STORY, HTML).replace(b"2025-10-09T12:00:00Z", b"some day"),
    "rendered": record(NAMES[0], STORY, HTML).replace(
        b"WARC-Type", b"X-Rendered-By: browser\r\nWARC-Type"
    ),
    "not of the web": record("dns:a.example").replace(
        b"application/http; msgtype=response", b"text/dns"
    ),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_answer_is_the_one_that_warcio_reads(odd, tmp_path):
    path = tmp_path / "odd.warc.gz"
    path.write_bytes(gzip.compress(odd))
    (found,) = records(path, LIMIT)
    (scanned,) = scan(path)
    assert found.head == scanned.head
    if found.answer is not None:
        with closing(RecordReader()) as reader:
            assert found.answer == reader.answer(str(path), 0, LIMIT)[0]
    assert (found.answer is None) == (scanned.head is None or not scanned.head.is_answer)


def test_a_body_beyond_the_limit_is_not_read_and_the_next_one_is(tmp_path):
    path = tmp_path / "large.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, (record(NAMES[0], b"x" * 5_000), PLAIN[1]))))
    large, other = records(path, 4_000)
    assert str(large.answer) == f"more than 4000 bytes: {NAMES[0]}"
    assert other.answer is not None

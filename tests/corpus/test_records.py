"""Records are the same whoever reads them: FastWARC where it can, warcio where it must."""

from __future__ import annotations

import gzip
import random
from contextlib import closing

import pytest

from newscrawl.answer import Answer
from newscrawl.archive.reading import RecordReader, scan
from newscrawl.corpus.records import records
from tests.archive.test_foreign import CUT, HTML, STORY, chunk
from tests.archive.test_reading import changed, record

LIMIT = 1_000_000
NAMES = [f"http://a.example/{letter}" for letter in "abcdef"]
PLAIN = [record(name, STORY * 3, HTML) for name in NAMES]
PACKED = [gzip.compress(each, mtime=0) for each in PLAIN]


def spoilt(member: bytes) -> bytes:
    at = len(member) // 2
    return member[:at] + b"x" * 30 + member[at + 30 :]


A, B, C, D, E, F = NAMES
DAMAGED = {
    "whole": (PACKED, NAMES),
    "whole and not packed": (PLAIN, NAMES),
    "spoilt in the middle": ([*PACKED[:2], spoilt(PACKED[2]), *PACKED[3:]], [A, B, None, D, E, F]),
    "spoilt at the begin": ([spoilt(PACKED[0]), *PACKED[1:]], [None, B, C, D, E, F]),
    "spoilt twice": (
        [PACKED[0], spoilt(PACKED[1]), PACKED[2], spoilt(PACKED[3]), *PACKED[4:]],
        [A, None, C, None, E, F],
    ),
    "spoilt twice in a row": (
        [PACKED[0], spoilt(PACKED[1]), spoilt(PACKED[2]), *PACKED[3:]],
        [A, None, D, E, F],
    ),
    "cut off at the end": ([*PACKED[:-1], PACKED[-1][:-200]], [A, B, C, D, E, None]),
    "cut off at the end and not packed": ([*PLAIN[:-1], PLAIN[-1][:-200]], [A, B, C, D, E, None]),
    "cut off in the middle": ([PACKED[0], PACKED[1][:-200], *PACKED[2:]], [A, None, C, D, E, F]),
    "something between records": (
        [PACKED[0], b"no record" * 9, *PACKED[1:]],
        [A, None, *NAMES[1:]],
    ),
    "lines between records": ([PLAIN[0], b"no record\r\n" * 9, *PLAIN[1:]], [A, None, *NAMES[1:]]),
    "longer than it is": (
        [PLAIN[0], record(B, STORY, HTML, length=9_000), *PLAIN[2:]],
        [A, B, E, F],  # what it says is its own is not told from it
    ),
    "shorter than it is": ([PLAIN[0], record(B, STORY, HTML, length=900), *PLAIN[2:]], NAMES),
    "something packed that is no record": (
        [PACKED[0], gzip.compress(b"no record"), *PACKED[1:]],
        [A, None, *NAMES[1:]],
    ),
    "nothing": ([], []),
    "no records": ([b"To whom it may concern: these are no records. " * 40], [None]),
}
ABOUT = b"1 0 example\nURL IP-address Archive-date Content-type Archive-length\n"
ARC = b"filedesc://a.arc 0.0.0.0 20251009120000 text/plain %d\n%s\n" % (len(ABOUT), ABOUT)


@pytest.mark.parametrize(("parts", "urls"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_whole_in_a_damaged_file_is_read(parts, urls, tmp_path):
    path = tmp_path / "damaged.warc"
    path.write_bytes(b"".join(parts))
    assert [each.head and each.head.url for each in records(path, LIMIT)] == urls


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_arc_files_are_read_too(pack, tmp_path):
    page = b"HTTP/1.1 200 OK\r\n" + HTML + b"\r\n" + STORY
    head = f"{A} 10.0.0.1 20251009120000 text/html {len(page)}\n".encode()
    path = tmp_path / "old.arc.gz"
    path.write_bytes(pack(ARC) + pack(head + page + b"\n"))
    *_, found = records(path, LIMIT)
    assert found.head is not None
    assert (found.head.url, found.head.at.year) == (A, 2025)
    assert isinstance(found.answer, Answer)
    assert found.answer.body == STORY


@pytest.mark.parametrize("how", ["other bytes", "a bit", "cut off", "bytes too many"])
def test_a_fault_costs_one_record_wherever_it_is(how, tmp_path):
    chance = random.Random(how)
    path = tmp_path / "damaged.warc.gz"
    for _ in range(120):
        bodies = [bytes(chance.choices(b"abcdefgh ", k=2_000)) for _ in range(4)]
        members = [
            gzip.compress(record(f"http://a.example/{at}", body)) for at, body in enumerate(bodies)
        ]
        spoilt = chance.randrange(4)
        members[spoilt] = changed(members[spoilt], how, chance)
        path.write_bytes(b"".join(members))
        urls = [each.head and each.head.url for each in records(path, LIMIT)]
        assert urls == [f"http://a.example/{at}" if at != spoilt else None for at in range(4)]


def test_padding_at_the_end_is_nothing(tmp_path):
    path = tmp_path / "padded.warc.gz"
    path.write_bytes(b"".join(PACKED) + bytes(512))
    assert [each.head is None for each in records(path, LIMIT)] == [False] * 6


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

"""The records of a WARC file in order: fast where they are whole, patient where they are not."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecord
from scrapy.exceptions import DownloadCancelledError

from newscrawl.answer import Answer
from newscrawl.archive.members import GZIP, STEP, end_of_member
from newscrawl.archive.reading import (
    MAX_LINE,
    TRUNCATED,
    Head,
    RecordReader,
    Scanned,
    answer_of,
    date_of,
    scan,
    status_of,
    too_large,
)
from newscrawl.archive.warc import FOUND_VIA, KIND, RENDERED_BY
from newscrawl.outcomes import Unreadable

BODIES = "response"
"""The type of records that have the body of an answer; a ``revisit`` has it elsewhere."""


RECORD_LINE = re.compile(rb"\s*(?:WARC/\d|\S+://\S* \S+ \d{14} )")
"""How a record begins: in WARC files, and in ARC files."""


class Found(NamedTuple):
    """A record; one that is broken has no head."""

    offset: int
    head: Head | None
    answer: Answer | Exception | None = None
    """Of a response its answer, or why that cannot be had."""


class _RefusedError(Exception):
    """A record is shorter than it says."""


def records(path: Path, limit: int) -> Iterator[Found]:
    """Yield all records of a file; after one that is broken it goes on at the next that is not.

    What FastWARC refuses is read by warcio, which is slower and takes more: ARC files too. Where
    each record is packed, its checksum says whether it is broken; what lies between two whole ones
    counts as one. The body of an answer of more than ``limit`` bytes is not read.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        is_packed = file.read(len(GZIP)) == GZIP
    beyond = _beyond_packed if is_packed else _beyond_plain
    begin: int | None = 0
    while begin is not None:
        last: Found | None = None
        with suppress(_RefusedError, OSError):
            for found in _fast(path, begin, limit):
                if last is not None:
                    yield last
                last = found
        begin = yield from beyond(path, begin, last, limit)


def _fast(path: Path, begin: int, limit: int) -> Iterator[Found]:
    """Yield records up to the first that FastWARC does not take."""
    with path.open("rb") as file:
        file.seek(begin)
        for record in ArchiveIterator(file, parse_http=True):
            length = record.content_length
            body = record.reader.read(length) if length <= limit else b""
            if length <= limit and len(body) < length:
                raise _RefusedError
            head = _head_of(record)
            answer: Answer | Exception | None = None
            if head.is_answer and head.type == BODIES:
                is_read = length <= limit
                answer = _answer(record, head, body) if is_read else too_large(head.url, limit)
            yield Found(record.stream_pos, head, answer)


def _head_of(record: WarcRecord) -> Head:
    headers = record.headers
    line = record.http_headers.status_line if record.is_http_parsed else None
    return Head(
        type=headers.get("WARC-Type") or "",
        url=(headers.get("WARC-Target-URI") or "").strip("<>"),
        at=date_of(headers.get("WARC-Date") or ""),
        status=status_of(f"{line} ".split(" ")[1] if line else None),
        digest=headers.get("WARC-Payload-Digest") or "",
        kind=headers.get(KIND) or "",
        found_via=headers.get(FOUND_VIA) or "",
    )


def _answer(record: WarcRecord, head: Head, body: bytes) -> Answer:
    return answer_of(
        head,
        record.http_headers.items_bytes(),
        body,
        rendered=RENDERED_BY in record.headers,
        truncated=TRUNCATED in record.headers,
    )


def _beyond_packed(
    path: Path, begin: int, last: Found | None, limit: int
) -> Generator[Found, None, int | None]:
    """Yield the last record that FastWARC took, if its checksum is right, else that it is broken.

    If it took none, the one at ``begin`` is read by warcio. Return where to go on.
    """
    at = begin if last is None else last.offset
    end = _end_of_member(path, at)
    if last is None and _is_padding(path, at):
        return None
    if end is None:
        yield Found(at, None)
        return _next_member(path, at + 1)
    yield next(_patiently(path, at, limit), Found(at, None)) if last is None else last
    return end


def _end_of_member(path: Path, offset: int) -> int | None:
    with path.open("rb") as file:
        return end_of_member(file, offset)


def _is_padding(path: Path, offset: int) -> bool:
    with path.open("rb") as file:
        file.seek(offset)
        return not file.read(STEP).strip(b"\0\r\n\t ")


def _next_member(path: Path, after: int) -> int | None:
    """Return where the next whole gzip member begins."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = data.find(GZIP, after)
        while found >= 0 and end_of_member(file, found) is None:
            found = data.find(GZIP, found + 1)
    return found if found >= 0 else None


def _beyond_plain(
    path: Path, begin: int, last: Found | None, limit: int
) -> Generator[Found, None, int | None]:
    """Yield the last record that FastWARC took, and those behind it through the next broken one.

    Return where the first whole one behind that begins, ``None`` at the end of the file.
    """
    if last is not None:
        yield last
    was_broken = False
    for found in _patiently(path, begin if last is None else last.offset, limit):
        if last is not None and found.offset == last.offset:
            continue
        if found.head is not None and was_broken:
            return found.offset
        was_broken = found.head is None
        yield found
    return None


def _patiently(path: Path, begin: int, limit: int) -> Iterator[Found]:
    """Yield what warcio takes for records and what looks like one: it takes any line for an ARC's."""
    with closing(RecordReader()) as reader:
        for scanned in scan(path, begin):
            if scanned.head is None or not _begins_record(path, scanned.offset):
                yield Found(scanned.offset, None)
            else:
                answer = _read(reader, path, scanned, limit)
                yield Found(scanned.offset, scanned.head, answer)


def _begins_record(path: Path, offset: int) -> bool:
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(MAX_LINE)
    if data.startswith(GZIP):
        data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, MAX_LINE)
    return RECORD_LINE.match(data) is not None


def _read(
    reader: RecordReader, path: Path, scanned: Scanned, limit: int
) -> Answer | Exception | None:
    assert scanned.head is not None
    if not (scanned.head.is_answer and scanned.head.type == BODIES):
        return None
    try:
        return reader.answer(str(path), scanned.offset, limit)[0]
    except (Unreadable, DownloadCancelledError) as error:
        return error

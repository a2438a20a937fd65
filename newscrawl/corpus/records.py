"""The records of a WARC file in order: fast where they are whole, patient where they are not."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecord
from scrapy.exceptions import DownloadCancelledError

from newscrawl.answer import Answer
from newscrawl.archive.reading import (
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

    What FastWARC refuses is read by warcio, which is slower and takes more: ARC files too. The
    body of an answer of more than ``limit`` bytes is not read.

    Raises:
        OSError: the file cannot be read.
    """
    begin: int | None = 0
    while begin is not None:
        last = None
        try:
            for found in _fast(path, begin, limit):
                yield found
                last = found.offset
        except (_RefusedError, OSError):
            begin = yield from _patient(path, begin, last, limit)
        else:
            return


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


def _patient(
    path: Path, begin: int, last: int | None, limit: int
) -> Generator[Found, None, int | None]:
    """Yield records behind the ``last`` one that was read, through the next broken one.

    Return where the first whole one behind that begins, ``None`` at the end of the file.
    """
    was_broken = False
    reader = RecordReader()
    try:
        for scanned in scan(path, begin if last is None else last):
            if scanned.head is None:
                was_broken = True
                yield Found(scanned.offset, None)
            elif scanned.offset == last:
                continue
            elif was_broken:
                return scanned.offset
            else:
                yield Found(scanned.offset, scanned.head, _read(reader, path, scanned, limit))
    finally:
        reader.close()
    return None


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

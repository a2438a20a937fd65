"""Records out of WARC files: ours, and those of others, whole, cut off or broken."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from scrapy.exceptions import DownloadCancelledError
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader, DecompressingBufferedReader
from warcio.recordloader import ArcWarcRecord

from newscrawl.answer import Answer
from newscrawl.archive.members import GZIP, STEP, is_damaged
from newscrawl.archive.warc import CODED, FOUND_VIA, KIND, RENDERED_BY, WAYS, Referred
from newscrawl.dataset.logs import file_of
from newscrawl.outcomes import Unreadable

TRUNCATED = "WARC-Truncated"
MAX_LINE = 64 * 1024
MAX_LINES = 10_000
"""Of the heads of one record."""
MAX_WAYS = 64 * 1024 * 1024
"""Bytes of a record that tells how articles were found."""
PLAIN = b"WARC/"
CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}\s*(?:;[^\r\n]*)?\r\n")
LAST_CHUNK = re.compile(rb"(?:\A|\n)0+\s*(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\s*\Z")
TRAILERS = 1024
"""Bytes at the end of a chunked body in which its last chunk is looked for."""
OPEN_FILES = 16
_EARLY = datetime.min.replace(tzinfo=UTC)


class Head(NamedTuple):
    """What a record says before its payload; ``status`` is 0 where it is no answer."""

    type: str
    url: str
    at: datetime
    status: int
    digest: str
    kind: str
    found_via: str

    @property
    def is_answer(self) -> bool:
        return self.type in {"response", "revisit"} and self.status > 0


class Scanned(NamedTuple):
    """A record of a file; one that cannot be read whole has no head."""

    offset: int
    head: Head | None
    ways: bytes = b""
    """The payload of a record that tells how articles were found."""


class _Reader(DecompressingBufferedReader):  # type: ignore[misc] # warcio ships no types
    """Gives up on headers that never end."""

    lines = 0

    def readline(self, length: int | None = None) -> bytes:
        self.lines += 1
        if self.lines > MAX_LINES:
            raise Unreadable("its head has no end")
        line: bytes = super().readline(min(length or MAX_LINE, MAX_LINE))
        return line


class RecordReader:
    """Reads records at known places of the parts of an archive.

    A part that is not where it was written is looked for by its name in ``folder``.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}

    def answer(self, path: str, offset: int, limit: int) -> tuple[Answer, str | None]:
        """Return the answer of a record, and the digest of its payload if that stands elsewhere.

        Raises:
            Unreadable: there is no such record, or it is cut off.
            DownloadCancelledError: its payload is longer than ``limit``.
        """
        with _quiet():
            record = self._record(path, offset)
            head = head_of(record)
            if not head.is_answer:
                raise Unreadable("it is no answer")
            digest = head.digest if head.type == "revisit" else None
            return _answer(record, head, limit), digest

    def whole_answer(
        self, path: str, offset: int, limit: int, payload: Callable[[str], tuple[str, int]]
    ) -> Answer:
        """Return the answer of a record, with the payload that it may only name.

        ``payload`` says by its digest in which file that stands, and where.

        Raises:
            Unreadable: as :meth:`answer`, of either record; and what ``payload`` raises.
            DownloadCancelledError: as :meth:`answer`.
        """
        answer, digest = self.answer(path, offset, limit)
        if digest is None:
            return answer
        first, _ = self.answer(*payload(digest), limit)
        return replace(answer, body=first.body)

    def referred(self, path: str, offset: int) -> Referred | None:
        """Return what a later record may refer to, ``None`` where it cannot be read."""
        try:
            with _quiet():
                headers = self._record(path, offset).rec_headers
        except Unreadable:
            return None
        return Referred(headers.get_header("WARC-Target-URI"), headers.get_header("WARC-Date"))

    def close(self) -> None:
        while self._files:
            self._files.popitem()[1].close()

    def _record(self, path: str, offset: int) -> ArcWarcRecord:
        file = self._file(path)
        file.seek(offset)
        return _next(_records(file))

    def _file(self, path: str) -> BinaryIO:
        if path not in self._files:
            if len(self._files) >= OPEN_FILES:
                self.close()
            try:
                self._files[path] = part_path(path, self._folder).open("rb")
            except OSError as error:
                raise Unreadable(str(error)) from None
        return self._files[path]


def part_path(path: str, folder: Path | None) -> Path:
    """Return where a part is: as it was written, else under the same name in ``folder``."""
    written = file_of(path)
    moved = folder / written.name if folder is not None else written
    return moved if not written.exists() and moved.exists() else written


def scan(path: Path, begin: int = 0) -> Iterator[Scanned]:
    """Yield all records of a file in order; after one that is broken it goes on at the next.

    It may begin at any record, and goes on with those behind it. One that is packed counts as broken
    where its checksum is wrong, whatever it unpacks to.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        offset: int | None = begin if path.stat().st_size else None
        while offset is not None:
            whole = offset - 1
            for scanned in _in_order(file, offset):
                yield scanned
                if scanned.head is None:
                    break
                whole = scanned.offset
            else:
                return
            offset = _next_record(file, whole + 1, broken=scanned.offset)


def _in_order(file: BinaryIO, offset: int) -> Iterator[Scanned]:
    """Yield records until the end of the file, or up to the first that is broken."""
    file.seek(offset)
    iterator = _records(file)
    while True:
        with _quiet():
            try:
                record = _next(iterator, at_end=StopIteration)
            except StopIteration:
                break
            except Unreadable:
                record = None
            place = int(iterator.offset)
            scanned = Scanned(place, None) if record is None else _scanned(record, place)
        if scanned.head is not None and is_damaged(file, place):
            scanned = Scanned(place, None)
        yield scanned
    file.seek(iterator.offset)
    if file.read(STEP).strip():
        yield Scanned(int(iterator.offset), None)


def _scanned(record: ArcWarcRecord, offset: int) -> Scanned:
    try:
        head = head_of(record)
        is_ways = head.type == "metadata" and head.url == WAYS
        payload = _payload(record, MAX_WAYS if is_ways else 0)
    except Unreadable:
        return Scanned(offset, None)
    return Scanned(offset, head, payload if is_ways else b"")


def _next_record(file: BinaryIO, after: int, *, broken: int) -> int | None:
    """Return where the next record begins that can be parsed, other than the ``broken`` one.

    It may begin before that: the length of the last whole one may have been wrong.
    """
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        mark = GZIP if data[:2] == GZIP[:2] or data.find(PLAIN) < 0 else PLAIN
        found = data.find(mark, after)
        while found >= 0:
            file.seek(found)
            if found != broken and _is_record(file):
                return found
            found = data.find(mark, found + 1)
    return None


def _is_record(file: BinaryIO) -> bool:
    with _quiet():
        try:
            _next(_records(file))
        except Unreadable:
            return False
    return True


def _records(file: BinaryIO) -> ArchiveIterator:
    iterator = ArchiveIterator(file, arc2warc=True)
    iterator.reader = _Reader(file, block_size=16 * 1024)
    return iterator


def _next(iterator: ArchiveIterator, at_end: type[Exception] = Unreadable) -> ArcWarcRecord:
    iterator.reader.lines = 0
    try:
        return next(iterator)
    except StopIteration:
        raise at_end("there is no record") from None
    except Exception as error:
        raise Unreadable(str(error)) from error


def head_of(record: ArcWarcRecord) -> Head:
    """Return what a record says of itself.

    Raises:
        Unreadable: it does not say how long it is.
    """
    headers = record.rec_headers
    if record.length is None:
        raise Unreadable("it has no length")

    def named(name: str) -> str:
        return headers.get_header(name) or ""

    return Head(
        type=record.rec_type or "",
        url=named("WARC-Target-URI").strip("<>"),
        at=date_of(named("WARC-Date")),
        status=status_of(record.http_headers and record.http_headers.get_statuscode()),
        digest=named("WARC-Payload-Digest"),
        kind=named(KIND),
        found_via=named(FOUND_VIA),
    )


def date_of(text: str) -> datetime:
    """Return the moment that a record names, the first there is where it names none."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return _EARLY
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def status_of(code: str | None) -> int:
    """Return the status that an answer's first line has, 0 where it has none."""
    return (
        int(code) if code and code.isascii() and code.isdigit() and len(code) == len("200") else 0
    )


def _payload(record: ArcWarcRecord, limit: int) -> bytes:
    """Return up to ``limit`` bytes of a payload that is read to its end.

    Raises:
        Unreadable: it ends before its time.
    """
    kept = bytearray()
    try:
        while some := record.raw_stream.read(STEP):
            kept += some[: limit - len(kept)]
    except Exception as error:
        raise Unreadable(str(error)) from error
    if getattr(record.raw_stream, "limit", 0):
        raise Unreadable("it is cut off")
    return bytes(kept)


def _answer(record: ArcWarcRecord, head: Head, limit: int) -> Answer:
    body = _payload(record, limit + 1)
    if len(body) > limit:
        raise too_large(head.url, limit)
    return answer_of(
        head,
        [(name.encode(), value.encode()) for name, value in record.http_headers.headers],
        body,
        rendered=bool(record.rec_headers.get_header(RENDERED_BY)),
        truncated=bool(record.rec_headers.get_header(TRUNCATED)),
    )


def too_large(url: str, limit: int) -> DownloadCancelledError:
    return DownloadCancelledError(f"more than {limit} bytes: {url}")


def answer_of(
    head: Head,
    headers: Sequence[tuple[bytes, bytes]],
    body: bytes,
    *,
    rendered: bool,
    truncated: bool,
) -> Answer:
    """Return the answer of a record, its body out of the chunks in which others archive it.

    What its record calls ``truncated`` is cut, and what has no last chunk.
    """
    coding = next((value for name, value in headers if name.lower() == CODED), b"")
    if coding.strip().lower() == b"chunked":
        truncated |= bool(CHUNK.match(body)) and not LAST_CHUNK.search(body[-TRAILERS:])
        body = ChunkedDataReader(BytesIO(body)).read()
    return Answer(
        url=head.url,
        status=head.status,
        headers=tuple(headers),
        body=body,
        at=head.at,
        rendered=rendered,
        cut=truncated,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what warcio prints of broken records from the terminal; the counts tell."""
    with redirect_stderr(StringIO()):
        yield

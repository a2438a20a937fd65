"""Packed bodies: what they hold, and whether that is all."""

from __future__ import annotations

import sys
import zlib
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, Protocol

import brotli
from scrapy.exceptions import DownloadCancelledError

from newscrawl.outcomes import Truncated, Undecodable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 4096
"""Bytes that a decoder is given at a time; where it fails, nothing of its piece is known."""
MEMBER = b"\x1f\x8b\x08"
HEADER_CHECKED, EXTRA, NAME, COMMENT = 2, 4, 8, 16
"""Flags of a gzip header (RFC 1952, 2.3.1)."""
HEADER_BYTES, CHECKSUM_BYTES = 10, 8
MAX_STREAMS = 10_000
"""Members or frames of one body: millions that hold nothing would take seconds."""
FRAMES = (b"\x28\xb5\x2f\xfd", *(bytes([kind, 0x2A, 0x4D, 0x18]) for kind in range(0x50, 0x60)))
"""How a frame of zstd begins, and how those do that are skipped (RFC 8878, 3.1)."""


class Unpacked(NamedTuple):
    """What a body holds; with an error, as much of it as can be told."""

    body: bytes
    error: Truncated | Undecodable | DownloadCancelledError | None = None


class Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def unpack(body: bytes, coding: bytes, limit: int = 0) -> Unpacked:
    """Take one of the ``CODINGS`` of HTTP off a body; nothing stays nothing.

    What stands behind the end is left out, unless it is a further member of gzip or frame of
    zstd. Of gzip's checksum only the bytes count: some servers send a wrong one, and browsers do
    not look. What holds more than ``limit`` bytes is cancelled; 0 is no limit.
    """
    packed = _Packed(body, limit)
    error: Truncated | Undecodable | DownloadCancelledError | None = None
    try:
        if body:
            CODINGS[coding](packed)
    except (Truncated, Undecodable, DownloadCancelledError) as found:
        error = found.with_traceback(None)  # which would hold what was unpacked
    except (zlib.error, brotli.error, zstd.ZstdError) as found:
        error = Undecodable(f"{coding.decode()}: {found}")
    return Unpacked(bytes(packed.found), error)


class _Packed:
    def __init__(self, body: bytes, limit: int) -> None:
        self.found = bytearray()
        self._body = body
        self._room = limit or sys.maxsize - 1
        self._streams = 0

    def _read(self, decoder: Decoder, start: int = 0, stop: int | None = None) -> int:
        """Read the stream that begins at ``start``; return where it ends."""
        stop = len(self._body) if stop is None else stop
        for at in range(start, stop, PIECE):
            piece = self._body[at : min(at + PIECE, stop)]
            self.found += decoder.decompress(piece, self._room + 1 - len(self.found))
            if len(self.found) > self._room:
                del self.found[self._room :]
                raise DownloadCancelledError(f"it holds more than {self._room} bytes")
            if decoder.eof:
                return at + len(piece) - len(decoder.unused_data)
        raise Truncated(f"after {len(self._body)} bytes that hold {len(self.found)} of more")

    def _goes_on(self, at: int, marks: Collection[bytes]) -> bool:
        """Whether another stream begins, even if it ends within its mark."""
        self._streams += 1
        if self._streams > MAX_STREAMS:
            raise DownloadCancelledError(f"it is packed in more than {MAX_STREAMS} streams")
        begins = self._body[at : at + max(map(len, marks))]
        return bool(begins) and any(mark.startswith(begins) for mark in marks)

    def gunzip(self) -> None:
        if not self._goes_on(0, [MEMBER]):
            raise Undecodable("gzip: it does not begin as such")
        end = 0
        while self._goes_on(end, [MEMBER]):
            end = self._read(zlib.decompressobj(-zlib.MAX_WBITS), self._after_header(end))
            end += CHECKSUM_BYTES
        if end > len(self._body):
            raise Truncated("in its checksum")

    def _after_header(self, at: int) -> int:
        body = self._body
        flags = body[at + 3] if at + HEADER_BYTES <= len(body) else 0
        at += HEADER_BYTES
        if flags & EXTRA:
            at += 2 + int.from_bytes(body[at : at + 2], "little")
        for flag in (NAME, COMMENT):
            if flags & flag:
                at = body.find(b"\0", at) + 1 or len(body)
        return at + 2 * bool(flags & HEADER_CHECKED)

    def inflate(self) -> None:
        """The standard means zlib's format; some servers leave its header and checksum out."""
        try:
            self._read(zlib.decompressobj())
        except zlib.error:
            self.found.clear()
            self._read(zlib.decompressobj(-zlib.MAX_WBITS))

    def unzstd(self) -> None:
        end = self._read(zstd.ZstdDecompressor())
        while self._goes_on(end, FRAMES):
            end = self._read(zstd.ZstdDecompressor(), end)

    def unbrotli(self) -> None:
        """The decoder takes what stands behind the end for an error: then the end is looked for."""
        try:
            self._read(_Brotli())
        except brotli.error:
            sizes = range(len(self._body))
            end = bisect_left(sizes, True, key=lambda size: not self._is_cut_at(size))
            self.found.clear()
            self._read(_Brotli(), stop=end)

    def _is_cut_at(self, size: int) -> bool:
        self.found.clear()
        try:
            self._read(_Brotli(), stop=size)
        except Truncated:
            return True
        except brotli.error:
            return False
        return False


class _Brotli:
    """Brotli's decoder with the names that the others have."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return bytes(self._decoder.process(data, output_buffer_limit=max_length))


CODINGS: Mapping[bytes, Callable[[_Packed], None]] = {
    b"gzip": _Packed.gunzip,
    b"x-gzip": _Packed.gunzip,
    b"deflate": _Packed.inflate,
    b"br": _Packed.unbrotli,
    b"zstd": _Packed.unzstd,
}

"""The file of an input, on a disk of this machine, where any record can be read at its place."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

from fastwarc.stream_io import ZstdReader

from newscrawl.archive.members import GZIP
from newscrawl.corpus.inputs import REMOTE, store_of

STEP = 1 << 16
ZSTD = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
"""How a file of zstd begins: with a frame, or with a dictionary for all of them (the specification
"WARC files compressed with Zstandard" of the IIPC)."""
CAPTURES = ".captures"
"""The ending of lists of records, each line a JSON object with ``file``, ``offset`` and ``length``."""
LONGEST_RECORD = 1 << 30
NEXT_RECORD = b"\r\n\r\nWARC/"
MOST_UNPACKED = 100
"""Times the size of a file that it may unpack to; pages pack to a fifth of their size."""
LEAST_BOUND = 1 << 30
"""Bytes that any file may unpack to."""


class AtHand(NamedTuple):
    """``is_damaged`` if it could not be unpacked to its end."""

    path: Path
    size: int
    """Bytes of the input as it was found."""
    is_damaged: bool = False


@contextmanager
def at_hand(address: str, work: Path) -> Iterator[AtHand]:
    """Provide the file of an address, for as long as the block runs.

    What lies elsewhere is copied whole first. A file that is packed as a whole, or by zstd, is
    unpacked: its records have no places to go back to. Of a list of captures the records are put
    together. All of it lies in ``work`` meanwhile.

    Raises:
        OSError: it cannot be had, or unpacks to far more than pages do.
        ValueError: there is no such protocol, or its package is missing.
    """
    with TemporaryDirectory(dir=work, prefix="input-") as folder:
        path = Path(address) if REMOTE not in address else _copied(address, Path(folder, "copy"))
        size = path.stat().st_size
        if address.endswith(CAPTURES):
            path = _put_together(path, Path(folder, "records"))
        with path.open("rb") as file:
            pieces = _unpacking(file)
            if pieces is None:
                yield AtHand(path, size)
                return
            plain = Path(folder, "plain")
            is_whole = _write(pieces, plain, max(LEAST_BOUND, MOST_UNPACKED * size))
        yield AtHand(plain, size, not is_whole)


def _copied(address: str, to: Path) -> Path:
    store, path = store_of(address)
    with _failing_as_files(address):
        store.get_file(path, str(to))
    return to


@contextmanager
def _failing_as_files(address: str) -> Iterator[None]:
    """Let what a store raises be an OSError: each has errors of its own."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{address}: {error}") from error


def _put_together(captures: Path, to: Path) -> Path:
    """Fetch the records of a list, and nothing else of the files in which they stand."""
    with captures.open(encoding="utf-8") as lines, to.open("wb") as records:
        for number, line in enumerate(lines, 1):
            try:
                told = json.loads(line)
                name = str(told["file"])
                place = _beside(captures, name), int(told["offset"]), int(told["length"])
            except (ValueError, KeyError, TypeError):
                raise OSError(f"line {number} of {captures} names no record") from None
            records.write(_ranged(*place))
    return to


def _beside(captures: Path, name: str) -> str:
    return name if REMOTE in name else str(captures.parent / name)


def _ranged(address: str, offset: int, length: int) -> bytes:
    """Return some bytes of a file.

    Raises:
        OSError: they cannot be had, or there are fewer.
    """
    if not 0 < length <= LONGEST_RECORD:
        raise OSError(f"{address} at {offset}: no record has {length:,} bytes")
    if REMOTE in address:
        data = _asked(address, offset, length)
    else:
        with Path(address).open("rb") as file:
            file.seek(offset)
            data = file.read(length)
    if len(data) != length:
        raise OSError(f"{address} has no {length:,} bytes at {offset:,}")
    return data


def _asked(address: str, offset: int, length: int) -> bytes:
    store, path = store_of(address)
    with _failing_as_files(address):
        data: bytes = store.cat_file(path, start=offset, end=offset + length)
    return data


def _unpacking(file: BinaryIO) -> Iterator[bytes] | None:
    """Return the pieces of a file that has to be unpacked, ``None`` for one that can be read as it is."""
    mark = file.read(len(ZSTD[0]))
    file.seek(0)
    if mark in ZSTD:
        return _by_zstd(file)
    if not mark.startswith(GZIP) or not _is_one_member(file):
        return None
    return _by_gzip(file)


def _is_one_member(file: BinaryIO) -> bool:
    """Whether the first member of a gzip file has more than its first record."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    end, size = b"", 0
    try:
        while size < LEAST_BOUND and not unpacking.eof and (data := file.read(STEP)):
            text = end + unpacking.decompress(data)
            if NEXT_RECORD in text:
                return True
            size += len(text)
            end = text[-len(NEXT_RECORD) :]
    except zlib.error:
        pass
    finally:
        file.seek(0)
    return False


def _by_gzip(file: BinaryIO) -> Iterator[bytes]:
    unpacking = None
    while data := file.read(STEP):
        while data:
            unpacking = unpacking or zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield unpacking.decompress(data)
            data = unpacking.unused_data
            unpacking = None if unpacking.eof else unpacking
    if unpacking is not None:
        raise EOFError


def _by_zstd(file: BinaryIO) -> Iterator[bytes]:
    reader = ZstdReader(file)
    while data := reader.read(STEP):
        yield data


def _write(pieces: Iterator[bytes], to: Path, most: int) -> bool:
    """Write pieces to a file; return whether they came to their end."""
    size = 0
    with to.open("wb") as plain:
        while True:
            try:
                piece = next(pieces, None)
            except (zlib.error, EOFError, OSError):
                return False
            if piece is None:
                return True
            size += len(piece)
            if size > most:
                raise OSError(f"it unpacks to more than {most:,} bytes")
            plain.write(piece)

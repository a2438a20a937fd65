"""The members of a gzip file, each of which packs a record: where they end, and whether they are whole."""

from __future__ import annotations

import zlib
from typing import BinaryIO

GZIP = b"\x1f\x8b\x08"
STEP = 64 * 1024


def end_of_member(file: BinaryIO, offset: int) -> int | None:
    """Return where a member ends, ``None`` if its bytes are not those that its checksum says.

    Bytes that were changed may unpack to something. The file is left somewhere.
    """
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    file.seek(offset)
    try:
        while not unpacking.eof and (data := file.read(STEP)):
            unpacking.decompress(data)
    except zlib.error:
        return None
    return file.tell() - len(unpacking.unused_data) if unpacking.eof else None


def is_damaged(file: BinaryIO, offset: int) -> bool:
    """Whether a member begins there that is not whole; the file stays where it was."""
    place = file.tell()
    file.seek(offset)
    found = file.read(len(GZIP)) == GZIP and end_of_member(file, offset) is None
    file.seek(place)
    return found

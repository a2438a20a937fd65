"""Rows of CDX files, plain or gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from newscrawl.corpus.capturing.rows import MAX_LINE, NoRow, Row, Rows
from newscrawl.mistakes import BadInput

_GZIP = b"\x1f\x8b"


def rows_of_file(path: Path) -> Iterator[Row | None]:
    """Yield the rows of a file, ``None`` for each line that is none.

    Raises:
        BadInput: it cannot be read to its end, or nothing in it is CDX.
    """
    rows, is_cdx, is_empty = Rows(), False, True
    try:
        for line in _lines(path):
            is_empty = False
            if line is None:
                yield None
                continue
            try:
                for row in rows.read(line):
                    is_cdx = True
                    yield row
            except NoRow:
                yield None
    except (OSError, EOFError, zlib.error) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise BadInput([f"{path}: {told}"]) from None
    if not is_cdx and not is_empty:
        raise BadInput([f"{path}: no line of it is CDX or CDXJ"])


def _lines(path: Path) -> Iterator[str | None]:
    """Yield lines, ``None`` for one that is too long."""
    with path.open("rb") as raw:
        is_packed = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        file = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if is_packed else raw
        while line := file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                _skip_line(file, line)
                yield None
            else:
                yield line.decode("utf-8", "replace")


def _skip_line(file: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(MAX_LINE + 1)

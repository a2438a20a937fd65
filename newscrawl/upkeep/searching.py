"""Whether a sentence stands in a file, also where it is packed or in columns."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zlib import error as ZlibError  # noqa: N812 - the class of its errors

from newscrawl.dedup.phrases import Phrases

READ_AT_ONCE = 1 << 20
OVERLAP = 4096
"""Characters of a file that are read with the next ones again: more than a sentence has."""
ROWS_AT_ONCE = 100
_SQLITE = b"SQLite format 3\0"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'"
"""An index of words has no text; what it is kept in is a table too."""


class NotReadable(ValueError):  # noqa: N818 - a state of the file
    """Nobody can say what is in a file: it is damaged, or what reads it is not installed."""


def is_in(path: Path, phrases: Phrases) -> bool:
    """Whether one of some sentences is in a file.

    Raises:
        NotReadable: nobody can say.
    """
    before = ""
    try:
        for some in _texts(path) if phrases else ():
            if phrases.is_in(before + some):
                return True
            before = some[-OVERLAP:]
    except (OSError, EOFError, ValueError, ZlibError, sqlite3.Error) as error:
        raise NotReadable(f"{path}: {error}") from error
    return False


def _texts(path: Path) -> Iterator[str]:
    if path.name.endswith(".parquet"):
        return _columns(path)
    with path.open("rb") as file:
        begin = file.read(len(_SQLITE))
    if begin == _SQLITE:
        return _rows(path)
    return _blocks(path)


def _blocks(path: Path) -> Iterator[str]:
    with _opened(path) as file:
        while some := file.read(READ_AT_ONCE):
            yield some


def _opened(path: Path) -> Any:
    options: dict[str, str] = {"encoding": "utf-8", "errors": "replace"}
    if path.suffix == ".gz":
        return gzip.open(path, "rt", **options)  # type: ignore[call-overload]
    if path.suffix == ".zst":
        return TextIOWrapper(_arrow().input_stream(str(path), compression="zstd"), **options)  # type: ignore[arg-type]
    return path.open(**options)  # type: ignore[call-overload]


def _columns(path: Path) -> Iterator[str]:
    _arrow()
    from pyarrow import parquet  # noqa: PLC0415 - heavy, and of an extra

    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS_AT_ONCE):
            yield from _told(row.values() for row in batch.to_pylist())


def _rows(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.text_factory = lambda raw: raw.decode(errors="replace")
        tables = database.execute(_TABLES).fetchall()
        for (name,) in tables:
            quoted = name.replace('"', '""')
            yield from _told(database.execute(f'SELECT * FROM "{quoted}"'))  # noqa: S608 - quoted


def _told(rows: Any) -> Iterator[str]:
    for row in rows:
        yield "\n".join(str(value) for value in row if isinstance(value, (str, list, dict)))


def _arrow() -> Any:
    with suppress(ImportError):
        import pyarrow as pa  # noqa: PLC0415 - heavy, and of an extra

        return pa
    raise NotReadable("it needs the extra: pip install 'newscrawl[export]'")

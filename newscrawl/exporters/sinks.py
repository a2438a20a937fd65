"""The files of an export: a format for each ending of a name."""

from __future__ import annotations

import csv
import gzip
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Self, cast

from newscrawl.exporters.selection import Batch
from newscrawl.exporters.table import cell

_NO_TIME = 0
"""What a gzip file says of its making, so that the same data gives the same bytes."""


Opener = Callable[[Path], AbstractContextManager[IO[bytes]]]


class Sink(ABC):
    """Writes batches to one target, a path that is not there yet."""

    @abstractmethod
    def write(self, batch: Batch) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class JsonLines(Sink):
    """One object a line, as in the log."""

    def __init__(self, path: Path, names: Sequence[str], opened: Opener) -> None:
        self._names = names
        self._stack = ExitStack()
        self._file = self._stack.enter_context(opened(path))
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def write(self, batch: Batch) -> None:
        encode, names = self._encode, self._names
        lines = [encode(dict(zip(names, row, strict=True))) for row in batch.rows(names)]
        lines.append("")
        self._file.write("\n".join(lines).encode(errors="replace"))

    def close(self) -> None:
        self._stack.close()


class Csv(Sink):
    """A table for spreadsheets; lists and objects are JSON in their cells."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._names = names
        self._file = path.open("x", encoding="utf-8", errors="replace", newline="")
        self._table = csv.writer(self._file)
        self._table.writerow(names)

    def write(self, batch: Batch) -> None:
        self._table.writerows(map(cell, row) for row in batch.rows(self._names))

    def close(self) -> None:
        self._file.close()


@contextmanager
def _gzipped(path: Path) -> Iterator[IO[bytes]]:
    with path.open("xb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=_NO_TIME) as file:
        yield cast("IO[bytes]", file)


def _zstandard(path: Path) -> AbstractContextManager[IO[bytes]]:
    stream: AbstractContextManager[IO[bytes]] = _arrow().output_stream(
        str(path), compression="zstd"
    )
    return stream


def _arrow() -> Any:
    """Import pyarrow.

    Raises:
        ValueError: it is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - heavy, and of an extra
    except ImportError:
        raise ValueError(
            ".parquet, .jsonl.zst and folders need the extra: pip install 'newscrawl[export]'"
        ) from None
    return pa


def _parquet(path: Path, names: Sequence[str]) -> Sink:
    from newscrawl.exporters.parquet import Parquet  # noqa: PLC0415 - imports pyarrow

    return Parquet(path, names)


def _partitions(path: Path, names: Sequence[str]) -> Sink:
    from newscrawl.exporters.parquet import Partitions  # noqa: PLC0415 - imports pyarrow

    return Partitions(path, names)


FORMATS: Mapping[str, Callable[[Path, Sequence[str]], Sink]] = {
    ".jsonl.gz": lambda path, names: JsonLines(path, names, _gzipped),
    ".jsonl.zst": lambda path, names: JsonLines(path, names, _zstandard),
    ".jsonl": lambda path, names: JsonLines(path, names, lambda path: path.open("xb")),
    ".csv": Csv,
    ".parquet": _parquet,
}


def sink_for(target: str) -> Callable[[Path, Sequence[str]], Sink]:
    """Return what makes the sink of a target by its ending; a folder gets partitions.

    Raises:
        ValueError: no format has this ending, or it needs a package that is missing.
    """
    if is_folder(target):
        _arrow()
        return _partitions
    for ending, make in FORMATS.items():
        if target.endswith(ending):
            if ending in {".parquet", ".jsonl.zst"}:
                _arrow()
            return make
    raise ValueError(
        f"{target}: no format has this ending; use one of {', '.join(FORMATS)}, or a folder "
        "(with a slash at its end) for Parquet in partitions"
    )


def is_folder(target: str) -> bool:
    return target.endswith("/") or Path(target).is_dir()

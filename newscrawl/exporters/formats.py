"""The formats of an export, by the ending of a name."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, cast

from newscrawl.exporters.sinks import Csv, JsonLines, MarkdownFiles, Sink

_NO_TIME = 0
"""What a gzip file says of its making, so that the same data gives the same bytes."""


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


def _workbook(path: Path, names: Sequence[str]) -> Sink:
    from newscrawl.exporters.excel import Workbook  # noqa: PLC0415 - imports a package of an extra

    return Workbook(path, names)


def _partitions(path: Path, names: Sequence[str]) -> Sink:
    from newscrawl.exporters.parquet import Partitions  # noqa: PLC0415 - imports pyarrow

    return Partitions(path, names)


FORMATS: Mapping[str, Callable[[Path, Sequence[str]], Sink]] = {
    ".jsonl.gz": lambda path, names: JsonLines(path, names, _gzipped),
    ".jsonl.zst": lambda path, names: JsonLines(path, names, _zstandard),
    ".jsonl": lambda path, names: JsonLines(path, names, lambda path: path.open("xb")),
    ".csv": Csv,
    ".parquet": _parquet,
    ".xlsx": _workbook,
}
_NEED_ARROW = {".parquet", ".jsonl.zst"}


def sink_for(target: str, *, for_excel: bool = False) -> Callable[[Path, Sequence[str]], Sink]:
    """Return what makes the sink of a target by its ending; a folder gets a file a site and month.

    ``for_excel`` says how CSV is written.

    Raises:
        ValueError: no format has this ending, or it needs a package that is missing.
    """
    if is_markdown(target):
        return MarkdownFiles
    if is_folder(target):
        _arrow()
        return _partitions
    for ending, make in FORMATS.items():
        if target.endswith(ending):
            if ending in _NEED_ARROW:
                _arrow()
            if ending == ".xlsx" and find_spec("xlsxwriter") is None:
                raise ValueError(".xlsx needs the extra: pip install 'newscrawl[export]'")
            return partial(Csv, for_excel=True) if for_excel and make is Csv else make
    raise ValueError(
        f"{target}: no format has this ending; use one of {', '.join(FORMATS)}, or a folder "
        "(with a slash at its end) for Parquet by site and month, or one called ….md/ for Markdown"
    )


def is_markdown(target: str) -> bool:
    """Whether a target is a folder of Markdown files, as the ending of its name says."""
    return is_folder(target) and Path(target).suffix == ".md"


def are_partitions(folder: Path) -> bool:
    """Whether a folder holds nothing but Parquet files that an export wrote."""
    from newscrawl.exporters.parquet import is_ours  # noqa: PLC0415 - imports pyarrow

    return is_ours(folder)


def is_folder(target: str) -> bool:
    return target.endswith("/") or Path(target).is_dir()

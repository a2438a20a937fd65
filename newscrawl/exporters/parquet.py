"""Parquet: typed columns, one file or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import quote

import pyarrow as pa
from pyarrow import parquet

from newscrawl.exporters.selection import MARKDOWN, MONTH, Batch
from newscrawl.exporters.sinks import Sink
from newscrawl.items import Article, compact_json

ROW_GROUP = 2_000
"""Articles of a row group, which is in memory until it is written."""
UNDATED = "undated"
"""What stands in place of the month."""
MARK = {b"newscrawl": b"articles"}
"""Metadata by which a file of ours is told."""

TIMESTAMP = pa.timestamp("us", tz="UTC")
_TYPES: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: TIMESTAMP,
    dict[str, str]: pa.string(),
    list[str]: pa.list_(pa.string()),
    dict[str, Any]: pa.string(),
}


def _type(hint: Any) -> pa.DataType:
    options = [each for each in get_args(hint) if each is not type(None)]
    if hint in _TYPES:
        return _TYPES[hint]
    if type(None) in get_args(hint):
        return _type(options[0])
    parts = get_type_hints(options[0])
    return pa.list_(pa.struct([(name, _type(part)) for name, part in parts.items()]))


_HINTS = get_type_hints(Article)
SCHEMA = pa.schema([(name, _type(hint)) for name, hint in _HINTS.items()])
"""The fields of an article; times are instants, so that the offset of a page is in
``published_raw`` only. Objects without fixed names are JSON text: not all readers know maps."""


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == TIMESTAMP:
        return _times(values)
    if pa.types.is_string(kind) and any(isinstance(each, dict) for each in values):
        values = [compact_json(each) for each in values]
    return pa.array(values, kind)


def _times(values: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string()).cast(TIMESTAMP)
    except pa.ArrowInvalid:  # a historic offset with seconds, which Arrow does not read
        parsed = [each and datetime.fromisoformat(each).astimezone(UTC) for each in values]
        return pa.array(parsed, TIMESTAMP)


def record_batch(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Return columns, with times as ISO 8601 text, in the types of a schema."""
    arrays = [_array(columns[each.name], each.type) for each in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


class Parquet(Sink):
    """One file, compressed by zstd, in row groups of some thousand articles."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        known = SCHEMA.append(pa.field(MARKDOWN, pa.string()))
        self._schema = pa.schema([known.field(name) for name in names], MARK)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []

    def write(self, batch: Batch) -> None:
        self._waiting.append(record_batch(batch.columns, self._schema))
        if sum(map(len, self._waiting)) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(
                pa.Table.from_batches(self._waiting, self._schema), row_group_size=ROW_GROUP * 2
            )
            self._waiting.clear()

    def close(self) -> None:
        self._flush()
        self._writer.close()


class Partitions(Sink):
    """A folder a site with a file a month of publication; each file has all columns.

    No column stands in the names of folders, as Hive has it: some readers take such a column
    for another type than the file's, some cannot read one that is unknown. Batches come in this
    order, so that one file is open at a time.
    """

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._folder = path
        self._names = names
        self._key: tuple[str, str] | None = None
        self._file: Parquet | None = None
        path.mkdir()

    def write(self, batch: Batch) -> None:
        for key, places in _by_partition(batch):
            if key != self._key:
                self.close()
                self._key, self._file = key, self._opened(*key)
            assert self._file is not None
            self._file.write(batch.take(places))

    def _opened(self, site: str, month: str) -> Parquet:
        folder = self._folder / quote(site, safe="")
        folder.mkdir(exist_ok=True)
        return Parquet(folder / f"{quote(month, safe='')}.parquet", self._names)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _by_partition(batch: Batch) -> Iterator[tuple[tuple[str, str], list[int]]]:
    sites, months = batch.columns["site"], batch.columns[MONTH]

    def key(at: int) -> tuple[str, str]:
        return sites[at], months[at] or UNDATED

    for found, places in groupby(range(batch.size), key):
        yield found, [*places]


def is_ours(folder: Path) -> bool:
    """Whether a folder holds nothing but files that :class:`Partitions` wrote."""
    files = [each for each in folder.rglob("*") if not each.is_dir()]
    return bool(files) and all(map(_is_marked, files))


def _is_marked(path: Path) -> bool:
    try:
        found = parquet.read_schema(path).metadata
    except (OSError, pa.ArrowInvalid):
        return False
    return bool(found) and MARK.items() <= found.items()

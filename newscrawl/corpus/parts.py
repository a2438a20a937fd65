"""The part of a shard: its articles as Parquet, with what deduplication asks of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import pyarrow as pa
from pyarrow import compute, parquet

from newscrawl.dedup.shingles import Shingled
from newscrawl.dedup.signatures import article_id
from newscrawl.exporters.parquet import SCHEMA, TIMESTAMP, record_batch
from newscrawl.items import Article, plain, record

ROW_GROUP = 1_000
"""Articles of a row group, which is in memory until it is written."""
READ_AT_ONCE = 1 << 20
SHORT_DIGEST = 16
"""Hex digits of a file's digest in its name: two that differ have two names."""
OWN_COLUMNS = (
    pa.field("page", pa.string()),
    pa.field("captured", TIMESTAMP),
    pa.field("offset", pa.int64()),
    pa.field("sample", pa.list_(pa.int64())),
    pa.field("sampled", pa.int32()),
)
"""Beside the fields of an article: the ``article_id`` of the URL that was fetched; when it was
archived; the byte at which its record begins; and the sampled shingles of its text, with how many
of them any text that has them would sample too."""
PART_SCHEMA = pa.schema([*SCHEMA, *OWN_COLUMNS], {b"newscrawl": b"part"})


class Row(NamedTuple):
    """An article, when it was archived, and where its record begins."""

    article: Article
    captured: datetime
    offset: int


class PartWriter:
    """Writes the rows of a part in row groups; the file is whole once it is closed."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self._writer = parquet.ParquetWriter(path, PART_SCHEMA, compression="zstd")
        self._waiting: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._flush()
        self._writer.close()

    def write(self, row: Row) -> None:
        self.rows += 1
        self._waiting.append(_values(row))  # while the words of its text are still known
        if len(self._waiting) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_batch(_batch(self._waiting), row_group_size=ROW_GROUP)
            self._waiting.clear()


def _values(row: Row) -> dict[str, Any]:
    article, captured, offset = row
    text = Shingled(article.text)
    values = {
        **record(article),
        "page": article_id(article.url),
        "captured": captured,
        "offset": offset,
        "sample": text.sample,
        "sampled": text.sampled,
    }
    return {name: _plain(value) for name, value in values.items()}


def _batch(rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    columns = {name: [row[name] for row in rows] for name in PART_SCHEMA.names}
    return record_batch(columns, PART_SCHEMA)


def _plain(value: Any) -> Any:
    """Return what Arrow can hold: times as text, parts of articles as objects."""
    if isinstance(value, datetime):
        return plain(value)
    if isinstance(value, list) and value and is_dataclass(value[0]):
        return [plain(each) for each in value]
    return value


def without(path: Path, to: Path, pages: frozenset[str]) -> int:
    """Copy a part but for the rows of some pages; return how many rows were left out."""
    left = 0
    with (
        parquet.ParquetFile(path) as file,
        parquet.ParquetWriter(to, PART_SCHEMA, compression="zstd") as writer,
    ):
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            kept = table.filter(compute.invert(compute.is_in(table["page"], pa.array(pages))))
            left += table.num_rows - kept.num_rows
            writer.write_table(kept, row_group_size=ROW_GROUP)
    return left


def rows_in(path: Path) -> int:
    """Return how many rows a part says that it has.

    Raises:
        OSError: it is no part.
    """
    rows: int = parquet.read_metadata(path).num_rows
    return rows


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(READ_AT_ONCE):
            digest.update(data)
    return digest.hexdigest()


def named_by(shard: str, digest: str) -> str:
    """Return the name of a file of a shard's rows."""
    return f"{shard}.{digest[:SHORT_DIGEST]}.parquet"

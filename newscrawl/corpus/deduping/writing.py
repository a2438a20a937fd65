"""The clean dataset: of each part the rows that are articles, and beside them earlier revisions."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyarrow as pa
from pyarrow import compute, parquet

from newscrawl.corpus.deduping.shards import Shard
from newscrawl.corpus.deduping.work import Work
from newscrawl.corpus.parts import PART_SCHEMA, digest_of, named_by
from newscrawl.exporters.parquet import MARK, ROW_GROUP, SCHEMA
from newscrawl.items import compact_json
from newscrawl.store.schema import revisions

WHENCE = (
    pa.field("warc", pa.string()),
    PART_SCHEMA.field("captured"),
    PART_SCHEMA.field("offset"),
)
"""The record that a row was read from."""
ARTICLES = pa.schema([*SCHEMA, *WHENCE], MARK)
_OF_ARTICLE = ("id", "url", "canonical_url", "site")
REVISIONS = pa.schema(
    [*(each for each in SCHEMA if each.name in {*_OF_ARTICLE, *revisions.c.keys()}), *WHENCE],
    {b"newscrawl": b"revisions"},
)
DECISIONS = 20_000
"""Rows that are decided of which we hear at once."""
WAITING = 2
"""Shards per thread whose rows are decided and not yet written."""
_DECIDED = """
SELECT shard, row, true AS is_article, printf('%016x', articles.id) AS id, moved,
    printf('%016x', duplicate_of) AS duplicate_of, duplicate_kind, similarity, revision,
    first_seen, last_seen
FROM articles LEFT JOIN marks USING (rank)
UNION ALL
SELECT captures.shard, captures.row, false, printf('%016x', articles.id), moved,
    NULL, NULL, NULL, captures.revision,
    captures.first_seen, captured
FROM captures JOIN articles USING (page) WHERE fate = 'older'
ORDER BY shard, row
"""
_NOTHING = pa.schema([("row", pa.int64()), ("is_article", pa.bool_())])
"""Of what is decided where no part has a row."""


class Written(NamedTuple):
    """Rows of a shard."""

    articles: int
    revisions: int


def write(work: Work, shards: Sequence[Shard], articles: Path, earlier: Path) -> Iterator[Written]:
    """Write the dataset into two folders, a file a shard in each; yields what each shard has."""
    waiting: deque[Future[Written]] = deque()
    with ThreadPoolExecutor(work.jobs) as pool:
        for shard, decided in _by_shard(work, shards):
            if len(waiting) >= WAITING * work.jobs:
                yield waiting.popleft().result()
            waiting.append(pool.submit(_write_shard, shard, decided, articles, earlier))
        for each in waiting:
            yield each.result()


def _by_shard(work: Work, shards: Sequence[Shard]) -> Iterator[tuple[Shard, pa.Table]]:
    """Yield all shards with what is decided of their rows; of some that is nothing."""
    rest = iter(shards)
    shard, waiting, schema = next(rest, None), list[pa.RecordBatch](), _NOTHING
    for batch in work.stream(_DECIDED, DECISIONS):
        schema = batch.schema
        for number, rows in _runs(batch):
            while shard is not None and shard.number < number:
                yield shard, pa.Table.from_batches(waiting, schema)
                shard, waiting = next(rest, None), []
            waiting.append(rows)
    while shard is not None:
        yield shard, pa.Table.from_batches(waiting, schema)
        shard, waiting = next(rest, None), []


def _runs(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the rows of a batch shard by shard."""
    runs, first = compute.run_end_encode(batch.column("shard")), 0
    for number, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield number, batch.slice(first, end - first)
        first = end


def _write_shard(shard: Shard, decided: pa.Table, articles: Path, earlier: Path) -> Written:
    names = [*SCHEMA.names, "captured", "offset"]
    whole = _Rows(articles, shard, ARTICLES)
    older = _Rows(earlier, shard, REVISIONS)
    first = 0
    with whole, older, parquet.ParquetFile(shard.part) as part:
        for batch in part.iter_batches(ROW_GROUP, columns=names, use_threads=False):
            row = decided.column("row")
            last = first + batch.num_rows
            here = compute.and_(compute.greater_equal(row, first), compute.less(row, last))
            some = decided.filter(here)
            is_article = some.column("is_article")
            for rows, kept in ((whole, is_article), (older, compute.invert(is_article))):
                rows.add(batch, some.filter(kept), first)
            first = last
    return Written(whole.number, older.number)


class _Rows:
    """A file of rows of a part, with what was decided of them in its place.

    It gets its digest into its name: who has listed one result never reads a file of the next
    under a name of the former.
    """

    def __init__(self, folder: Path, shard: Shard, schema: pa.Schema) -> None:
        self.number = 0
        self._schema = schema
        self._shard = shard
        self._path = folder / f"{shard.name}.parquet"
        self._writer = parquet.ParquetWriter(self._path, schema, compression="zstd")
        self._waiting: list[pa.Table] = []

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
        if error is None:
            self._path.rename(
                self._path.with_name(named_by(self._shard.name, digest_of(self._path)))
            )

    def add(self, batch: pa.RecordBatch, decided: pa.Table, first: int) -> None:
        """Take the rows of a batch that are decided; ``first`` is the row with which it begins."""
        if not decided.num_rows:
            return
        taken = pa.Table.from_batches([batch]).take(compute.subtract(decided["row"], first))
        self._waiting.append(
            pa.table([self._column(each, taken, decided) for each in self._schema], self._schema)
        )
        self.number += decided.num_rows
        if sum(table.num_rows for table in self._waiting) >= ROW_GROUP:
            self._flush()

    def _column(self, field: pa.Field, taken: pa.Table, decided: pa.Table) -> pa.ChunkedArray:
        if field.name == "warc":
            return pa.chunked_array([pa.repeat(self._shard.input, taken.num_rows)])
        if field.name in decided.column_names:
            return decided[field.name].cast(field.type)
        if field.name == "canonical_url":
            is_moved = compute.is_valid(decided["moved"])
            return compute.if_else(is_moved, taken["url"], taken["canonical_url"])
        if field.name == "provenance":
            return _provenance(taken["provenance"], decided["moved"])
        return taken[field.name]

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=2 * ROW_GROUP)
            self._waiting.clear()


def _provenance(values: pa.ChunkedArray, moved: pa.ChunkedArray) -> pa.ChunkedArray:
    """Say of those that were moved why their canonical URL is not believed."""
    if moved.null_count == len(moved):
        return values
    told = [
        value if why is None else compact_json({**json.loads(value), "canonical_url": why})
        for value, why in zip(values.to_pylist(), moved.to_pylist(), strict=True)
    ]
    return pa.chunked_array([pa.array(told, pa.string())])

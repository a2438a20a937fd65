"""What is read of the parts: a light row for each article, and the texts of some."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from newscrawl.corpus.deduping.shards import Shard, batches
from newscrawl.corpus.deduping.work import Work, files_of

_ROWS = """
CREATE TABLE rows (
    shard INTEGER, row INTEGER, page UBIGINT, id UBIGINT, canonical_url VARCHAR, url VARCHAR,
    site VARCHAR, published BIGINT, captured BIGINT, content UHUGEINT, revised UHUGEINT,
    sampled INTEGER, place BIGINT
)
"""
"""Times are microseconds since 1970, ids and hashes numbers; ``url`` is null where it is the
canonical one, and ``row`` counts from 0 in its part."""
_PARTS = "read_parquet(?, file_row_number = true, filename = true)"
_READ = f"""
INSERT INTO rows
SELECT shards.number, file_row_number, ('0x' || page)::UBIGINT, ('0x' || id)::UBIGINT,
    canonical_url, nullif(url, canonical_url), site, epoch_us(published), epoch_us(captured),
    ('0x' || content_hash)::UHUGEINT, ('0x' || revision_hash)::UHUGEINT, sampled, "offset"
FROM {_PARTS} AS parts JOIN shards ON shards.part = parse_filename(parts.filename)
"""  # noqa: S608 - no values in it
_TEXTS = f"""
INSERT INTO {{table}}
SELECT wanted.key, text
FROM {_PARTS} AS parts
JOIN shards ON shards.part = parse_filename(parts.filename)
JOIN {{wanted}} AS wanted ON wanted.shard = shards.number AND wanted.row = file_row_number
"""  # noqa: S608 - no values in it
_SHARDS = pa.schema([("number", pa.int32()), ("part", pa.string())])


def read_rows(work: Work, shards: Sequence[Shard]) -> None:
    """Make the tables ``shards`` and ``rows``."""
    work.run("CREATE TABLE shards (number INTEGER, part VARCHAR)")
    work.insert_rows("shards", _SHARDS, ((shard.number, shard.part.name) for shard in shards))
    work.run(_ROWS)
    for some in batches(shards):
        work.run(_READ, [files_of(some)])


def read_texts(work: Work, shards: Sequence[Shard], wanted: str, table: str) -> None:
    """Make a table of texts by ``key`` out of one of wanted rows (``key``, ``shard``, ``row``)."""
    work.run(f"CREATE TABLE {table} (key UBIGINT, text VARCHAR)")
    statement = _TEXTS.format(table=table, wanted=wanted)
    asked = {
        number
        for batch in work.stream(f"SELECT DISTINCT shard FROM {wanted}")  # noqa: S608 - as above
        for number in batch.column(0).to_pylist()
    }
    for some in batches([shard for shard in shards if shard.number in asked]):
        work.run(statement, [files_of(some)])

"""Which contents may be near copies of which: those that share sampled shingles.

The shingles are parted by their values into slices, the pairs by the later one's, so that what is
joined or counted at once fits into the memory, however large the corpus is.
"""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.corpus.deduping.shards import Shard, batches
from newscrawl.corpus.deduping.work import Work, files_of
from newscrawl.dataset.near import COMMON
from newscrawl.dedup.shingles import EXCERPT, MIN_SAMPLED, MIN_SHARED

FIRST = 3
"""Of the contents that hold a common shingle these, by rank, are still compared with the others: so
a story that is told everywhere finds its original, and boilerplate costs few comparisons."""
BYTES = 256
"""Of memory for each shingle of a slice, about five times what it takes while they are joined."""
MAX_SLICES = 128
"""Files that are written at once; where more would be needed, the slices grow and DuckDB spills."""
SHINGLES = 30
"""Sampled shingles of a content, about, by which slices are reckoned."""

_READ = """
COPY (
    SELECT hash(scope, shingle) AS shingle, content, hash(scope, shingle) % {slices} AS slice
    FROM (
        SELECT scope, rank AS content, unnest(sample) AS shingle
        FROM read_parquet(?, file_row_number = true, filename = true) AS parts
        JOIN shards ON shards.part = parse_filename(parts.filename)
        JOIN contents ON contents.shard = shards.number AND contents.row = file_row_number
    )
) TO '{target}/shingles/{number}' (FORMAT parquet, PARTITION_BY (slice))
"""
_LINKS = """
COPY (
    WITH held AS (SELECT shingle, content FROM read_parquet('{folder}/shingles/*/slice={slice}/*')),
    counted AS (SELECT shingle, count(*) AS holders FROM held GROUP BY shingle HAVING count(*) > 1),
    placed AS (
        SELECT shingle, content, holders,
            row_number() OVER (PARTITION BY shingle ORDER BY content) AS place
        FROM held JOIN counted USING (shingle)
    )
    SELECT early.content AS first, late.content AS second, early.holders > {common} AS is_common,
        late.content % {slices} AS slice
    FROM placed AS early JOIN placed AS late USING (shingle)
    WHERE early.place < late.place AND (early.holders <= {common} OR early.place <= {targets})
) TO '{target}/links/{slice}' (FORMAT parquet, PARTITION_BY (slice))
"""
_COUNT = """
INSERT INTO candidates
SELECT first, second, NOT is_near AS is_common
FROM (
    SELECT pairs.*, rare >= {shared} AND rare >= {sampled} * least(a.sampled, b.sampled) AS is_near,
        common > 0 AND rare + common >= greatest({shared}, {excerpt} * least(a.sampled, b.sampled))
            AS is_told_everywhere
    FROM (
        SELECT first, second, count(*) FILTER (NOT is_common) AS rare,
            count(*) FILTER (is_common) AS common
        FROM read_parquet('{folder}/links/*/slice={slice}/*')
        GROUP BY first, second HAVING count(*) >= {shared}
    ) AS pairs
    JOIN contents AS a ON a.rank = first JOIN contents AS b ON b.rank = second
)
WHERE is_near OR is_told_everywhere
"""


def find(work: Work, shards: Sequence[Shard]) -> None:
    """Make ``candidates``: the pairs of contents that are to be compared, by rank.

    ``is_common`` are those that share too little but common shingles.
    """
    work.run(
        "CREATE TABLE contents AS SELECT rank, shard, row, scope, sampled FROM articles"
        " WHERE rank = first"
    )
    work.run("CREATE TABLE candidates (first BIGINT, second BIGINT, is_common BOOLEAN)")
    expected = SHINGLES * work.one("SELECT count(*) FROM contents")
    slices = min(MAX_SLICES, 1 + expected * BYTES // work.memory)
    values = {
        **work.paths,
        "slices": slices,
        "common": COMMON,
        "targets": FIRST,
        "shared": MIN_SHARED,
        "sampled": MIN_SAMPLED,
        "excerpt": EXCERPT,
    }
    work.new_folder("shingles")
    for number, some in enumerate(batches(shards)):
        work.run(_READ.format(number=number, **values), [files_of(some)])
    work.new_folder("links")
    for at in range(slices):
        if work.has(f"shingles/*/slice={at}/*"):
            work.run(_LINKS.format(slice=at, **values))
    work.remove("shingles")
    for at in range(slices):
        if work.has(f"links/*/slice={at}/*"):
            work.run(_COUNT.format(slice=at, **values))
    work.remove("links")

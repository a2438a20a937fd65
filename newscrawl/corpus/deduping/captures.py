"""The captures of one URL over time: repeated records, sights of an unchanged page, revisions."""

from __future__ import annotations

from newscrawl.corpus.deduping.work import Work

REPEATED, UNCHANGED, OLDER, LATEST = "repeated", "unchanged", "older", "latest"

_COLUMNS = "shard, row, page, id, canonical_url, url, site, published, content, sampled"
_SEVERAL = """
CREATE TABLE captures AS
WITH several AS (SELECT page FROM rows GROUP BY page HAVING count(*) > 1),
records AS (
    SELECT rows.*, row_number() OVER (
        PARTITION BY page, captured, revised
        ORDER BY content, canonical_url, url, published, id, shard, place, row
    ) AS copy
    FROM rows SEMI JOIN several USING (page)
),
steps AS (
    SELECT shard, row,
        lag(revised) OVER in_time IS DISTINCT FROM revised AS begins,
        lead(revised) OVER in_time IS DISTINCT FROM revised AS ends,
        lead(page) OVER in_time IS NULL AS is_last,
        first_value(captured) OVER in_time AS first_seen
    FROM records WHERE copy = 1
    WINDOW in_time AS (PARTITION BY page ORDER BY captured, revised)
)
SELECT records.*,
    sum(begins::INTEGER) OVER (PARTITION BY page ORDER BY captured, revised)::BIGINT AS revision,
    first_seen,
    CASE WHEN copy > 1 THEN 'repeated' WHEN is_last THEN 'latest'
        WHEN ends THEN 'older' ELSE 'unchanged' END AS fate
FROM records LEFT JOIN steps USING (shard, row)
"""
"""Two records of one page, moment and revision are one. Of equal revisions in a row the last one
stands for all of them, as the newest that is known does where articles are stored one by one."""
_LATEST = f"""
CREATE TABLE latest AS
SELECT {_COLUMNS}, 1::BIGINT AS revision, captured AS first_seen, captured AS last_seen
FROM rows ANTI JOIN captures USING (page)
UNION ALL
SELECT {_COLUMNS}, revision, first_seen, captured FROM captures WHERE fate = 'latest'
"""  # noqa: S608 - no values in it


def join_captures(work: Work) -> None:
    """Make ``captures`` of the pages that were captured more than once, and ``latest`` of all."""
    work.run(_SEVERAL)
    work.run(_LATEST)
    work.run("DROP TABLE rows")

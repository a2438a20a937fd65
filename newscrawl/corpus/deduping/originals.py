"""Which articles are originals, and of which each of the others is a copy."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.corpus.deduping.comparing import Comparing, Pair
from newscrawl.corpus.deduping.reading import read_texts
from newscrawl.corpus.deduping.shards import Shard
from newscrawl.corpus.deduping.work import Work
from newscrawl.dedup.shingles import EXCERPT, shingled
from newscrawl.outcomes import EXACT, NEAR

_PLACED = """
CREATE TABLE placed AS
SELECT *, row_number() OVER (PARTITION BY second ORDER BY first) AS place FROM candidates
"""
_WANTED = """
CREATE TABLE wanted_contents AS
SELECT rank AS key, shard, row FROM contents
WHERE rank IN (SELECT first FROM candidates UNION SELECT second FROM candidates)
"""
_ASKED = """
SELECT placed.first, placed.second, is_common, a.text AS first_text, b.text AS second_text
FROM placed ANTI JOIN near_copies ON near_copies.second = placed.second
JOIN texts_of_contents AS a ON a.key = placed.first
JOIN texts_of_contents AS b ON b.key = placed.second
WHERE place >= {place} AND place < 2 * {place}
"""
_MARKS = f"""
CREATE TABLE marks AS
WITH near AS (
    SELECT second, min(first) AS original, arg_min(value, first) AS similarity
    FROM near_copies GROUP BY second
), copies AS (
    SELECT rank, coalesce(original, first) AS original, similarity
    FROM articles LEFT JOIN near ON near.second = articles.first
    WHERE original IS NOT NULL OR rank != first
)
SELECT copies.rank, articles.id AS duplicate_of, coalesce(similarity, 1.0) AS similarity,
    CASE WHEN similarity IS NULL THEN '{EXACT}' ELSE '{NEAR}' END AS duplicate_kind
FROM copies JOIN articles ON articles.rank = copies.original
"""  # noqa: S608 - no values in it


def decide(work: Work, shards: Sequence[Shard], comparing: Comparing) -> None:
    """Make ``marks`` of the articles that are copies, by rank.

    The original is the first by rank of an article and its direct matches, so candidates are
    compared from the first one on, in rounds of one, two, four ..., until one is a match.
    """
    work.run(_PLACED)
    work.run(_WANTED)
    read_texts(work, shards, "wanted_contents", "texts_of_contents")
    last, place = work.one("SELECT max(place) FROM placed"), 1
    comparing.prepare("near_copies")
    while place <= last:
        comparing.compare(_ASKED.format(place=place), is_near, "near_copies")
        place *= 2
    work.run("DROP TABLE texts_of_contents")
    work.run(_MARKS)


def is_near(pair: Pair) -> float | None:
    """Return the containment of two texts if one is a copy of the other."""
    first, second = shingled(pair.first_text), shingled(pair.second_text)
    similarity = second.compare(first)
    if pair.is_common and similarity.containment < EXCERPT:
        return None
    return round(similarity.containment, 3) if second.is_copy_of(first, similarity) else None

"""Pages that name the same canonical URL: one of them is the article, the others are copies of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from newscrawl.addresses.address import identity
from newscrawl.corpus.deduping.comparing import Comparing, Pair
from newscrawl.corpus.deduping.reading import read_texts
from newscrawl.corpus.deduping.shards import Shard
from newscrawl.corpus.deduping.work import Work
from newscrawl.dedup.signatures import tells_the_same

OTHER_TEXT, NOT_CANONICAL = "url:other-text", "url:not-canonical"
"""Why a canonical URL is not believed: its text is another one; its page names yet another."""

_NAMED = """
CREATE TABLE named AS
WITH pointing AS (
    SELECT own.page, own.id, own.shard, own.row, coalesce(own.url, own.canonical_url) AS url,
        CASE WHEN there.page IS NULL OR there.id = there.page THEN own.id
            WHEN beyond.page IS NULL OR beyond.id = beyond.page THEN there.id
            ELSE own.page END AS article
    FROM latest AS own
    LEFT JOIN latest AS there ON there.page = own.id
    LEFT JOIN latest AS beyond ON beyond.page = there.id
    WHERE own.page != own.id
)
SELECT page, id, shard, row, url, article FROM pointing
UNION ALL
SELECT page, id, shard, row, coalesce(url, canonical_url), id
FROM latest SEMI JOIN pointing ON pointing.article = latest.page
WHERE latest.page = latest.id
"""
"""The pages that name another one, each with the article that it is one more address of, and the
canonical pages that are there themselves. A page that names a page which names another one is of
that one; where this does not end so, in a circle, it stays what it is."""
_SHARED = """
SELECT article, page, url, article = page AS is_canonical, article = id AS is_named
FROM named WHERE article IN (SELECT article FROM named GROUP BY article HAVING count(*) > 1)
ORDER BY article
"""
_PAIRS = """
CREATE TABLE same_name AS
SELECT named.page AS second, owners.page AS first
FROM named JOIN owners USING (article) WHERE named.page != owners.page
"""
_WANTED = """
CREATE TABLE wanted_names AS
SELECT page AS key, shard, row FROM named
WHERE page IN (SELECT first FROM same_name UNION SELECT second FROM same_name)
"""
_ASKED = """
SELECT first, second, false AS is_common, a.text AS first_text, b.text AS second_text
FROM same_name JOIN texts_of_names AS a ON a.key = first
JOIN texts_of_names AS b ON b.key = second
"""
_TOLD = f"""
CREATE TABLE told AS
WITH judged AS (
    SELECT latest.*, named.article, value AS is_copy, CASE
        WHEN value = 0 THEN '{OTHER_TEXT}'
        WHEN named.article = latest.page AND latest.id != latest.page THEN '{NOT_CANONICAL}'
    END AS moved
    FROM latest LEFT JOIN named USING (page)
    LEFT JOIN same_text ON same_text.second = latest.page
)
SELECT shard, row, page, site, published, content, sampled, revision, first_seen, last_seen, moved,
    CASE WHEN moved IS NULL THEN coalesce(article, id) ELSE page END AS id,
    CASE WHEN moved IS NULL THEN canonical_url ELSE coalesce(url, canonical_url) END
        AS canonical_url
FROM judged WHERE is_copy IS DISTINCT FROM 1
"""  # noqa: S608 - no values in it
_OWNERS = pa.schema([("article", pa.uint64()), ("page", pa.uint64())])


def take_names(work: Work, shards: Sequence[Shard], comparing: Comparing) -> None:
    """Make ``told``: the articles, without pages that are further addresses of one."""
    work.run(_NAMED)
    work.run("CREATE TABLE owners (article UBIGINT, page UBIGINT)")
    work.insert_rows("owners", _OWNERS, _owners(work))
    work.run(_PAIRS)
    work.run(_WANTED)
    read_texts(work, shards, "wanted_names", "texts_of_names")
    comparing.compare(_ASKED, tells_one_story, "same_text")
    work.run("DROP TABLE texts_of_names")
    work.run(_TOLD)


def tells_one_story(pair: Pair) -> float:
    return float(tells_the_same(pair.first_text, pair.second_text))


def _owners(work: Work) -> Iterator[tuple[int, int]]:
    """Yield the articles that several pages name, each with the page that it is.

    The canonical page itself wins; else, of those that name it, the first by identity.
    """
    rows = (row for batch in work.stream(_SHARED) for row in batch.to_pylist())
    for article, pages in groupby(rows, key=itemgetter("article")):
        yield article, min(pages, key=_precedence)["page"]


def _precedence(page: Mapping[str, Any]) -> tuple[bool, bool, str]:
    return not page["is_canonical"], not page["is_named"], identity(page["url"])

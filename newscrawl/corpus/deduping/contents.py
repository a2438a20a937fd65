"""The rank of each article, and the contents: articles in scope whose texts are the same."""

from __future__ import annotations

from newscrawl.corpus.deduping.work import Work
from newscrawl.dataset.near import Scope

_RANKED = """
CREATE TABLE ranked AS
SELECT row_number() OVER (ORDER BY published NULLS LAST, canonical_url, id) AS rank,
    told.* EXCLUDE (published)
FROM told
"""
_ARTICLES = """
CREATE TABLE articles AS
WITH scoped AS (
    SELECT ranked.* EXCLUDE (site), coalesce(scope, 0) AS scope
    FROM ranked LEFT JOIN scopes USING (site)
), contents AS (SELECT scope, content, min(rank) AS first FROM scoped GROUP BY ALL)
SELECT scoped.* EXCLUDE (content), first FROM scoped JOIN contents USING (scope, content)
"""


def rank(work: Work, scope: Scope) -> None:
    """Make ``articles``, each with its ``rank`` and with that of the ``first`` one of its content.

    Ranks begin with 1, in the order of :func:`newscrawl.dataset.originals.rank_of`. A content is
    known by that of its first article.
    """
    work.run(_RANKED)
    work.run("DROP TABLE told")
    numbered = "SELECT site, row_number() OVER (ORDER BY site) AS scope FROM ranked GROUP BY site"
    empty = "" if scope is Scope.SITE else " LIMIT 0"
    work.run(f"CREATE TABLE scopes AS {numbered}{empty}")
    work.run(_ARTICLES)
    work.run("DROP TABLE ranked")

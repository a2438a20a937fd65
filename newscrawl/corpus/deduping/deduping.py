"""Deduplication of a corpus: from the parts of its shards to one clean dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from newscrawl.corpus.building import about_of
from newscrawl.corpus.deduping import candidates, canonical, captures, contents, originals
from newscrawl.corpus.deduping.balance import Balance
from newscrawl.corpus.deduping.comparing import Comparing
from newscrawl.corpus.deduping.describing import describe
from newscrawl.corpus.deduping.reading import read_rows
from newscrawl.corpus.deduping.shards import Shard, check, shards_in
from newscrawl.corpus.deduping.switching import switching
from newscrawl.corpus.deduping.work import Work, working
from newscrawl.corpus.deduping.writing import write
from newscrawl.corpus.layout import ARTICLES, DEDUPED, REVISIONS, Layout
from newscrawl.dataset.near import Scope
from newscrawl.outcomes import CANONICAL, EXACT, NEAR

_FATES = f"""
WITH fates AS (
    SELECT page, fate FROM captures WHERE fate != '{captures.LATEST}'
    UNION ALL
    SELECT page, '{captures.LATEST}' FROM latest
)
SELECT CASE WHEN articles.page IS NULL AND fate != '{captures.REPEATED}' THEN '{CANONICAL}'
    ELSE fate END AS fate, count(*) AS number
FROM fates LEFT JOIN articles USING (page) GROUP BY ALL
"""  # noqa: S608 - no values in it
_KINDS = "SELECT duplicate_kind, count(*) AS number FROM marks GROUP BY duplicate_kind"


def _quiet(_step: str) -> None:
    """Tell nobody."""


class Deduping:
    """Decides which articles are copies, and writes the dataset with all that is said of it.

    What was there before stays until all is written, and goes at once. The same parts give the same bytes, whatever
    ``jobs`` and ``memory`` are; the same records in other shards give the same rows. ``memory`` is
    that of DuckDB, as it writes sizes (``1GB``); processes have some more.
    """

    def __init__(self, layout: Layout, *, scope: Scope, jobs: int, memory: str) -> None:
        self._layout = layout
        self._scope = scope
        self._jobs = jobs
        self._memory = memory

    def run(self, tell: Callable[[str], None] = _quiet) -> Balance:
        """Do it all; ``tell`` is called with the name of each step that begins.

        Raises:
            BadInput: a part is not as it was written.
            ValueError: there is nothing to deduplicate, or ``memory`` is too small.
            NoAccountError: an account cannot be read.
            NotDedupedError: not each row became one thing, or a process was killed again and again.
            OSError: a file cannot be read or written.
        """
        shards = shards_in(self._layout)
        if not shards:
            raise ValueError(f"{self._layout.folder}: no shard has been read yet")
        tell("checking the parts")
        check(shards, self._jobs)
        with switching(self._layout) as folder:
            with working(self._layout.work, memory=self._memory, jobs=self._jobs) as work:
                self._decide(work, shards, tell)
                tell("writing the dataset")
                balance = self._write(work, shards, folder)
            tell("describing the dataset")
            filters = (about_of(self._layout) or {}).get("filters", {})
            describe(folder, filters, memory=self._memory, jobs=self._jobs)
        return balance

    def _decide(self, work: Work, shards: list[Shard], tell: Callable[[str], None]) -> None:
        tell("reading the parts")
        read_rows(work, shards)
        captures.join_captures(work)
        with Comparing(work) as comparing:
            tell("comparing pages of one canonical URL")
            canonical.take_names(work, shards, comparing)
            contents.rank(work, self._scope)
            tell("looking for texts that share shingles")
            candidates.find(work, shards)
            tell("comparing texts")
            originals.decide(work, shards, comparing)

    def _write(self, work: Work, shards: list[Shard], result: Path) -> Balance:
        folders = [result / ARTICLES, result / REVISIONS]
        for folder in folders:
            folder.mkdir()
        written = Counter[str]()
        for number in write(work, shards, *folders):
            written.update(number._asdict())
        balance = self._balance(work, shards, written)
        balance.check()
        (result / DEDUPED).write_text(balance.to_json(), encoding="utf-8")
        return balance

    def _balance(self, work: Work, shards: list[Shard], written: Counter[str]) -> Balance:
        kinds = {row["duplicate_kind"]: row["number"] for row in work.rows(_KINDS)}
        fates = {row["fate"]: row["number"] for row in work.rows(_FATES)}
        exact, near = kinds.get(EXACT, 0), kinds.get(NEAR, 0)
        return Balance(
            scope=str(self._scope),
            shards=len(shards),
            rows=sum(shard.rows for shard in shards),
            originals=written["articles"] - exact - near,
            exact=exact,
            near=near,
            canonical=fates.get(CANONICAL, 0),
            revisions=written["revisions"],
            unchanged=fates.get(captures.UNCHANGED, 0),
            repeated=fates.get(captures.REPEATED, 0),
        )

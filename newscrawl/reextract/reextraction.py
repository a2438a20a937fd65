"""Archived pages read again: what that would change, or the change itself."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from newscrawl import __version__
from newscrawl.addresses.address import identity
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.renaming import move_article
from newscrawl.frontier import fencing, lease, runs, visits
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.runs import REEXTRACT, end_run
from newscrawl.items import Article
from newscrawl.outcomes import CANONICAL, Outcome
from newscrawl.reextract.changes import RENEWABLE, Changes, renewed
from newscrawl.reextract.finding import Finding, Found
from newscrawl.reextract.sources import Counted, Source, Wanted
from newscrawl.store.database import reading
from newscrawl.zones import zone_named

AT_ONCE = 50
"""Pages of one transaction, whose articles are read before it begins."""
LONGEST = 10.0
"""Seconds of reading after which a transaction begins in any case: the lease must be renewed."""
OLDER = "Older"
"""Why an article was left as it is: it was stored from a later answer than the archived one."""


class Again(NamedTuple):
    """A page read again."""

    wanted: Wanted
    found: Found

    @property
    def article(self) -> Article | None:
        return self.found.read.article


@dataclass
class ReextractionResult:
    """What came of the pages.

    ``left`` are articles whose page no longer reads as one, ``unstored`` new ones that were not
    asked for.
    """

    counts: Counted = field(default_factory=Counter)
    changes: Changes = field(default_factory=Changes)
    left: list[str] = field(default_factory=list)
    unstored: int = 0
    pages: int = 0


class Reextraction:
    """Reads the pages of a source again, site by site.

    An article that is stored is renewed in place, never revised; what is not stored is stored as
    a crawl would. With ``names`` only these fields may change, and nothing new is stored. Dates
    without an offset are read in ``zone``, else in the one that the site was crawled with.
    """

    def __init__(
        self,
        engine: Engine,
        source: Source,
        finding: Finding,
        store: Callable[[], ArticleStore],
        names: Collection[str] = (),
        zone: tzinfo | None = None,
    ) -> None:
        self._engine = engine
        self._source = source
        self._finding = finding
        self._store = store
        self._names = names
        self._zone = zone
        self._zones: dict[str, tzinfo | None] = {}
        self.told = ReextractionResult(counts=source.counts)

    def compare(self) -> Iterator[int]:
        """See what would change and write nothing; yields the number of pages so far."""
        store = self._store()
        for site in self._source.sites():
            for some in self._batches(site):
                with reading(self._engine) as connection:
                    for again in some:
                        self._compare(connection, store, again)
                yield self.told.pages

    def apply(self, arguments: dict[str, object], policy: RevisitPolicy) -> Iterator[int]:
        """Store what is read, as a run of its own; yields the number of pages so far.

        Raises:
            SiteLocked: another run holds one of the sites.
            ValueError: the log of a site cannot be written, or ``scrapy dedupe`` has to be run.
        """
        sites = self._source.sites()
        with self._engine.begin() as connection:
            begun = runs.begin_run(
                connection,
                spider=REEXTRACT,
                sites=sites,
                arguments=arguments,
                version=__version__,
                policy=policy,
            )
        reason = "failed"
        try:
            for site in sites:
                yield from self._apply_site(site, begun.run, sites)
            reason = "finished"
        finally:
            with self._group(begun.run, sites) as connection:
                end_run(connection, begun.run, reason)

    @contextmanager
    def _group(self, run: int, sites: Collection[str]) -> Iterator[Connection]:
        """Begin a transaction of a run that still has its sites.

        Raises:
            LeaseLost: another run has closed this one.
        """
        with self._engine.begin() as connection:
            fencing.begin_group(connection, run)
            lease.renew(connection, list(sites), run)
            yield connection

    def _apply_site(self, site: str, run: int, sites: Collection[str]) -> Iterator[int]:
        store = self._store()
        store.run = run
        try:
            with self._group(run, sites) as connection:
                store.check(connection)
                store.open_log(connection, site)
            for some in self._batches(site):
                with self._group(run, sites) as connection:
                    same = [key for again in some if (key := self._apply(connection, store, again))]
                    store.read_again(connection, same)
                    fencing.confirm(connection)
                    store.before_commit(connection)
                yield self.told.pages
            with self._group(run, sites) as connection:
                store.tell_ways(connection, site, self._source.ways(site))
                fencing.confirm(connection)
                store.before_commit(connection)
        finally:
            store.close()

    def _batches(self, site: str) -> Iterator[list[Again]]:
        """Yield pages read again, as many as go into one transaction."""
        pages = self._pages(site)
        while some := self._batch(pages):
            self.told.pages += len(some)
            yield some

    def _batch(self, pages: Iterator[Again]) -> list[Again]:
        some: list[Again] = []
        begun = time.monotonic()
        for again in islice(pages, AT_ONCE):
            some.append(again)
            if time.monotonic() - begun > LONGEST:
                break
        return some

    def _pages(self, site: str) -> Iterator[Again]:
        moves = self._source.moves(site)
        for wanted, found in self._finding.found(site, self._zone_of(site)):
            article = found.read.article
            while article is not None and (move := moves.get(article.site)) is not None:
                move_article(article, move)
            yield Again(wanted, found)

    def _zone_of(self, site: str) -> tzinfo | None:
        """Return the zone that was asked for, else the one that the site was last crawled with."""
        if self._zone is not None:
            return self._zone
        if site not in self._zones:
            with reading(self._engine) as connection:
                name = runs.last_timezone(connection, site)
            self._zones[site] = zone_named(name) if name else None
        return self._zones[site]

    def _compare(self, connection: Connection, store: ArticleStore, again: Again) -> None:
        known = store.seen_at(connection, again.wanted.identity)
        if self._is_new(known, again):
            self.told.counts[Outcome.ARTICLE if known is None else Outcome.REVISION, None] += 1
            return
        after = self._renewed(known, again)
        if known is not None and after is not None:
            self.told.changes.add(known, after)

    def _apply(self, connection: Connection, store: ArticleStore, again: Again) -> str | None:
        """Store a page; returns the id of an article that is as it was."""
        known = store.seen_at(connection, again.wanted.identity)
        if self._is_new(known, again):
            self._store_new(connection, store, again)
            return None
        after = self._renewed(known, again)
        if known is None or after is None:
            return None
        if self.told.changes.add(known, after):
            store.renew(connection, after)
            return None
        return known.id

    def _is_new(self, known: Article | None, again: Again) -> bool:
        """Whether a page is to be stored as a crawl would: nothing newer is known of it.

        What the ledger was stored from is never newer than what it has stored.
        """
        if again.article is None or self._names:
            return False
        if known is None:
            return True
        if again.wanted.is_own or known.last_seen is None:
            return False
        at = again.found.at
        return at > known.last_seen if _is_of(known, again) else at >= known.last_seen

    def _renewed(self, known: Article | None, again: Again) -> Article | None:
        """Count what a page is now; return the article that it makes of its own stored one."""
        counts, article = self.told.counts, again.article
        if article is None:
            read = again.found.read
            counts[read.outcome or Outcome.PAGE, read.reason] += 1
            if known is not None and _is_of(known, again):
                self.told.left.append(known.url)
        elif known is None:
            self.told.unstored += 1
        elif not _is_of(known, again):
            counts[Outcome.DUPLICATE, CANONICAL] += 1
        elif not again.wanted.is_own and known.last_seen and again.found.at < known.last_seen:
            counts[Outcome.UNCHANGED, OLDER] += 1
        else:
            counts[Outcome.UNCHANGED, None] += 1
            return renewed(known, article, self._names or RENEWABLE)
        return None

    def _store_new(self, connection: Connection, store: ArticleStore, again: Again) -> None:
        assert again.article is not None
        stored = store.store(connection, again.article, seen=again.found.at)
        self.told.counts[stored.outcome, stored.kind] += 1
        if stored.outcome is not Outcome.REJECTED:
            visits.has_become(
                connection, again.wanted.identity, stored.outcome, stored.kind, stored.article_id
            )


def _is_of(article: Article, again: Again) -> bool:
    """Whether an article is the page's own, not one that it only points to."""
    return identity(article.url) == again.wanted.identity

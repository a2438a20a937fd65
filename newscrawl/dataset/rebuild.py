"""Deciding again about all that is stored: which articles are copies, by the present settings."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from newscrawl import __version__
from newscrawl.dataset.articles import ArticleStore
from newscrawl.frontier import lease
from newscrawl.frontier.runs import DEDUPE, begin_upkeep, end_run
from newscrawl.store.schema import articles, leases, logs, rebuilds

CHUNK = 500
"""Articles of one transaction."""
_TEXTS = (articles.c.id, articles.c.site, articles.c.content_hash, articles.c.text)


class Progress(NamedTuple):
    """``indexed`` articles of ``total``, then ``decided`` ones; ``changed`` are their marks."""

    total: int
    indexed: int
    decided: int
    changed: int


class Rebuild:
    """Rebuilds the index of near-duplicates, then the marks, in one pass over the articles each.

    Each transaction notes how far it came: a rebuild that was interrupted goes on there.
    No crawl starts before it is done. It is a run, which holds the leases of all sites.
    """

    def __init__(self, engine: Engine, store: ArticleStore) -> None:
        self._engine = engine
        self._store = store
        self._scope = str(store.originals.index.scope)
        self._sites: Sequence[str] = ()

    def run(self) -> Generator[Progress]:
        """Yield the progress after each transaction.

        Raises:
            SiteLocked: a run is crawling one of the sites.
            LeaseLost: another process took the sites over, since this one slept.
        """
        with self._engine.begin() as connection:
            self._begin_run(connection)
            self._begin(connection)
            total = connection.execute(select(func.count()).select_from(articles)).scalar_one()
            for site in connection.execute(select(logs.c.site).distinct()).scalars().all():
                self._store.open_log(connection, site)
        reason = "failed"
        try:
            yield from self._steps(Progress(total, 0, 0, 0))
            reason = "finished"
        finally:
            with self._engine.begin() as connection:
                end_run(connection, self._store.run, reason)

    def _begin_run(self, connection: Connection) -> None:
        sites = {*connection.execute(select(leases.c.site)).scalars()}
        for table in (articles, logs):
            sites.update(connection.execute(select(table.c.site).distinct()).scalars())
        self._sites = sorted(sites)
        self._store.run = begin_upkeep(
            connection, spider=DEDUPE, sites=self._sites, version=__version__
        )

    def _steps(self, progress: Progress) -> Iterator[Progress]:
        while True:
            with self._engine.begin() as connection:
                lease.renew(connection, self._sites, self._store.run)
                state = connection.execute(select(rebuilds)).mappings().one_or_none()
                if state is None:
                    return
                progress = self._step(connection, state, progress)
            yield progress

    def _begin(self, connection: Connection) -> None:
        present = connection.execute(select(rebuilds.c.scope)).scalar()
        if present == self._scope:
            return
        connection.execute(delete(rebuilds))
        self._store.originals.index.clear(connection)
        connection.execute(
            insert(rebuilds).values(id=1, scope=self._scope, indexed=False, after="")
        )

    def _step(self, connection: Connection, state: RowMapping, progress: Progress) -> Progress:
        columns = (articles.c.id,) if state["indexed"] else _TEXTS
        rows = connection.execute(
            select(*columns)
            .where(articles.c.id > state["after"])
            .order_by(articles.c.id)
            .limit(CHUNK)
        ).all()
        if not rows:
            return self._end_of_pass(connection, state, progress)
        if state["indexed"]:
            changed = self._store.decide_anew(connection, [row.id for row in rows])
            progress = progress._replace(
                decided=progress.decided + len(rows), changed=progress.changed + changed
            )
        else:
            for row in rows:
                self._store.originals.index_again(connection, row.site, row.content_hash, row.text)
            progress = progress._replace(indexed=progress.indexed + len(rows))
        connection.execute(update(rebuilds).values(after=rows[-1].id))
        self._store.before_commit(connection)
        return progress

    def _end_of_pass(
        self, connection: Connection, state: RowMapping, progress: Progress
    ) -> Progress:
        if state["indexed"]:
            connection.execute(delete(rebuilds))
        else:
            connection.execute(update(rebuilds).values(indexed=True, after=""))
        return progress

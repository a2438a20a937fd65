"""Deciding again about all that is stored: which articles are copies, by the present settings."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.frontier import lease
from newscrawl.store.schema import articles, leases, logs, rebuilds, runs

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
    No crawl starts before it is done.
    """

    def __init__(self, engine: Engine, store: ArticleStore) -> None:
        self._engine = engine
        self._store = store
        self._scope = str(store.originals.index.scope)

    def run(self) -> Generator[Progress]:
        """Yield the progress after each transaction.

        Raises:
            SiteLocked: a run is crawling one of the sites.
        """
        with self._engine.begin() as connection:
            lease.holders(connection, connection.execute(select(leases.c.site)).scalars().all())
            self._begin(connection)
            total = connection.execute(select(func.count()).select_from(articles)).scalar_one()
            latest = connection.execute(select(func.max(runs.c.id))).scalar() or 0
            self._store.run = latest + 1
            for site in connection.execute(select(logs.c.site).distinct()).scalars().all():
                self._store.open_log(connection, site)
        progress = Progress(total, 0, 0, 0)
        while True:
            with self._engine.begin() as connection:
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

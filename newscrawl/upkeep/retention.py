"""Retention: visits and earlier revisions that are kept no longer; and the space they took."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, select, text

from newscrawl.frontier import lease
from newscrawl.store.database import reading
from newscrawl.store.schema import articles, leases, revisions, runs, visits

RUNS_KEPT = 20
"""Last ended runs of each site whose visits stay in any case: monitors compare runs with these."""


def refuse_beside_runs(connection: Connection) -> None:
    """See that no run is at work, which would wait for its database too long.

    PostgreSQL has no need of it.

    Raises:
        SiteLocked: one is.
    """
    if connection.dialect.name == "sqlite":
        sites = connection.execute(select(leases.c.site)).scalars().all()
        lease.holders(connection, sites)


def remove_visits(engine: Engine, days: float) -> int:
    """Remove visits of runs that ended more than so many days ago; return how many.

    The last visit to each page stays, and so do all visits of the last runs of each site.
    What a run came to by outcome is kept with the run, so its accounts still balance.
    """
    before = datetime.now(UTC) - timedelta(days=days)
    with engine.begin() as connection:
        old = _ended(connection, before)
    removed = 0
    later = visits.alias()
    is_not_last = select(later.c.id).where(later.c.page == visits.c.page, later.c.id > visits.c.id)
    for run in old:
        with engine.begin() as connection:
            removed += connection.execute(
                delete(visits).where(visits.c.run == run, is_not_last.exists())
            ).rowcount
    return removed


def _ended(connection: Connection, before: datetime) -> list[int]:
    """Return the runs that ended before a time, the last ones of each site left out."""
    of_site: Counter[str] = Counter()
    old = []
    query = select(runs.c.id, runs.c.sites, runs.c.finished, runs.c.outcomes)
    for run in connection.execute(
        query.where(runs.c.finished.is_not(None)).order_by(runs.c.id.desc())
    ):
        is_kept = any(of_site[site] < RUNS_KEPT for site in run.sites)
        of_site.update(run.sites)
        if not is_kept and run.finished < before and run.outcomes is not None:
            old.append(run.id)
    return old


def remove_revisions(engine: Engine, kept: int) -> int:
    """Remove all but the last ``kept`` earlier revisions of each article; return how many."""
    latest = (
        select(articles.c.revision).where(articles.c.id == revisions.c.article_id).scalar_subquery()
    )
    with engine.begin() as connection:
        return connection.execute(
            delete(revisions).where(revisions.c.revision < latest - kept)
        ).rowcount


def size_of(engine: Engine) -> int:
    """Return the size of the database in bytes."""
    with reading(engine) as connection:
        if connection.dialect.name == "sqlite":
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
            return int(pages * size)
        return int(
            connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one()
        )


def give_back_space(engine: Engine) -> None:
    """Let the database give back the space of what was removed.

    SQLite rewrites its file, which takes its size once more meanwhile.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("VACUUM")
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("VACUUM (ANALYZE)"))

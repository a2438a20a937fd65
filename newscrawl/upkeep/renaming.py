"""A site that has moved to another domain: all that is known of it is known under the new one.

The ledger has the new addresses, the articles keep their ids and are known by their old names
too, and each has a new line in the log. All in one transaction: after a kill it has happened
or not, and what was written to the log meanwhile is cut off by whoever opens it next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import IntegrityError

from newscrawl import __version__
from newscrawl.addresses.moves import Move
from newscrawl.dataset import renaming as dataset
from newscrawl.dataset.logs import LogPath, SiteLog
from newscrawl.frontier import lease, runs
from newscrawl.frontier import renaming as ledger
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.store.schema import articles, logs, pages, rebuilds


@dataclass(slots=True)
class Renamed:
    """How much of a site is under its new name."""

    pages: int = 0
    articles: int = 0
    aliases: int = 0


class CannotRename(ValueError):  # noqa: N818 - the words of the message
    """A site cannot have the name that was asked for."""


class Renaming:
    """``log`` is where the setting wants the logs; an empty template goes on in the open part."""

    def __init__(self, engine: Engine, move: Move, log: LogPath, policy: RevisitPolicy) -> None:
        self._engine = engine
        self._move = move
        self._path = log
        self._policy = policy
        self._told = Renamed()

    def preview(self) -> Renamed:
        """See what would be renamed, and write nothing.

        Raises:
            SiteLocked, CannotRename, NoPlaceError: as ``run`` does.
        """
        with self._engine.connect() as connection, connection.begin() as transaction:
            self._refuse(connection)
            for _ in self._rename(connection, 0, None):
                pass
            transaction.rollback()
        return self._told

    def run(self, *, sync: bool = True) -> Renamed:
        """Rename the site.

        Raises:
            SiteLocked: a run is crawling it, or ``scrapy dedupe`` is at work.
            CannotRename: the new name has pages of its own, or two pages would be one.
            NoPlaceError: a subdomain has no place at the new name.
            ValueError: the log cannot go on.
            OSError: it cannot be written.
        """
        with self._engine.begin() as connection:
            self._refuse(connection)
            target = dataset.begin_log(connection, self._move, self._path)
        with self._engine.begin() as connection:
            self._refuse(connection)
            run = self._begin(connection)
            log = dataset.move_log(connection, self._move, self._path, target, sync=sync)
            with _closing(log):
                for _ in self._rename(connection, run, log):
                    if log is not None:
                        log.before_commit(connection)
                runs.end_run(connection, run, "finished")
        return self._told

    def _refuse(self, connection: Connection) -> None:
        move = self._move
        if move.site == move.old:
            raise CannotRename(f"{move.old} has that name already")
        lease.holders(connection, [move.old, move.site])
        if connection.execute(select(rebuilds.c.id)).first() is not None:
            raise SiteLocked(
                "newscrawl dedupe is at work, or was interrupted and has to be run again"
            )
        own = {
            "pages": select(func.count()).where(pages.c.site == move.site),
            "articles": select(func.count()).where(articles.c.site == move.site),
            "bytes of a log": select(func.sum(logs.c.length)).where(logs.c.site == move.site),
        }
        found = {what: connection.execute(query).scalar() or 0 for what, query in own.items()}
        told = ", ".join(f"{number:,} {what}" for what, number in found.items() if number)
        if told:
            raise CannotRename(
                f"{move.site} is known already, with {told} of its own; two sites are not merged"
            )

    def _begin(self, connection: Connection) -> int:
        move = self._move
        return runs.begin_run(
            connection,
            spider=runs.RENAME,
            sites=[move.old, move.site],
            arguments={"old": move.old, "new": move.new},
            version=__version__,
            policy=self._policy,
        ).run

    def _rename(self, connection: Connection, run: int, log: SiteLog | None) -> Iterator[None]:
        """Change all rows; yields when there are lines to be written."""
        move, told = self._move, self._told
        try:
            for number in ledger.move_pages(connection, move):
                told.pages += number
        except IntegrityError:
            raise CannotRename(f"two pages of {move.old} would have one address") from None
        tell = (lambda _: None) if log is None else log.append
        for number in dataset.move_articles(connection, move, run, tell):
            told.articles += number
            yield
        told.aliases = dataset.add_aliases(connection, move)
        dataset.move_index(connection, move)
        ledger.move_runs(connection, move)
        ledger.copy_limits(connection, move)


@contextmanager
def _closing(log: SiteLog | None) -> Iterator[None]:
    try:
        yield
    finally:
        if log is not None:
            log.close()

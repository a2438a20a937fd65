"""Opening a run and ending it: its lease, its database, its logs and its archive.

Nothing here knows of the reactor: all of it may wait for disks and servers.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from newscrawl import __version__
from newscrawl.addresses.captures import CAPTURE
from newscrawl.addresses.moves import Move
from newscrawl.archive.parts import recover
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import scope_of
from newscrawl.frontier import claims, hosts, lease, queueing, renaming, rows, runs
from newscrawl.frontier.hosts import HostLimits
from newscrawl.frontier.journal import Files, RunJournal
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.runs import Begun
from newscrawl.history.accounts import Account, Articles, Told, account_of, stored_of
from newscrawl.search import index
from newscrawl.search.index import State
from newscrawl.session.settings import SessionSettings
from newscrawl.store.database import connect, migrate, reading, revision_of
from newscrawl.store.faults import LOCKED_BY_OTHERS, is_locked
from newscrawl.store.outputs import sweep_quietly

if TYPE_CHECKING:
    from scrapy import Spider

    from newscrawl.archive.archive import Archive

logger = logging.getLogger(__name__)

CLOUD_JOB = "SHUB_JOBKEY"
"""The variable in which Scrapy Cloud names a job, as ``PROJECT/SPIDER/JOB``."""


class Plan(NamedTuple):
    """What a run is to crawl; rows of a kind that is ``left_out`` stay queued."""

    spider: str
    sites: Sequence[str] = ()
    arguments: Mapping[str, Any] = {}
    left_out: frozenset[str] = frozenset()
    starts_only: bool = False
    """Whether no link is followed from the start URLs."""
    is_replayed: bool = False
    """Whether the sites are read out of an archive."""
    job: str | None = None
    """What the service that started the run calls it."""

    @property
    def not_visited(self) -> frozenset[str]:
        """The kinds of rows that stay as they are; captures do where no archive is read."""
        return self.left_out if self.is_replayed else self.left_out | {CAPTURE}

    @classmethod
    def of(cls, spider: Spider) -> Self:
        return cls(
            spider=spider.name,
            sites=sorted(getattr(spider, "sites", ())),
            arguments=getattr(spider, "arguments", {}),
            left_out=getattr(spider, "left_out", frozenset()),
            is_replayed=bool(getattr(spider, "replayed_from", "")),
            starts_only=getattr(spider, "max_depth", None) == 0,
            job=_job_of(spider),
        )


def _job_of(spider: Spider) -> str | None:
    """Return the id of a job: scrapyd passes an argument, Scrapy Cloud an environment variable."""
    job = getattr(spider, "_job", None) or os.environ.get(CLOUD_JOB)
    return str(job).encode(errors="replace").decode() if job else None


class Before(NamedTuple):
    """What the database knew when the run had begun.

    ``alike`` are the runs that read pages as this one does, ``queued`` is the number of rows that
    waited, ``sources_read`` has the kinds of sources that named pages before the run was cut off
    with which this one goes on, and ``stored`` is what there was of each site. ``moved`` are the
    moves that led to these sites.
    """

    alike: frozenset[int]
    sources_read: frozenset[str]
    queued: int
    stored: dict[str, Articles]
    limits: dict[str, HostLimits]
    moved: dict[str, Move]

    @property
    def stored_of_all(self) -> Articles:
        return Articles(*map(sum, zip(*self.stored.values(), strict=True)))


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that holds the lease of its sites, with all that is open for it."""

    plan: Plan
    begun: Begun
    before: Before
    engine: Engine
    articles: ArticleStore
    archive: Archive | None

    @property
    def journal(self) -> RunJournal:
        files: list[Files] = [self.articles]
        if self.archive is not None:
            files.append(self.archive)
        return RunJournal(self.begun.run, files)

    def end(self, connection: Connection, reason: str, told: Told, *, peak_rss_mb: int) -> Account:
        """Finish and close the run, and return its account.

        All of it is one operation: once the run is closed it may begin no group of changes.
        """
        run, sites = self.begun.run, self.plan.sites
        claims.release_rest(connection, run, sites)
        self.articles.tell_strongest_ways(connection, sites, self.begun.unfinished)
        if self.archive is not None:
            self.archive.seal(connection, self.begun.unfinished)
        runs.end_run(connection, run, reason, peak_rss_mb=peak_rss_mb)
        return account_of(connection, run, sites, told)

    def close(self) -> None:
        """Close files and connections, after the last operation."""
        self.articles.close()
        if self.archive is not None:
            self.archive.close()
        self.engine.dispose()


def open_run(plan: Plan, settings: SessionSettings) -> OpenRun:
    """Open the database, begin a run and open its files.

    Raises:
        SiteLocked: a living run holds one of the sites, or another process has locked the database.
        SQLAlchemyError: the database cannot be opened.
        OSError: a file cannot be written.
        ValueError: a setting is wrong, or ``scrapy dedupe`` has to be run first.
    """
    engine = connect(settings.database_url, synchronous=settings.synchronous, waits=settings.waits)
    articles = ArticleStore(
        settings.jsonl,
        sync=settings.syncs,
        max_bytes=settings.jsonl_max_bytes,
        scope=scope_of(settings.dedupe_scope),
    )
    try:
        migrate(engine)
        sweep_quietly(engine)
        _index(engine, wanted=settings.search)
        return _begin(engine, articles, plan, settings)
    except BaseException as error:
        why = _locked_by(engine, plan.sites) if is_locked(error) else ""
        articles.close()
        engine.dispose()
        if why:
            raise SiteLocked(why) from error
        raise


def _index(engine: Engine, *, wanted: bool) -> None:
    state = index.prepare(engine, wanted=wanted)
    if wanted and state is not State.WHOLE:
        logger.warning("Search: %s", state.value)


def _locked_by(engine: Engine, sites: Sequence[str]) -> str:
    """Return why a database is locked, as far as can be read in it."""
    told = LOCKED_BY_OTHERS
    try:
        with reading(engine) as connection:
            who = lease.who_stands_still(connection) if revision_of(connection) else ""
            holder = who or lease.at_work_on(connection, sites)
    except SQLAlchemyError:
        return told
    return f"{told}; {holder}" if holder else told


def _begin(
    engine: Engine, articles: ArticleStore, plan: Plan, settings: SessionSettings
) -> OpenRun:
    with engine.begin() as connection:
        articles.check(connection)
        begun = runs.begin_run(
            connection,
            spider=plan.spider,
            sites=plan.sites,
            arguments=dict(plan.arguments),
            version=__version__,
            policy=settings.revisits,
            job=plan.job,
        )
        before = _before(connection, plan, begun, settings.max_revisits)
        articles.run = begun.run
        for site in plan.sites:
            articles.open_log(connection, site)
        archive = _open_archive(connection, begun.run, plan.sites, settings)
    return OpenRun(plan, begun, before, engine, articles, archive)


def _before(connection: Connection, plan: Plan, begun: Begun, max_revisits: int) -> Before:
    """Queue what is due, unless a walk goes on; return what is known then."""
    alike = runs.runs_alike(
        connection, spider=plan.spider, arguments=dict(plan.arguments), version=__version__
    )
    sources_read: frozenset[str] = frozenset()
    if begun.resumed:
        sources_read = rows.sources_read(connection, plan.sites)
    else:
        queueing.queue_due(connection, plan.sites, max_revisits, without=plan.not_visited)
    return Before(
        alike=alike,
        sources_read=sources_read,
        queued=queueing.queued(connection, plan.sites),
        stored={site: stored_of(connection, [site]) for site in plan.sites},
        limits=hosts.limits_of_hosts(connection),
        moved=renaming.moves_to(connection, plan.sites),
    )


def _open_archive(
    connection: Connection, run: int, sites: Sequence[str], settings: SessionSettings
) -> Archive | None:
    recover(connection, sites)
    if not settings.archive:
        return None
    from newscrawl.archive.archive import Archive  # noqa: PLC0415 - WARC costs 50 ms to load

    archive = Archive(
        settings.archive,
        max_bytes=settings.archive_max_bytes,
        sync=settings.syncs,
        run=run,
        sites=sites,
    )
    archive.open(connection)
    return archive

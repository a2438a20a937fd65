"""The ledger as Scrapy's scheduler."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler, Scheduler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from newscrawl import __version__
from newscrawl.addresses.shapes import Shapes
from newscrawl.addresses.traps import trap
from newscrawl.addresses.urls import site_of
from newscrawl.archive.parts import recover
from newscrawl.dataset.articles import ArticleStore, Stored
from newscrawl.dataset.near import scope_of
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.failures import outcome_of
from newscrawl.frontier import claims, hosts, lease, queueing, rows, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.hosts import Wish
from newscrawl.frontier.journal import Files, RunJournal
from newscrawl.frontier.lease import HEARTBEAT_SECONDS, SiteLocked
from newscrawl.frontier.rescue import Rescue
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found, Row, found_at, names_known, sources_read
from newscrawl.frontier.runs import NOTHING_READ, begin_run, end_run, runs_alike
from newscrawl.frontier.visits import Visit, release_visit
from newscrawl.history.accounts import (
    Account,
    Ahead,
    Articles,
    Told,
    account_of,
    ahead_of,
    stored_of,
)
from newscrawl.items import Article
from newscrawl.outcomes import (
    CANONICAL,
    HostWaits,
    NotStored,
    Outcome,
    Redirected,
    RobotsUnreachable,
    RunEnds,
    Unstorable,
)
from newscrawl.store.database import connect, migrate
from newscrawl.store.faults import patiently
from newscrawl.store.process import peak_memory
from newscrawl.store.writer import Operation, Writer
from newscrawl.verdict.reach import Reach

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from newscrawl.archive.archive import Archive

FINISHED_AT_ONCE = 8
FLUSH_SECONDS = 0.05
IDLE = frozenset({Outcome.LISTING, Outcome.PAGE})
ARTICLES = frozenset(
    {Outcome.ARTICLE, Outcome.REVISION, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.REJECTED}
)
TO_ARTICLES = frozenset({LinkKind.ARTICLE, LinkKind.RELATED, LinkKind.PREVNEXT})
REPEATING = frozenset({LinkKind.TAG, LinkKind.AUTHOR})

logger = logging.getLogger(__name__)

T = TypeVar("T")


def ledger_of(crawler: Crawler) -> LedgerScheduler | None:
    """Return the crawl's scheduler where it keeps a ledger.

    Scrapy's ``BaseScheduler`` counts every scheduler as an instance of its
    subclasses, so ``isinstance`` cannot tell.
    """
    scheduler = crawler.engine.scheduler
    if LedgerScheduler in type(scheduler).__mro__:
        return cast(LedgerScheduler, scheduler)
    return None


class LedgerScheduler(BaseScheduler):
    """Hands out the rows of the ledger as requests and takes back what became of them.

    Only a window of claimed rows is in memory. No method does I/O on the
    reactor's thread or raises: they answer from counters, the writer follows.
    Requests that newscrawl did not make go to Scrapy's own scheduler inside.

    ``spider.sites`` names the sites of a run; a spider without it uses the
    inner scheduler alone. ``spider.left_out`` may name kinds of rows to be left queued.
    ``queued`` is how many rows wait, as far as the writer has answered; ``wishes`` is what
    hosts asked for in earlier runs. ``spider.shapes`` learns what became of which URLs;
    ``spider.sources_read`` is told the kinds of sources that named pages before the run was cut
    off with which this one goes on. ``reach`` hears whether anything could be read. When the run
    is closed ``account`` is what it came to; ``no_account`` says why there is none.
    """

    def __init__(  # noqa: PLR0913 - one argument a setting
        self,
        crawler: Crawler,
        inner: Scheduler,
        *,
        database_url: str,
        synchronous: str,
        jsonl: str,
        jsonl_max_bytes: int,
        archive: str,
        archive_max_bytes: int,
        dedupe_scope: str,
        commit_interval: float,
        commit_events: int,
        patience: float,
        window: int,
        max_waiting: int,
        max_revisits: int,
        policy: RevisitPolicy,
    ) -> None:
        assert crawler.stats is not None
        self.crawler = crawler
        self.stats: StatsCollector = crawler.stats
        self._inner = inner
        self._database_url = database_url
        self._synchronous = synchronous
        self._jsonl = jsonl
        self._jsonl_max_bytes = jsonl_max_bytes
        self._archive_folder = archive
        self._archive_max_bytes = archive_max_bytes
        self._dedupe_scope = dedupe_scope
        self._commit_interval = commit_interval
        self._commit_events = commit_events
        self._patience = patience
        self._window_size = window
        self._max_waiting = max_waiting
        self._max_revisits = max_revisits
        self._policy = policy
        self._sites: Sequence[str] = ()
        self._left_out: frozenset[str] = frozenset()
        self._window: deque[Request] = deque()
        self._visits: dict[int, Visit] = {}
        self._failed = False
        self._finished: list[Visit] = []
        self._unanswered = 0
        self._claiming = False
        self._drained: set[Stage] = set()
        self._alike: frozenset[int] = frozenset()
        self._waiting_claimed = 0
        self._unstored: set[Deferred[Stored]] = set()
        self._on_opened: Callable[[], None] | None = None
        self._heartbeat = create_looping_call(self._beat)
        self._flushing = create_looping_call(self._flush)
        self._engine: Engine | None = None
        self._writer: Writer | None = None
        self._rescue: Rescue | None = None
        self._articles: ArticleStore | None = None
        self._archive: Archive | None = None
        self.run = self.cycle = self._unfinished = 0
        self.queued = 0
        self.wishes: dict[str, Wish] = {}
        self._shapes = Shapes()
        self._aside: dict[str, str] = {}
        self.resumed = False
        self.reach = Reach({})
        self._before = Articles()
        self.account: Account | None = None
        self.no_account = "this spider keeps no ledger"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(
            crawler,
            Scheduler.from_crawler(crawler),
            database_url=settings["NEWSCRAWL_DATABASE_URL"],
            synchronous=settings["NEWSCRAWL_SYNCHRONOUS"],
            jsonl=settings["NEWSCRAWL_JSONL"] or "",
            jsonl_max_bytes=settings.getint("NEWSCRAWL_JSONL_MAX_BYTES"),
            archive=settings["NEWSCRAWL_ARCHIVE"] or "",
            archive_max_bytes=settings.getint("NEWSCRAWL_ARCHIVE_MAX_BYTES"),
            dedupe_scope=settings["NEWSCRAWL_DEDUPE_SCOPE"],
            commit_interval=settings.getfloat("NEWSCRAWL_COMMIT_INTERVAL"),
            commit_events=settings.getint("NEWSCRAWL_COMMIT_EVENTS"),
            patience=settings.getfloat("NEWSCRAWL_DATABASE_PATIENCE"),
            window=settings.getint("NEWSCRAWL_WINDOW"),
            max_waiting=settings.getint("NEWSCRAWL_MAX_TAG_PAGES"),
            max_revisits=settings.getint("NEWSCRAWL_MAX_REVISITS"),
            policy=RevisitPolicy(
                settings.getfloat("NEWSCRAWL_REVISIT_MIN"),
                settings.getfloat("NEWSCRAWL_REVISIT_MAX"),
            ),
        )

    def open(self, spider: Spider) -> Deferred[None] | None:
        opened = self._inner.open(spider)
        self._sites = sorted(getattr(spider, "sites", ()))
        self._left_out = getattr(spider, "left_out", frozenset())
        self._shapes = getattr(spider, "shapes", self._shapes)
        if not self._sites:
            return opened
        self.no_account = "before the crawl began; nothing was fetched"
        return deferred_from_coro(self._open(spider, opened))

    async def _open(self, spider: Spider, inner: Deferred[None] | None) -> None:
        if inner is not None:
            await maybe_deferred_to_future(inner)
        try:
            opening = partial(self._open_store, spider)
            await maybe_deferred_to_future(deferToThread(patiently, opening, self._patience))
        except SiteLocked as error:
            self._refuse("locked", f"Not started: {error}", logging.INFO)
            return
        except (SQLAlchemyError, OSError, ValueError) as error:
            cause = getattr(error, "orig", error)
            self._refuse("store_failed", f"Cannot open the store: {cause}")
            return
        self._heartbeat.start(HEARTBEAT_SECONDS, now=False)
        self._flushing.start(FLUSH_SECONDS, now=False)

    def _refuse(self, reason: str, message: str, level: int = logging.ERROR) -> None:
        """End the run as soon as everything is open: Scrapy cannot close half of it."""
        logger.log(level, message)
        self.no_account = message

        def close() -> None:
            raise CloseSpider(reason)

        self._on_opened = close  # signals hold their receivers weakly
        self.crawler.signals.connect(close, signal=signals.spider_opened)

    def _open_store(self, spider: Spider) -> None:
        engine = connect(self._database_url, synchronous=self._synchronous)
        migrate(engine)
        articles = ArticleStore(
            self._jsonl,
            sync=self._synchronous == "FULL",
            max_bytes=self._jsonl_max_bytes,
            scope=scope_of(self._dedupe_scope),
        )
        with engine.begin() as connection:
            articles.check(connection)
            arguments = getattr(spider, "arguments", {})
            begun = begin_run(
                connection,
                spider=spider.name,
                sites=self._sites,
                arguments=arguments,
                version=__version__,
                policy=self._policy,
            )
            self._alike = runs_alike(
                connection, spider=spider.name, arguments=arguments, version=__version__
            )
            if begun.resumed:
                read = sources_read(connection, self._sites)
                setattr(spider, "sources_read", read)  # noqa: B010 - Scrapy's class does not have it
            else:
                queueing.queue_due(
                    connection, self._sites, self._max_revisits, without=self._left_out
                )
            articles.run = begun.run
            self.queued = queueing.queued(connection, self._sites)
            before = {site: stored_of(connection, [site]) for site in self._sites}
            self.wishes = hosts.wishes(connection)
            for site in self._sites:
                articles.open_log(connection, site)
            self._open_archive(connection, begun.run)
        self.run, self.cycle, self.resumed = begun.run, begun.cycle, begun.resumed
        self._before = Articles(*map(sum, zip(*before.values(), strict=True)))
        known = {site: stored.articles + stored.copies for site, stored in before.items()}
        self.reach = Reach(known, starts_only=getattr(spider, "max_depth", None) == 0)
        self._unfinished = begun.unfinished
        self._engine, self._articles = engine, articles
        files: list[Files] = [articles] if self._archive is None else [articles, self._archive]
        journal = RunJournal(begun.run, files)
        self._rescue = Rescue(journal, begun.run)
        self._writer = Writer(
            engine,
            journal,
            interval=self._commit_interval,
            events=self._commit_events,
            patience=self._patience,
            failed=lambda failure: self._to_reactor(self._store_failed, failure),
        )
        self._writer.start()

    def _open_archive(self, connection: Connection, run: int) -> None:
        recover(connection, self._sites)
        if self._archive_folder:
            from newscrawl.archive import archive  # noqa: PLC0415 - WARC costs 50 ms to load

            self._archive = archive.Archive(
                self._archive_folder,
                max_bytes=self._archive_max_bytes,
                sync=self._synchronous == "FULL",
                run=run,
                sites=self._sites,
            )
            self._archive.open(connection)

    def close(self, reason: str) -> Deferred[None] | None:
        return deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        inner = self._inner.close(reason)
        if inner is not None:
            await maybe_deferred_to_future(inner)
        for loop in (self._heartbeat, self._flushing):
            if loop.running:
                loop.stop()
        if self._writer is not None:
            self._flush()
            closed = await maybe_deferred_to_future(deferToThread(self._close_store, reason))
            if closed is None:
                self.no_account = "THE STORE FAILED; what was committed is safe"
                self.stats.set_value("newscrawl/balanced", value=False)
            else:
                self._tell(closed)

    def _tell(self, account: Account) -> None:
        """Replace the counts of the way by what the database says at the end."""
        self.account = account
        self.stats.set_value("newscrawl/run", self.run)
        self.stats.set_value("newscrawl/balanced", account.ledger.holds)
        for name, number in account.ledger._asdict().items():
            self.stats.set_value(f"newscrawl/ledger/{name}", number)
        for outcome, number in account.outcomes.items():
            self.stats.set_value(f"newscrawl/outcome/{outcome}", number)

    def _close_store(self, reason: str) -> Account | None:
        assert self._engine is not None
        assert self._articles is not None
        assert self._writer is not None
        told: list[Account] = []
        megabytes = peak_memory() >> 20
        self._writer.close(Operation(lambda db: told.append(self._end(db, reason, megabytes))))
        self._articles.close()
        if self._archive is not None:
            self._archive.close()
        self._engine.dispose()
        return told[-1] if self._writer.failure is None else None

    def _end(self, connection: Connection, reason: str, megabytes: int) -> Account:
        """Settle and close the run, and return its account.

        All of it is one operation: once the run is closed it may begin no group of changes.
        """
        assert self._articles is not None
        claims.release_rest(connection, self.run, self._sites)
        self._articles.tell_strongest_ways(connection, self._sites, self._unfinished)
        if self._archive is not None:
            self._archive.seal(connection, self._unfinished)
        end_run(connection, self.run, reason, peak_rss_mb=megabytes)
        told = Told(
            before=self._before,
            left_out=self._left_out,
            detail="; ".join(self._aside.values()),
            unread=self.reach.unread,
            dead=self.reach.dead(complete=reason in {"finished", *NOTHING_READ}),
        )
        return account_of(connection, self.run, self._sites, told)

    def has_pending_requests(self) -> bool:
        return self._ledger_is_pending() or self._inner.has_pending_requests()

    def _ledger_is_pending(self) -> bool:
        if self._writer is None or self._failed:
            return False
        return bool(
            self._window
            or self._claiming
            or self._unanswered
            or self._finished
            or not self._drained.issuperset(self._stages())
        )

    def enqueue_request(self, request: Request) -> bool:
        visit = request.meta.get("visit")
        if visit is None:
            return self._inner.enqueue_request(request)
        visit.attempts += 1
        self._window.appendleft(request)
        return True

    def next_request(self) -> Request | None:
        request = self._inner.next_request()
        if request is not None:
            return request
        if self._writer is None or self._failed:
            return None
        self._refill()
        limit = self._hand_out_limit()
        under_way = len(self._visits) - len(self._window)
        if not self._window or under_way > limit or self._unanswered > limit:
            return None
        return self._window.popleft()

    def _hand_out_limit(self) -> int:
        """One more than can be under way: what is handed out must drain on SIGTERM.

        Nor do more visits wait for the writer, since a kill would lose them.
        """
        downloader = self.crawler.engine.downloader
        return min(downloader.total_concurrency, downloader.domain_concurrency * len(self._sites))

    def _stages(self) -> Iterator[Stage]:
        yield Stage.ORDINARY
        yield Stage.FEEDS
        if self._may_still_wait:
            yield Stage.WAITING
        yield Stage.SUSPECT

    def _refill(self) -> None:
        """Claim from the first stage that has rows left; the later ones only when all is quiet."""
        if self._claiming or len(self._window) > self._window_size // 2:
            return
        stage = next((stage for stage in self._stages() if stage not in self._drained), None)
        if stage is Stage.ORDINARY:
            self._claim(stage, self._window_size)
        elif stage is None or self._visits or self._unanswered or self._finished:
            return
        elif stage is Stage.FEEDS:
            self._claim(stage, self._window_size)
        elif stage is Stage.WAITING:
            self._claim(stage, min(self._window_size, self._max_waiting - self._waiting_claimed))
        else:
            self._claim(stage, 1)

    @property
    def _may_still_wait(self) -> bool:
        return self._waiting_claimed < self._max_waiting

    def _claim(self, stage: Stage, limit: int) -> None:
        self._drained.add(stage)
        self._claiming = True

        def answer(rows: list[Row]) -> None:
            self._claiming = False
            self.queued -= len(rows)
            if rows:
                self._drained.discard(stage)
            if stage is Stage.WAITING:
                self._waiting_claimed += len(rows)
            self._window.extend(map(self._request, rows))
            self._wake()

        under_way = self._hand_out_limit()
        sites = [site for site in self._sites if site not in self._aside]

        def claim(connection: Connection) -> list[Row]:
            return claims.claim(
                connection,
                self.run,
                sites,
                limit,
                stage,
                claimed_before=under_way,
                without=self._left_out,
            )

        self._ask(claim, answer, durable=True)

    def _request(self, row: Row) -> Request:
        spider = self.crawler.spider
        assert spider is not None
        visit = Visit(row, was_read=row.was_read(self._alike))
        self._visits[row.id] = visit
        return Request(
            row.url,
            callback=spider.parse,
            errback=self.fail,
            meta={"visit": visit},
            dont_filter=True,
        )

    def discover(self, found: Sequence[Found], *, revisit: bool = False) -> None:
        """Add URLs that no visit found: the seeds of the spider."""
        if self._writer is None:
            return
        self._answered_change(
            lambda db: rows.discover(db, self.run, found, revisit=revisit),
            rescue=lambda db, rescue: rescue.discover(db, found, revisit=revisit),
        )

    def store(self, article: Article) -> Deferred[Stored]:
        """Store an article in order; fires with the decision, before its commit.

        Fails with :class:`~newscrawl.outcomes.NotStored` once the store has failed, with
        :class:`~newscrawl.outcomes.Unstorable` where the database does not take its values.
        """
        stored: Deferred[Stored] = Deferred()
        if self._failed:
            stored.errback(NotStored("the store has failed"))
            return stored
        articles = self._articles
        assert articles is not None
        self._unstored.add(stored)

        def answer(decision: Stored | None) -> None:
            self._unstored.discard(stored)
            if decision is None:
                stored.errback(Unstorable("the database does not take its values"))
                return
            self.stats.inc_value("newscrawl/demoted", decision.demoted)
            stored.callback(decision)

        self._ask(lambda db: articles.store(db, article), answer, rescue=lambda *_: None)
        return stored

    def finish(self, visit: Visit) -> None:
        """Commit what became of a visit, or queue its row again where it was released."""
        if self._visits.pop(visit.row.id, None) is None:
            return
        if visit.released:
            self._answered_change(
                lambda db: release_visit(db, self.run, visit),
                rescue=lambda db, rescue: rescue.release(db, visit),
            )
            return
        if visit.outcome is None:
            visit.outcome = Outcome.PAGE
        self._note_shape(visit, visit.outcome)
        self.reach.heard(visit)
        self.stats.inc_value(f"newscrawl/outcome/{visit.outcome}")
        if visit.reason is not None and visit.outcome is not Outcome.REDIRECTED:
            name = visit.reason.partition(":")[0]
            self.stats.inc_value(f"newscrawl/reason/{visit.outcome}/{name}")
        self._finished.append(visit)
        hungry = len(self._window) < self._hand_out_limit()
        if hungry or len(self._finished) >= FINISHED_AT_ONCE:
            self._flush()

    def _note_shape(self, visit: Visit, outcome: Outcome) -> None:
        """Judge shapes by articles and by pages that only lead on.

        What failed, is gone, was rejected or is a copy says nothing of its shape; tag and author
        pages repeat what categories list, and have a limit of their own. A page speaks for or
        against the one it was found on only where that one listed it as an article.
        """
        row = visit.row
        if row.kind in SOURCES or row.kind in REPEATING:
            return
        parent = row.found_on if row.kind in TO_ARTICLES else None
        if outcome in ARTICLES and visit.reason != CANONICAL:
            self._shapes.saw_article(row.url, parent)
        elif outcome in IDLE or visit.reason == CANONICAL:
            closed = self._shapes.saw_other(row.id, row.url, parent, promises=visit.lists_new)
            if closed is not None:
                logger.warning("No more of the shape %s: it leads to no article", closed)
                self.stats.inc_value("newscrawl/shapes_closed")

    def _flush(self) -> None:
        """Commit what became of several visits at once: a statement costs as much for one."""
        done, self._finished = self._finished, []
        if done:
            self._answered_change(
                lambda db: self._finish(db, done),
                visits=len(done),
                rescue=lambda db, rescue: rescue.finish(db, done, partial(self._finish, db)),
            )

    def _finish(self, connection: Connection, done: Sequence[Visit]) -> int:
        keep = None if self._archive is None else self._archive.keep
        queued = visits.finish(
            connection, self.run, done, self._policy, cycle=self.cycle, keep=keep
        )
        for visit in done:
            if visit.leads and names_known(connection, visit.row.site, visit.leads):
                self._to_reactor(self.reach.leads_on, visit.row.site)
        return queued

    def fail(self, failure: Failure) -> None:
        """Errback of every request of the ledger."""
        visit: Visit = failure.request.meta["visit"]  # type: ignore[attr-defined] # Scrapy adds it
        if isinstance(failure.value, HostWaits):
            visit.released = True
            if isinstance(failure.value, RobotsUnreachable):
                self.reach.not_allowed(visit, str(failure.value))
            self.finish(visit)
            if not isinstance(failure.value, RunEnds):
                self._set_aside(visit.row.site, str(failure.value))
            return
        visit.outcome, visit.reason = outcome_of(failure)
        if isinstance(failure.value, Redirected):
            self._follow_redirect(visit, failure.value.location)
        response = getattr(failure.value, "response", None)
        if response is not None:
            visit.status = response.status
        visit.seconds = failure.request.meta.get("download_latency")  # type: ignore[attr-defined] # as above
        self.finish(visit)

    def _set_aside(self, site: str, why: str) -> None:
        """Hand out no more pages of a site in this run; they stay queued."""
        if site in self._aside:
            return
        self._aside[site] = why
        logger.warning("Set aside for this run: %s", why)
        if self._aside.keys() >= set(self._sites) and self.crawler.engine.spider is not None:
            reason = self.reach.reason(complete=False) or "waiting"
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=reason))

    def keep_wish(self, wish: Wish) -> None:
        """Keep for later runs what a host asked for."""
        if self._writer is not None and not self._failed:
            self._ask(lambda db: hosts.keep(db, wish), lambda _: None)

    def look_ahead(self, answer: Callable[[Ahead], None]) -> None:
        """Count what the run has before it; ``answer`` comes back to the reactor's thread."""
        if self._writer is not None and not self._failed:
            self._ask(lambda db: ahead_of(db, self._sites), answer)

    @property
    def tag_pages_left(self) -> int:
        """How many tag and author pages this run may still visit."""
        return max(0, self._max_waiting - self._waiting_claimed)

    def _follow_redirect(self, visit: Visit, location: str) -> None:
        """Give the target of a redirect its own row, unless it leaves the run's sites."""
        row = visit.row
        caught = None if row.kind in SOURCES or not location else trap(location)
        if not location or site_of(location) not in self._sites or caught is not None:
            visit.outcome, visit.reason = Outcome.REFUSED, f"OutOfScope: {location}"
            return
        visit.links.append(
            found_at(
                location,
                kind=row.kind,
                way=Way.REDIRECT,
                depth=row.depth,
                priority=row.priority,
            )
        )

    def _answered_change(
        self,
        change: Callable[[Connection], int],
        *,
        visits: int = 1,
        rescue: Callable[[Connection, Rescue], int],
    ) -> None:
        self._unanswered += visits

        def answer(queued: int) -> None:
            self._unanswered -= visits
            self.queued += queued
            if queued:
                self._drained.clear()
            self._wake()

        self._ask(change, answer, rescue=rescue)

    def _ask(
        self,
        question: Callable[[Connection], T],
        answer: Callable[[T], None],
        *,
        durable: bool = False,
        rescue: Callable[[Connection, Rescue], T] | None = None,
    ) -> None:
        """Ask the writer; ``answer`` comes back to the reactor's thread, once.

        It comes after the commit if ``durable``, else from the first time that the question is
        put, though that may have to be put again.
        """
        assert self._writer is not None
        results: list[T] = []

        def keep(result: T) -> None:
            results.append(result)
            if not durable and len(results) == 1:
                self._to_reactor(answer, result)

        def help_out(connection: Connection, error: Exception) -> None:
            if rescue is None or results or self._rescue is None:
                raise error
            keep(rescue(connection, self._rescue))

        def committed() -> None:
            self._to_reactor(answer, results[-1])

        self._writer.submit(
            Operation(
                lambda db: keep(question(db)), committed if durable else None, durable, help_out
            )
        )

    @staticmethod
    def _to_reactor(function: Callable[..., Any], *arguments: Any) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        reactor.callFromThread(function, *arguments)

    def _wake(self) -> None:
        """Ask the engine for its next turn; otherwise it waits for its 5 s heartbeat."""
        slot = self.crawler.engine._slot  # noqa: SLF001 - no public call does this
        if slot is not None:
            slot.nextcall.schedule()

    def _beat(self) -> None:
        self._ask(lambda db: lease.renew(db, self._sites, self.run), lambda _: None, durable=True)

    def _store_failed(self, failure: BaseException) -> None:
        self._failed = True
        logger.error(
            "The store failed; what was committed is safe: %s", getattr(failure, "orig", failure)
        )
        for stored in self._unstored:
            stored.errback(NotStored("the store has failed"))
        self._unstored.clear()
        if self.crawler.engine.spider is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="store_failed"))

"""The session of a run: what is opened for it, asked of its writer, and closed with its account."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.defer import Deferred

from newscrawl.addresses.admission import Gate
from newscrawl.dataset.articles import Stored
from newscrawl.frontier import hosts, lease, rows, visits
from newscrawl.frontier.circles import break_circles
from newscrawl.frontier.hosts import HostLimits
from newscrawl.frontier.lease import HEARTBEAT_SECONDS, LeaseLost, SiteLocked
from newscrawl.frontier.queueing import queue_anew
from newscrawl.frontier.rescue import Rescue
from newscrawl.frontier.rows import Found
from newscrawl.frontier.runs import NOTHING_READ, TAKEN_OVER
from newscrawl.frontier.visits import Visit
from newscrawl.history.accounts import Account, Ahead, Told, ahead_of
from newscrawl.items import Article
from newscrawl.outcomes import NotStored, Outcome, Unstorable
from newscrawl.session.asking import Questions, to_reactor
from newscrawl.session.barren import BarrenAnswers, Turn
from newscrawl.session.counting import count_circle, count_visit, replace_counts
from newscrawl.session.deferring import Deferral
from newscrawl.session.heartbeat import Heartbeat
from newscrawl.session.judging import ShapeJudge
from newscrawl.session.opening import OpenRun, Plan, open_run
from newscrawl.session.ordering import Ordering
from newscrawl.session.settings import SessionSettings
from newscrawl.session.watching import Watch, in_thread
from newscrawl.store.faults import patiently
from newscrawl.store.process import peak_memory
from newscrawl.store.writer import Operation
from newscrawl.verdict.reach import Reach

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

FINISHED_AT_ONCE = 8
FLUSH_SECONDS = 0.1

logger = logging.getLogger(__name__)

T = TypeVar("T")


def session_of(crawler: Crawler) -> Session | None:
    """Return the session of a crawl that keeps a ledger."""
    session = getattr(crawler.engine.scheduler, "session", None)
    return session if isinstance(session, Session) and not session.is_off else None


class Session:
    """Opens lease, logs, archive and writer for a run, and closes them with its account.

    No method does I/O on the reactor's thread or raises: the writer follows. A spider
    without ``sites`` has no run.

    ``limits`` are those that hosts set in earlier runs. ``gate`` is the spider's if it has one; its
    shapes learn what became of which URLs. ``reach`` hears whether anything could be read.
    ``grown`` is how many articles more there are than at the beginning; copies do not count.
    ``unanswered`` counts the visits and other changes that the writer has still to answer. When
    the run is closed ``account`` is what it came to; ``no_account`` says why there is none.
    """

    is_off = False
    """Whether the crawl keeps no ledger."""

    def __init__(self, crawler: Crawler, settings: SessionSettings) -> None:
        assert crawler.stats is not None
        self.crawler = crawler
        self.stats: StatsCollector = crawler.stats
        self._settings = settings
        self._opened: OpenRun | None = None
        self._questions: Questions | None = None
        self._stop_watching: Callable[[], None] = lambda: None
        self._failed = False
        self._why_failed = ""
        self._finished: list[Visit] = []
        self._unstored: set[Deferred[Stored]] = set()
        self._on_opened: Callable[[], None] | None = None
        self._on_change: Callable[[int], None] = lambda _: None
        self._heartbeat = Heartbeat(self._renew, HEARTBEAT_SECONDS)
        self._flushing = create_looping_call(self.flush)
        self.gate = Gate((), count=self._count)
        self._judge = ShapeJudge(self.gate.shapes, self.stats)
        self._barren = BarrenAnswers(settings.max_barren)
        self._ordering = Ordering(self._barren, self.ask, lambda: self.is_open)
        self.plan = Plan("")
        self.deferral = Deferral(())
        self.reach = Reach({})
        self.run = 0
        self.resumed = False
        self.limits: dict[str, HostLimits] = {}
        self.unanswered = 0
        self.grown = 0
        self.account: Account | None = None
        self.no_account = "this spider keeps no ledger"

    def prepare(self, spider: Spider) -> bool:
        """Take note of what a spider is to crawl; return whether there is anything to open.

        There is not where ``spider.unready`` says why the crawl ends at once.
        """
        self.no_account = getattr(spider, "unready", "") or self.no_account
        if getattr(spider, "unready", ""):
            return False
        self.plan = Plan.of(spider)
        self.deferral = Deferral(self.plan.sites)
        gate = getattr(spider, "gate", None)
        if not isinstance(gate, Gate):
            gate = Gate(self.plan.sites, count=self._count)
        self.gate = gate
        self._judge = ShapeJudge(self.gate.shapes, self.stats)
        if self.plan.sites:
            self.no_account = "before the crawl began; nothing was fetched"
        self.is_off = not self.plan.sites
        return not self.is_off

    def turn_off(self, why: str) -> None:
        """Open nothing in this crawl."""
        self.is_off, self.no_account = True, why

    def _count(self, refused: str) -> None:
        self.stats.inc_value(f"newscrawl/links/{refused}")

    async def open(self, spider: Spider, on_change: Callable[[int], None]) -> OpenRun | None:
        """Open all that a run needs, or see to it that the crawl ends at once.

        ``on_change`` hears of every answer of the writer how many rows became queued.
        ``spider.sources_read`` is told the kinds of sources that named pages already.
        """
        try:
            opening = partial(open_run, self.plan, self._settings)
            patience = self._settings.database_patience
            run = await maybe_deferred_to_future(in_thread(lambda: patiently(opening, patience)))
        except SiteLocked as error:
            self._refuse("locked", f"Not started: {error}", logging.INFO)
            return None
        except (SQLAlchemyError, OSError, ValueError) as error:
            cause = getattr(error, "orig", error)
            self._refuse("store_failed", f"Cannot open the store: {cause}")
            return None
        self._on_change = on_change
        self._begin(run)
        if run.begun.resumed:
            setattr(spider, "sources_read", run.before.sources_read)  # noqa: B010 - Scrapy's class does not have it
        self._heartbeat.start()
        self._flushing.start(FLUSH_SECONDS, now=False)
        return run

    def _begin(self, run: OpenRun) -> None:
        self._opened = run
        self.run, self.resumed = run.begun.run, run.begun.resumed
        self.limits = run.before.limits
        self.gate.moved = run.before.moved
        known = {site: each.articles + each.copies for site, each in run.before.stored.items()}
        self.reach = Reach(known, starts_only=self.plan.starts_only)
        self._questions = Questions.about(run, self._settings, self._store_failed)
        watch = Watch(self.crawler, self._questions.writer, run.engine, self.run)
        self._stop_watching = watch.start()

    def _refuse(self, reason: str, message: str, level: int = logging.ERROR) -> None:
        """End the run as soon as everything is open: Scrapy cannot close half of it."""
        logger.log(level, message)
        self.no_account = message

        def close() -> None:
            raise CloseSpider(reason)

        self._on_opened = close  # signals hold their receivers weakly
        self.crawler.signals.connect(close, signal=signals.spider_opened)

    async def close(self, reason: str) -> None:
        """Commit what is left, end the run and close all that was opened for it."""
        self._heartbeat.stop()
        if self._flushing.running:
            self._flushing.stop()
        if self._opened is None:
            return
        self.flush()
        closed = await maybe_deferred_to_future(
            in_thread(partial(self._close, self._opened, reason))
        )
        self._stop_watching()
        if closed is None:
            self.no_account = self._why_failed
            self.stats.set_value("newscrawl/balanced", value=False)
        else:
            self.account = closed
            replace_counts(self.stats, closed)

    def _close(self, run: OpenRun, reason: str) -> Account | None:
        assert self._questions is not None
        told: list[Account] = []
        megabytes = peak_memory() >> 20

        def end(connection: Connection) -> None:
            remarks = self._remarks(run, reason)
            told.append(run.end(connection, reason, remarks, peak_rss_mb=megabytes))

        is_done = self._questions.close(Operation(end))
        run.close()
        return told[-1] if is_done else None

    def _remarks(self, run: OpenRun, reason: str) -> Told:
        """What the account says that the database does not."""
        return Told(
            before=run.before.stored_of_all,
            left_out=self.plan.not_visited,
            detail=self.deferral.reasons,
            endless=self.deferral.endless,
            unread=self.reach.unread,
            dead=self.reach.dead(complete=reason in {"finished", *NOTHING_READ}),
        )

    @property
    def is_open(self) -> bool:
        """Whether there is a run, and its store has not failed."""
        return self._opened is not None and not self._failed

    @property
    def growing(self) -> int:
        """What ``grown`` can come to with the articles that are being stored."""
        return self.grown + len(self._unstored)

    @property
    def is_writing(self) -> bool:
        """Whether anything has still to be written, or answered."""
        return bool(self.unanswered or self._finished)

    def ask(
        self,
        question: Callable[[Connection], T],
        answer: Callable[[T], None],
        *,
        durable: bool = False,
        rescue: Callable[[Connection, Rescue], T] | None = None,
    ) -> None:
        """Ask the writer, as :meth:`~newscrawl.session.asking.Questions.ask` says."""
        assert self._questions is not None
        self._questions.ask(question, answer, durable=durable, rescue=rescue)

    def _change(
        self,
        change: Callable[[Connection], int],
        *,
        visits: int = 1,
        rescue: Callable[[Connection, Rescue], int],
    ) -> None:
        self.unanswered += visits

        def answer(queued: int) -> None:
            self.unanswered -= visits
            self._on_change(queued)

        self.ask(change, answer, rescue=rescue)

    def discover(self, found: Sequence[Found], *, revisit: bool = False) -> None:
        """Add URLs that no visit found: the seeds of the spider."""
        if self._opened is None:
            return
        self._change(
            lambda db: rows.discover(db, self.run, found, revisit=revisit),
            rescue=lambda db, rescue: rescue.discover(db, found, revisit=revisit),
        )

    def store(self, article: Article) -> Deferred[Stored]:
        """Store an article in order; fires with the decision, before its commit.

        It was seen just now, unless its ``last_seen`` says when.
        Without a run nothing is stored, and the article goes on as if it were new.
        Fails with :class:`~newscrawl.outcomes.NotStored` once the store has failed, with
        :class:`~newscrawl.outcomes.Unstorable` where the database does not take its values.
        """
        stored: Deferred[Stored] = Deferred()
        if self._failed:
            stored.errback(NotStored("the store has failed"))
            return stored
        if self._opened is None:
            stored.callback(Stored(Outcome.ARTICLE, article.id))
            return stored
        articles = self._opened.articles
        self._unstored.add(stored)

        def answer(decision: Stored | None) -> None:
            self._unstored.discard(stored)
            if decision is None:
                stored.errback(Unstorable("the database does not take its values"))
                return
            self.grown += decision.grown
            if decision.grown > 0:
                self._barren.brought(article.site)
            self.stats.inc_value("newscrawl/demoted", decision.demoted)
            stored.callback(decision)

        seen = article.last_seen
        self.ask(lambda db: articles.store(db, article, seen=seen), answer, rescue=lambda *_: None)
        return stored

    def release(self, visit: Visit) -> None:
        """Queue the row of a visit again that has no outcome."""
        self._change(
            lambda db: visits.release_visit(db, self.run, visit),
            rescue=lambda db, rescue: rescue.release(db, visit),
        )

    def finish(self, visit: Visit) -> None:
        """Take note of what became of a visit; it is committed with the next :meth:`flush`."""
        if visit.outcome is None:
            visit.outcome = Outcome.PAGE
        self._judge.judge(visit, visit.outcome)
        self.reach.heard(visit)
        count_visit(self.stats, visit)
        turn = self._barren.heard(visit)
        visit.links = self._barren.placed(visit)
        self._finished.append(visit)
        if turn is Turn.SPENT:
            self.defer(visit.row.site, self._barren.told(visit.row.site), endless=True)
        elif turn is not None:
            self.flush()
            self._ordering.change(visit.row.site, turn)
        if len(self._finished) >= FINISHED_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Commit what became of several visits at once: a statement costs as much for one."""
        done, self._finished = self._finished, []
        if done:
            self._change(
                lambda db: self._finish(db, done),
                visits=len(done),
                rescue=lambda db, rescue: rescue.finish(db, done, partial(self._finish, db)),
            )

    def _finish(self, connection: Connection, done: Sequence[Visit]) -> int:
        run = self._opened
        assert run is not None
        keep = None if run.archive is None else run.archive.keep
        revisits, cycle = self._settings.revisits, run.begun.cycle
        queued = visits.finish(connection, self.run, done, revisits, cycle=cycle, keep=keep)
        if bounced := {key for visit in done for key in visit.bounced}:
            queued += queue_anew(connection, bounced)
        broken, queued_again = break_circles(connection, self.run, done, revisits, cycle=cycle)
        queued += queued_again
        for visit in broken:
            to_reactor(self._went_round, visit)
        for visit in done:
            if visit.leads and rows.names_known(connection, visit.row.site, visit.leads):
                to_reactor(self.reach.leads_on, visit.row.site)
        return queued

    def _went_round(self, visit: Visit) -> None:
        self.reach.heard(visit)
        count_circle(self.stats, visit)

    def defer(self, site: str, why: str, *, endless: bool = False) -> None:
        """Hand out no more pages of a site in this run; end the run where no site is left."""
        if not self.deferral.defer(site, why, endless=endless):
            return
        logger.warning("Deferred to a later run: %s", why)
        if not self.deferral.left:
            self._end_crawl(self.reach.reason(complete=False) or self.deferral.word)

    def keep_limits(self, limits: HostLimits) -> None:
        """Keep the limits of a host for later runs."""
        if self.is_open:
            self.ask(lambda db: hosts.keep_limits(db, limits), lambda _: None)

    def look_ahead(self, answer: Callable[[Ahead], None]) -> None:
        """Count what the run has before it; ``answer`` comes back to the reactor's thread."""
        if self.is_open:
            self.ask(lambda db: ahead_of(db, self.plan.sites), answer)

    def _renew(self, done: Callable[[], None]) -> None:
        assert self._questions is not None
        self._questions.commit(lambda db: lease.renew(db, self.plan.sites, self.run), done)

    def _store_failed(self, failure: BaseException) -> None:
        self._failed = True
        cause = getattr(failure, "orig", failure)
        is_over = isinstance(failure, LeaseLost)
        self._why_failed = f"{cause}" if is_over else f"THE STORE FAILED ({cause})"
        self._why_failed += "; what was committed is safe"
        if is_over:
            logger.warning("Not at work any more: %s", cause)
        else:
            logger.error("The store failed; what was committed is safe: %s", cause)
        for stored in self._unstored:
            stored.errback(NotStored("the store has failed"))
        self._unstored.clear()
        self._end_crawl(TAKEN_OVER if is_over else "store_failed")

    def _end_crawl(self, reason: str) -> None:
        if self.crawler.engine.spider is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=reason))

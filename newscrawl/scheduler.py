"""The ledger as Scrapy's scheduler."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler, Scheduler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from sqlalchemy import Connection
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from newscrawl.addresses.captures import CAPTURE, REPLAYED, replay_url, timestamp_in
from newscrawl.discovery.entries import SOURCES
from newscrawl.failures import outcome_of
from newscrawl.frontier import claims
from newscrawl.frontier.claims import ARTICLE_PRIORITY, Stage
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import HostWaits, Redirected, RobotsUnreachable, RunEnds
from newscrawl.session.keeping import why_no_ledger
from newscrawl.session.redirects import follow_redirect
from newscrawl.session.session import Session
from newscrawl.session.settings import SessionSettings
from newscrawl.session.turns import Turns

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

AHEAD = 50
"""New articles of a run that come in turn with listings, so that it does not begin with listings
alone. Not all of them: a site that goes on without end is known by its listings."""

logger = logging.getLogger(__name__)


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
    reactor's thread or raises: they answer from counters, the ``session`` follows.
    Requests that newscrawl did not make go to Scrapy's own scheduler inside.

    ``spider.sites`` names the sites of a run; a spider without it, and one that a tool of
    Scrapy's runs, use the inner scheduler alone. ``spider.left_out`` may name kinds of rows to be left queued,
    and ``spider.ended`` hears of each visit that ends.
    ``queued`` is how many rows wait, as far as the writer has answered.
    """

    def __init__(
        self,
        crawler: Crawler,
        inner: Scheduler,
        session: Session,
        *,
        window: int,
        max_waiting: int,
    ) -> None:
        self.crawler = crawler
        self.session = session
        self._inner = inner
        self._window_size = window
        self._max_waiting = max_waiting
        self._window: deque[Request] = deque()
        self._visits: dict[int, Visit] = {}
        self._claiming = False
        self._turns = Turns()
        self._had_suspects = False
        self._drained: set[Stage] = set()
        self._alike: frozenset[int] = frozenset()
        self._waiting_claimed = 0
        self._ahead = AHEAD
        self._has_article = False
        self._held = False
        self._start_is_over = True
        self.queued = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(
            crawler,
            Scheduler.from_crawler(crawler),
            Session(crawler, SessionSettings.from_settings(settings)),
            window=settings.getint("NEWSCRAWL_WINDOW"),
            max_waiting=settings.getint("NEWSCRAWL_MAX_TAG_PAGES"),
        )

    def open(self, spider: Spider) -> Deferred[None] | None:
        opened = self._inner.open(spider)
        why_not = why_no_ledger(self.crawler)
        if why_not is not None:
            self.session.turn_off(why_not)
            if hasattr(spider, "sites"):
                logger.info("No ledger: %s", why_not)
            return opened
        if not self.session.prepare(spider):
            return opened
        return deferred_from_coro(self._open(spider, opened))

    async def _open(self, spider: Spider, inner: Deferred[None] | None) -> None:
        if inner is not None:
            await maybe_deferred_to_future(inner)
        run = await self.session.open(spider, self._changed)
        if run is not None:
            self.queued, self._alike = run.before.queued, run.before.alike

    def close(self, reason: str) -> Deferred[None] | None:
        return deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        inner = self._inner.close(reason)
        if inner is not None:
            await maybe_deferred_to_future(inner)
        await self.session.close(reason)

    def has_pending_requests(self) -> bool:
        return self._ledger_is_pending() or self._inner.has_pending_requests()

    def _ledger_is_pending(self) -> bool:
        if not self.session.is_open:
            return False
        return bool(
            self._window
            or self._claiming
            or self.session.is_writing
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
        if not self.session.is_open or self._waits_for_start():
            return None
        self._refill()
        limit = self._hand_out_limit()
        under_way = len(self._visits) - len(self._window)
        if not self._window or under_way > limit or self.session.unanswered > limit:
            return None
        if not self._has_article and not self._let_article_first():
            return None
        return self._next_of_window()

    def _let_article_first(self) -> bool:
        """Let the first article come before sources; whether a row can be handed out by now.

        As long as start pages may still name one, sources wait.
        """
        rows = [request.meta["visit"].row for request in self._window]
        article = next((n for n, row in enumerate(rows) if row.priority == ARTICLE_PRIORITY), None)
        if article is None:
            waits = len(self._visits) > len(rows) or self._claiming or self.session.is_writing
            return not (waits and rows[0].kind in SOURCES)
        self._has_article = True
        if rows[0].kind in SOURCES:
            request = self._window[article]
            del self._window[article]
            self._window.appendleft(request)
        return True

    def _next_of_window(self) -> Request | None:
        """Return the first row of the window whose turn it is; give back those of sites done with."""
        place = 0
        while place < len(self._window):
            request = self._window[place]
            visit: Visit = request.meta["visit"]
            if not self._turns.is_free(visit.row):
                place += 1
                continue
            del self._window[place]
            if visit.row.site not in self.session.deferral.endless:
                self._turns.begin(visit.row)
                return request
            visit.released = True
            self.finish(visit)
        return None

    def hold(self) -> None:
        """Hand out no row until the spider's ``start`` has told its seeds."""
        self._held, self._start_is_over = True, False

    def go(self, *, seeded: bool) -> None:
        """Hear that the seeds are told, or that ``start`` is over."""
        self._held &= not seeded
        self._start_is_over = True
        self._wake()

    def _waits_for_start(self) -> bool:
        """Whether requests of the spider's own, such as a login, may still bring its seeds."""
        slot = self.crawler.engine._slot  # noqa: SLF001 - no public call tells what is under way
        if self._held and self._start_is_over and not (slot and slot.inprogress):
            self._held = False
        return self._held

    def _hand_out_limit(self) -> int:
        """One more than can be under way: what is handed out must drain on SIGTERM.

        Nor do more visits wait for the writer, since a kill would lose them.
        """
        downloader = self.crawler.engine.downloader
        sites = self.session.plan.sites
        return min(downloader.total_concurrency, downloader.domain_concurrency * len(sites))

    def _stages(self) -> Iterator[Stage]:
        yield Stage.ORDINARY
        yield Stage.FEEDS
        if self.tag_pages_left:
            yield Stage.WAITING
        yield Stage.SUSPECT

    def _refill(self) -> None:
        """Claim from the first stage that has rows left; the later ones only when all is quiet."""
        if self._claiming or len(self._window) > self._window_size // 2:
            return
        stage = next((stage for stage in self._stages() if stage not in self._drained), None)
        if stage is Stage.ORDINARY:
            self._claim(stage, self._window_size)
        elif stage is None or self._visits or self.session.is_writing:
            return
        elif stage is Stage.FEEDS:
            self._claim(stage, self._window_size)
        elif stage is Stage.WAITING:
            self._claim(stage, min(self._window_size, self.tag_pages_left))
        else:
            self._claim(stage, 1)

    @property
    def tag_pages_left(self) -> int:
        """How many tag and author pages this run may still visit."""
        return max(0, self._max_waiting - self._waiting_claimed)

    def _claim(self, stage: Stage, limit: int) -> None:
        self._drained.add(stage)
        self._claiming = True

        def answer(rows: list[Row]) -> None:
            self._claiming = False
            self.queued -= len(rows)
            if rows:
                self._drained.discard(stage)
                self._had_suspects |= stage is Stage.SUSPECT
            elif stage is Stage.SUSPECT and self._had_suspects:
                self._had_suspects = False
                self._drained.discard(Stage.ORDINARY)  # captures that waited for them
            if stage is Stage.WAITING:
                self._waiting_claimed += len(rows)
            self._ahead -= min(sum(row.priority == ARTICLE_PRIORITY for row in rows), self._ahead)
            self._window.extend(map(self._request, rows))
            self._wake()

        under_way = self._hand_out_limit()
        begins = stage is Stage.ORDINARY and self._ahead
        sites = self.session.deferral.left

        def claim(connection: Connection) -> list[Row]:
            return claims.claim(
                connection,
                self.session.run,
                sites,
                limit,
                Stage.BEGINNING if begins else stage,
                claimed_before=under_way,
                without=self.session.plan.not_visited,
            )

        self.session.ask(claim, answer, durable=True)

    def _request(self, row: Row) -> Request:
        spider = self.crawler.spider
        assert spider is not None
        visit = Visit(row, was_read=row.was_read(self._alike))
        self._visits[row.id] = visit
        meta: dict[str, Any] = {"visit": visit, "depth": row.depth}
        if row.kind == CAPTURE:
            collection: str = getattr(spider, "replayed_from", "")
            meta[REPLAYED] = replay_url(collection, timestamp_in(row.identity), row.url)
        return Request(
            row.url, callback=spider.parse, errback=self.fail, meta=meta, dont_filter=True
        )

    def finish(self, visit: Visit) -> None:
        """Take a visit back; its row is queued again where it was released."""
        if self._visits.pop(visit.row.id, None) is None:
            return
        self._turns.end(visit.row)
        if visit.released:
            self.session.release(visit)
            return
        ended = getattr(self.crawler.spider, "ended", None)
        if ended is not None:
            ended(visit)
        self.session.finish(visit)
        if len(self._window) < self._hand_out_limit():
            self.session.flush()

    def fail(self, failure: Failure) -> None:
        """Errback of every request of the ledger."""
        visit: Visit = failure.request.meta["visit"]  # type: ignore[attr-defined] # Scrapy adds it
        if isinstance(failure.value, HostWaits):
            visit.released = True
            if isinstance(failure.value, RobotsUnreachable):
                self.session.reach.not_allowed(visit, str(failure.value))
            self.finish(visit)
            if not isinstance(failure.value, RunEnds):
                self.session.defer(visit.row.site, str(failure.value))
            return
        visit.outcome, visit.reason = outcome_of(failure)
        if isinstance(failure.value, Redirected) and visit.row.kind != CAPTURE:
            follow_redirect(visit, failure.value.location, self.session.gate)
        response = getattr(failure.value, "response", None)
        if response is not None:
            visit.status = response.status
        visit.seconds = failure.request.meta.get("download_latency")  # type: ignore[attr-defined] # as above
        self.finish(visit)

    def _changed(self, queued: int) -> None:
        """Hear how many rows a change has queued."""
        self.queued += queued
        if queued:
            self._drained.clear()
        self._wake()

    def _wake(self) -> None:
        """Ask the engine for its next turn; otherwise it waits for its 5 s heartbeat."""
        slot = self.crawler.engine._slot  # noqa: SLF001 - no public call does this
        if slot is not None:
            slot.nextcall.schedule()

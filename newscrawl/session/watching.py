"""Waiting for the database is watched: a connection that is dead is broken off, SIGTERM is answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from scrapy.utils.asyncio import create_looping_call
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from twisted.internet.defer import Deferred

from newscrawl.frontier.fencing import is_at_work
from newscrawl.session.asking import to_reactor
from newscrawl.store.waiting import Waits, guard

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.store.writer import Writer

LOOK_SECONDS = 1.0
LONG = 30.0
"""Seconds at one and the same thing, after which the server is asked whether it knows of it."""
HASTE = 2.0
"""The same in a crawl that was asked to end."""
ASKING = 2
"""Seconds to get a connection for that; libpq takes no fewer."""

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Watch:
    """Looks after the writer of a run while it waits for the database.

    A statement of which PostgreSQL knows nothing, or for which it waits itself, is lost with its
    connection: the writer asks again. In a crawl that was asked to end (SIGTERM) nothing is asked
    again, and no lock is waited for: what was committed is safe.
    """

    def __init__(self, crawler: Crawler, writer: Writer, engine: Engine, run: int) -> None:
        self._crawler = crawler
        self._writer = writer
        self._engine = engine
        self._run = run
        self._stopping: float | None = None
        self._looked = 0.0

    def start(self) -> Callable[[], None]:
        """Look from now on, in the reactor's thread; returns what ends it."""
        looking = create_looping_call(self.look)
        looking.start(LOOK_SECONDS, now=False)
        return looking.stop

    def look(self) -> None:
        now = monotonic()
        if self._stopping is None and not self._crawler.crawling:
            self._stopping = now
        in_haste = self._stopping is not None and now - self._stopping >= HASTE
        long = HASTE if in_haste else LONG
        if self._writer.waited < long or now - self._looked < long:
            return
        self._looked = now
        if self._engine.dialect.name == "postgresql":
            in_thread(lambda: self._ask(long, in_haste=in_haste))
        elif in_haste and not self._writer.has_begun:
            self._writer.give_up()

    def _ask(self, long: float, *, in_haste: bool) -> None:
        """Break off what the server does not work on."""
        if in_haste:
            self._writer.hurry()
        url = self._engine.url.update_query_dict({"connect_timeout": str(ASKING)})
        engine = create_engine(url, poolclass=NullPool)
        guard(engine, Waits(lock=ASKING))
        try:
            with engine.connect() as connection:
                is_lost = not is_at_work(connection, self._run, may_wait=not in_haste)
        except SQLAlchemyError:
            is_lost = True
        if is_lost and self._writer.waited >= long and self._writer.waits_for_answer:
            logger.warning("The database does not answer, its connection is broken off")
            self._writer.break_off()


def in_thread(work: Callable[[], T]) -> Deferred[T]:
    """Do work in a thread that the end of the program does not wait for."""
    done: Deferred[T] = Deferred()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it fails where it is waited for
            to_reactor(done.errback, error)
        else:
            to_reactor(done.callback, result)

    threading.Thread(target=run, name="newscrawl-waiting", daemon=True).start()
    return done

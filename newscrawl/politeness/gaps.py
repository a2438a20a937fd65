"""The time between two requests to a host, measured where they are sent, beside what is promised."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.utils.defer import maybe_deferred_to_future
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.threads import deferToThread

from newscrawl.store.database import connect
from newscrawl.store.schema import runs

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

TOLERANCE = 0.01
"""Seconds that a gap may lie under the promise: the resolution of the reactor's timers."""
SLOW_DOWN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Host:
    """Requests to one host; times in seconds. ``short`` are gaps under the promise of their time."""

    promised: float
    first: float
    last: float
    requests: int = 1
    least: float | None = None
    short: int = 0
    slow_downs: int = 0

    def sent(self, now: float) -> None:
        gap = now - self.last
        self.requests += 1
        self.last = now
        self.least = gap if self.least is None else min(self.least, gap)
        self.short += gap < self.promised - TOLERANCE

    def as_dict(self) -> dict[str, Any]:
        """Return what the run keeps of it."""
        gaps = self.requests - 1
        return {
            "requests": self.requests,
            "promised": round(self.promised, 3),
            "least": None if self.least is None else round(self.least, 3),
            "mean": round((self.last - self.first) / gaps, 3) if gaps else None,
            "short": self.short,
            "slow_downs": self.slow_downs,
        }


class GapsExtension:
    """Keeps the gaps of each host with the run, and how many were shorter than promised.

    ``slow_downs`` are answers with 429 or 503. The stats ``newscrawl/gaps/short`` and
    ``newscrawl/slow_downs`` count over all hosts.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.hosts: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.response_downloaded, signal=signals.response_downloaded)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def sent(self, key: str, promised: float) -> None:
        """Note a request that is on its way this moment, so many seconds after the last at least."""
        now = time.monotonic()
        host = self.hosts.get(key)
        if host is None:
            self.hosts[key] = Host(promised, now, now)
        else:
            host.promised = promised
            host.sent(now)

    def response_downloaded(self, response: Response, request: Request) -> None:
        if response.status in SLOW_DOWN:
            host = self.hosts.get(self.crawler.engine.downloader.get_slot_key(request))
            if host is not None:
                host.slow_downs += 1

    async def spider_closed(self) -> None:
        stats: StatsCollector | None = self.crawler.stats
        assert stats is not None
        stats.set_value("newscrawl/gaps/short", sum(host.short for host in self.hosts.values()))
        stats.set_value(
            "newscrawl/slow_downs", sum(host.slow_downs for host in self.hosts.values())
        )
        run = stats.get_value("newscrawl/run")
        if run is not None:
            await maybe_deferred_to_future(deferToThread(self._save, run))

    def _save(self, run: int) -> None:
        engine = connect(self.crawler.settings["NEWSCRAWL_DATABASE_URL"])
        kept = {key: host.as_dict() for key, host in sorted(self.hosts.items())}
        try:
            with engine.begin() as connection:
                connection.execute(update(runs).where(runs.c.id == run).values(hosts=kept))
        except SQLAlchemyError:
            logger.exception("The gaps of this run are not kept")
        finally:
            engine.dispose()


def sent(crawler: Crawler, key: str, promised: float) -> None:
    """Tell the run's extension, if there is one, of a request to a host that is sent this moment."""
    gaps = crawler.get_extension(GapsExtension)
    if gaps is not None:
        gaps.sent(key, promised)

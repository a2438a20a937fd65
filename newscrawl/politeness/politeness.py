"""How often a host is asked: never closer together than promised, and less when it is in trouble."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from scrapy import signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
)
from scrapy.utils.asyncio import call_later

from newscrawl.frontier.hosts import HostLimits
from newscrawl.outcomes import HostWaits, RunEnds
from newscrawl.politeness.gaps import SLOW_DOWN, sent
from newscrawl.politeness.retry_after import seconds_to_wait
from newscrawl.politeness.robots_parser import token_for
from newscrawl.session.session import session_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

LONGEST_BACKOFF = 600.0
LONGEST_RETRY_AFTER = 7 * 86_400.0
LEFT_ALONE = 3600.0
"""Seconds for which a host is left alone that only fails, or whose robots.txt does."""
NOT_THERE = (CannotResolveHostError, DownloadConnectionRefusedError)
"""Errors after which there is no server that could be asked too much."""
SINGLE_FAILURES = 3
"""Failures in a row that may be those of single pages."""
WAKE = 0.5
"""Seconds after which a waiting request looks whether the run is ending."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Host:
    """What is known of a host in this run.

    ``last`` (the last request), ``held`` (when the last wait began) and ``until`` (when it ends)
    are of the monotonic clock: the other one may be set anew at any moment. ``delay`` is what we
    promise, ``crawl_delay`` what the host asks for: the longest of ``asked``, which has the
    Crawl-delay of each scheme and port.
    """

    name: str
    delay: float
    last: float = 0.0
    held: float = 0.0
    until: float = 0.0
    crawl_delay: float = 0.0
    asked: dict[str, float] = field(default_factory=dict)
    slow_downs: int = 0
    failures: int = 0
    reason: str = ""
    known: bool = False

    @property
    def gap(self) -> float:
        """Seconds that two requests are apart at least."""
        return max(self.delay, self.crawl_delay)

    @property
    def left(self) -> float:
        """Seconds until the next request."""
        return max(self.last + self.gap - time.monotonic(), self.until - time.monotonic(), 0.0)

    @property
    def waits(self) -> bool:
        """Whether it is left alone for longer than between two requests."""
        return self.until - time.monotonic() > WAKE

    def answered(self) -> None:
        """Take note that it has answered as it should: what came before is no row of troubles."""
        self.slow_downs = self.failures = 0


class PolitenessExtension:
    """Holds each request until its turn, and hears what hosts say of our pace.

    - Two requests to a host are at least ``DOWNLOAD_DELAY`` (or its slot's own delay) apart, or
      the ``Crawl-delay`` of its robots.txt if that is longer, also across a restart.
    - 429 and 503 stop all requests to the host for as long as ``Retry-After`` says, else for a
      time that doubles; so do failures in a row. What was under way when a wait began makes it
      no longer: it tells of the same trouble.
    - A wait longer than ``longest`` ends the run for the host: its pages stay queued, and the next
      run knows until when.
    """

    def __init__(
        self,
        crawler: Crawler,
        *,
        backoff: float,
        longest: float,
        longest_crawl_delay: float,
        most_failures: int,
    ) -> None:
        self.crawler = crawler
        self._backoff = backoff
        self._longest = longest
        self._longest_crawl_delay = longest_crawl_delay
        self._most_failures = most_failures
        self._hosts: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        extension = cls(
            crawler,
            backoff=settings.getfloat("NEWSCRAWL_BACKOFF"),
            longest=settings.getfloat("NEWSCRAWL_MAX_WAIT"),
            longest_crawl_delay=settings.getfloat("NEWSCRAWL_MAX_CRAWL_DELAY"),
            most_failures=settings.getint("NEWSCRAWL_MAX_FAILURES"),
        )
        crawler.signals.connect(extension.robots_parsed, signal=signals.robots_parsed)
        return extension

    @property
    def hosts(self) -> Collection[Host]:
        """The hosts that this run has to do with."""
        return self._hosts.values()

    def host(self, request: Request) -> Host:
        key = self.crawler.engine.downloader.get_slot_key(request)
        found = self._hosts.get(key)
        if found is None:
            found = self._hosts[key] = self._met(key)
        return found

    def _met(self, key: str) -> Host:
        """A host that an earlier run has talked to may just have been asked by it."""
        settings = self.crawler.settings
        own = settings.getdict("DOWNLOAD_SLOTS").get(key, {})
        host = Host(key, float(own.get("delay", settings.getfloat("DOWNLOAD_DELAY"))))
        session = session_of(self.crawler)
        limits = session.limits.get(key) if session is not None else None
        if limits is not None:
            host.known = True
            host.last = time.monotonic()
            host.until = host.last + limits.left(time.time())
            host.crawl_delay, host.reason = limits.delay, limits.reason
        return host

    async def turn(self, request: Request) -> float:
        """Return when it is this request's turn, and the time (monotonic); it must be sent at once.

        Raises:
            HostWaits: that would take longer than a run waits, or the run is ending.
        """
        host = self.host(request)
        while (left := host.left) > 0:
            if left > max(self._longest, host.gap):
                raise HostWaits(_until(host))
            if left > WAKE and self._is_ending:
                raise RunEnds(f"{host.name}: the run is ending before its turn")
            await asyncio.sleep(min(left, WAKE))
        host.last = time.monotonic()
        if not host.known:
            host.known = True
            self._keep(host)
        return host.last

    def written(self, host: str) -> None:
        """Count the gap from when a request went out: connecting, or a busy moment, took its time."""
        found = self._hosts.get(host)
        if found is not None:
            found.last = time.monotonic()

    @property
    def _is_ending(self) -> bool:
        slot = self.crawler.engine._slot  # noqa: SLF001 - no public call does this
        return slot is None or slot.closing is not None

    def heard(self, request: Request, response: Response, sent_at: float) -> None:
        """Take note of an answer, before any other request to the host can be sent."""
        host = self.host(request)
        if response.status in SLOW_DOWN:
            self._slowed_down(host, response, sent_at)
        elif response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._failed(host, f"{response.status}", sent_at)
        else:
            host.answered()

    def _slowed_down(self, host: Host, response: Response, sent_at: float) -> None:
        said = retry_after(response)
        if said is not None:
            reason = f"{response.status} with Retry-After"
            self.hold(host, min(said, LONGEST_RETRY_AFTER), reason)
        elif sent_at >= host.held:
            host.slow_downs += 1
            self.hold(host, self._grown(host.slow_downs), f"{response.status}")

    def failed(self, request: Request, exception: Exception, sent_at: float) -> None:
        """Take note that a request failed; an answer that is too large for us is no failure."""
        host = self.host(request)
        if isinstance(exception, DownloadCancelledError):
            host.answered()
        elif not isinstance(exception, (IgnoreRequest, *NOT_THERE)):
            self._failed(host, type(exception).__name__, sent_at)

    def _failed(self, host: Host, reason: str, sent_at: float) -> None:
        if sent_at < host.held:
            return
        host.failures += 1
        if host.failures >= self._most_failures:
            self.leave_alone(host, f"{host.failures} failures in a row, the last {reason}")
        elif host.failures > SINGLE_FAILURES:
            self.hold(host, self._grown(host.failures - SINGLE_FAILURES), reason)

    def leave_alone(self, host: Host, reason: str) -> None:
        """Ask nothing of a host for an hour, in whichever run."""
        self.hold(host, LEFT_ALONE, reason)

    def hold(self, host: Host, seconds: float, reason: str) -> None:
        """Send nothing to a host for so long; what is longer than a moment is kept for later runs."""
        now = time.monotonic()
        if now + seconds <= host.until:
            return
        host.held, host.until, host.reason = now, now + seconds, reason
        self.crawler.stats.inc_value("newscrawl/waits")
        if seconds > WAKE:
            logger.info("%s waits for %.0f s: %s", host.name, seconds, reason)
            self._keep(host)

    def _grown(self, times: int) -> float:
        return min(self._backoff * 2.0 ** (times - 1), LONGEST_BACKOFF)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        asked = robotparser.crawl_delay(token_for(request, self.crawler.settings))
        host = self.host(request)
        host.asked[urljoin(request.url, "/")] = min(float(asked or 0.0), self._longest_crawl_delay)
        told = max(host.asked.values())
        if told == host.crawl_delay:
            return
        host.crawl_delay = told
        if told:
            logger.info("%s asks for a Crawl-delay of %s s; obeyed: %s s", host.name, asked, told)
        self._keep(host)

    def _keep(self, host: Host) -> None:
        session = session_of(self.crawler)
        if session is not None:
            now, left = time.time(), max(host.until - time.monotonic(), 0.0)
            until, since = (now + left, now) if left else (0.0, 0.0)
            limits = HostLimits(host.name, until, host.crawl_delay, host.reason, since)
            session.keep_limits(limits)


def retry_after(response: Response) -> float | None:
    """Return the seconds that an answer says to wait, if it says any."""
    said, date = map(response.headers.get, (b"Retry-After", b"Date"))
    return seconds_to_wait(
        None if said is None else said.decode("latin-1"), (date or b"").decode("latin-1")
    )


def _until(host: Host) -> str:
    at = datetime.now(UTC) + timedelta(seconds=host.left)
    until = f"{at:%Y-%m-%d %H:%M} UTC"
    return f"{host.name} is left alone until {until}: {host.reason}"


class PoliteSender:
    """Sends the requests of a download handler, each when it is its turn; without the extension at once."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    async def send(
        self, request: Request, download: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Send a request when it is its turn, and take note of what comes.

        Raises:
            HostWaits: as :meth:`PolitenessExtension.turn`.
        """
        polite = self.crawler.get_extension(PolitenessExtension)
        if polite is None:
            return await download(request)
        sent_at = await polite.turn(request)
        host = polite.host(request)
        sent(self.crawler, host.name, host.gap)
        try:
            response = await download(request)
        except Exception as error:
            polite.failed(request, error, sent_at)
            raise
        polite.heard(request, response, sent_at)
        return response

    def written(self, url: bytes) -> None:
        """Take note that a request goes out: it leaves in the next turn of the reactor, or now."""
        polite = self.crawler.get_extension(PolitenessExtension)
        if polite is None:
            return
        host = (urlsplit(url).hostname or b"").decode("latin-1")
        polite.written(host)
        call_later(0, polite.written, host)

"""How far the crawl is: drawn in place on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Self, TextIO

from rich.console import Console
from rich.live import Live
from scrapy import Spider, signals
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.log import get_scrapy_root_handler

from newscrawl.extensions.pace import Pace
from newscrawl.history.accounts import Ahead
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.politeness.politeness import PolitenessExtension
from newscrawl.scheduler import LedgerScheduler, ledger_of
from newscrawl.session.session import session_of
from newscrawl.terminal.closing import outcomes_of
from newscrawl.terminal.progress import Progress, display, duration, line
from newscrawl.verdict.summary import count

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REDRAW_SECONDS = 0.5
LOOK_AHEAD_SECONDS = 10.0
"""Between two counts of what is before the run; they are rarer where seldom a line is logged."""
HEADLINES = 5
"""Newest articles that are named."""
MAX_SECTIONS = 1_000
"""Sections that are counted."""

logger = logging.getLogger(__name__)


class ProgressExtension:
    """Tells of a crawl with a ledger while it runs.

    On a terminal it is drawn on stderr, log lines above it, so that a feed on stdout is left
    alone; elsewhere, and where the log is JSON, a line is logged every ``interval`` seconds
    (``LOGSTATS_INTERVAL``).
    """

    def __init__(self, crawler: Crawler, interval: float, *, draws: bool = True) -> None:
        assert crawler.stats is not None
        self.crawler = crawler
        self._stats = crawler.stats
        self._interval = interval
        self._draws = draws
        self._started = time.monotonic()
        self._pace = Pace(self._started)
        self._section = ""
        self._sections: Counter[str] = Counter()
        self._headlines: deque[str] = deque(maxlen=HEADLINES)
        self._live: Live | None = None
        self._log: TextIO | None = None
        self._loop = create_looping_call(self._tell)
        self._ahead: Ahead | None = None
        self._looking = create_looping_call(self._look_ahead)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        extension = cls(
            crawler,
            settings.getfloat("LOGSTATS_INTERVAL"),
            draws=not settings.getbool("NEWSCRAWL_LOG_JSON"),
        )
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        if session_of(self.crawler) is None:
            return
        console = Console(stderr=True)
        if self._draws and console.is_terminal and not console.is_dumb_terminal:
            self._looking.start(LOOK_AHEAD_SECONDS, now=False)
            self._draw(console)
        elif self._interval:
            self._looking.start(max(self._interval / 2, LOOK_AHEAD_SECONDS), now=False)
            self._loop.start(self._interval, now=False)

    def _draw(self, console: Console) -> None:
        """Let the log, which kept the terminal from before, write above what is drawn."""
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()
        handler = get_scrapy_root_handler()
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.__stderr__:
            self._log = handler.setStream(sys.stderr)
        self._loop.start(REDRAW_SECONDS, now=True)

    def item_scraped(self, item: Any) -> None:
        if not isinstance(item, Article) or item.duplicate_of is not None:
            return
        if item.headline not in self._headlines:
            self._headlines.appendleft(item.headline)
        if item.sections:
            self._section = item.sections[0]
            if len(self._sections) < MAX_SECTIONS or self._section in self._sections:
                self._sections[self._section] += 1

    def spider_closed(self) -> None:
        """Stop drawing; a crawl that is stopped by force never comes to this by itself."""
        for loop in (self._loop, self._looking):
            if loop.running:
                loop.stop()
        if self._live is None:
            return
        handler = get_scrapy_root_handler()
        if self._log is not None and isinstance(handler, logging.StreamHandler):
            handler.setStream(self._log)
        self._live.stop()
        self._live = None

    def _tell(self) -> None:
        if self._live is not None:
            self._live.update(display(self.progress()), refresh=True)
        else:
            logger.info(line(self.progress()), extra={"spider": self.crawler.spider})

    def progress(self) -> Progress:
        ledger = ledger_of(self.crawler)
        assert ledger is not None
        outcomes = outcomes_of(self._stats.get_stats())
        visited = sum(outcomes.values())
        now = time.monotonic()
        self._pace.note(now, visited, visited + ledger.queued)
        demoted = self._stats.get_value("newscrawl/demoted", 0)
        return Progress(
            site=", ".join(_sites(self.crawler.spider)),
            seconds=now - self._started,
            visited=visited,
            queued=ledger.queued,
            rate=self._pace.rate,
            articles=outcomes.get(Outcome.ARTICLE, 0) - demoted,
            outcomes=outcomes,
            section=self._section,
            seconds_left=self._seconds_left(ledger, outcomes.get(Outcome.ARTICLE, 0) - demoted),
            headlines=tuple(self._headlines),
            sections=self._sections,
            politeness=self._politeness(),
            waiting=self._waiting(ledger),
        )

    def _look_ahead(self) -> None:
        session = session_of(self.crawler)
        if session is not None:
            session.look_ahead(self._saw_ahead)

    def _saw_ahead(self, ahead: Ahead) -> None:
        self._ahead = ahead

    def _seconds_left(self, ledger: LedgerScheduler, articles: int) -> float | None:
        """Return how long the run will take, also for what is still to be found."""
        put_off = 0
        if self._ahead is not None:
            put_off = max(self._ahead.tag_pages - ledger.tag_pages_left, 0)
        left = self._pace.left(max(ledger.queued - put_off, 0))
        known = []
        if left is not None and self._pace.rate:
            known.append(left / self._pace.rate)
        asked_for = getattr(self.crawler.spider, "max_articles", None)
        if asked_for and articles:
            took = time.monotonic() - self._started
            known.append(max(asked_for - articles, 0) * took / articles)
        return min(known, default=None)

    def _politeness(self) -> str:
        polite = self.crawler.get_extension(PolitenessExtension)
        hosts = [] if polite is None else polite.hosts
        held = [host for host in hosts if host.waits]
        if held:
            host = max(held, key=lambda each: each.left)
            return f"{host.name} is asked again in {duration(host.left)}: {host.reason}"
        if not hosts:
            return ""
        gap = max(host.gap for host in hosts)
        pace = f"a request every {gap:g} s to a host" if gap else "no delay between requests"
        obeys = self.crawler.settings.getbool("ROBOTSTXT_OBEY")
        return f"{pace}, robots.txt {'obeyed' if obeys else 'NOT obeyed'}"

    def _waiting(self, ledger: LedgerScheduler) -> str:
        ahead = self._ahead
        if ahead is None or not ledger.queued:
            return ""
        parts = [count(ahead.pages, "page")]
        if ahead.tag_pages:
            most = min(ahead.tag_pages, ledger.tag_pages_left)
            pages = count(ahead.tag_pages, "tag and author page")
            parts.append(f"{pages} for the end ({most:,} in this run)")
        return ", ".join(parts)


def _sites(spider: Spider | None) -> list[str]:
    return sorted(getattr(spider, "sites", ()))

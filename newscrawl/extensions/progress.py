"""How far the crawl is: drawn in place on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Self, TextIO

from rich.console import Console
from rich.live import Live
from scrapy import Spider, signals
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.log import get_scrapy_root_handler

from newscrawl.history.accounts import Ahead
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.scheduler import ledger_of
from newscrawl.session.session import session_of
from newscrawl.terminal.closing import outcomes_of
from newscrawl.terminal.progress import Progress, display, line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REDRAW_SECONDS = 0.5
WINDOW_SECONDS = 15.0
"""Over which the speed is taken."""
LOOK_AHEAD_SECONDS = 10.0
"""Between two counts of what is before the run; they are rarer where seldom a line is logged."""

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
        self._moments: deque[tuple[float, int]] = deque()
        self._section = ""
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
        if isinstance(item, Article) and item.sections:
            self._section = item.sections[0]

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
        get = self._stats.get_value
        outcomes = outcomes_of(self._stats.get_stats())
        visited = sum(outcomes.values())
        return Progress(
            site=", ".join(_sites(self.crawler.spider)),
            seconds=time.monotonic() - self._started,
            visited=visited,
            queued=ledger.queued,
            rate=self._rate(visited),
            articles=outcomes.get(Outcome.ARTICLE, 0) - get("newscrawl/demoted", 0),
            outcomes=outcomes,
            section=self._section,
            left=self._left(ledger.tag_pages_left),
        )

    def _look_ahead(self) -> None:
        session = session_of(self.crawler)
        if session is not None:
            session.look_ahead(self._saw_ahead)

    def _saw_ahead(self, ahead: Ahead) -> None:
        self._ahead = ahead

    def _left(self, tag_pages: int) -> int | None:
        """Return how many pages are left to be visited, ``None`` as long as nobody can know."""
        ahead = self._ahead
        if ahead is None or not ahead.listed:
            return None
        return ahead.pages + min(ahead.tag_pages, tag_pages)

    def _rate(self, visited: int) -> float:
        now = time.monotonic()
        self._moments.append((now, visited))
        while len(self._moments) > 2 and now - self._moments[0][0] > WINDOW_SECONDS:  # noqa: PLR2004
            self._moments.popleft()
        since, before = self._moments[0]
        if now == since:
            since, before = self._started, 0
        return (visited - before) / max(now - since, 1e-9)


def _sites(spider: Spider | None) -> list[str]:
    return sorted(getattr(spider, "sites", ()))

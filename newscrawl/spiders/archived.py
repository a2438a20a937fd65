"""A site that is gone, as an archive has it: which captures are asked for."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Request

from newscrawl.addresses.address import Address
from newscrawl.addresses.admission import Gate
from newscrawl.addresses.captures import CAPTURE, capture_identity
from newscrawl.arguments.arguments import Arguments
from newscrawl.corpus.capturing.asking import ServerFailed, is_server
from newscrawl.corpus.capturing.files import rows_of_file
from newscrawl.corpus.capturing.listing import Listing, Shown
from newscrawl.corpus.capturing.rows import Row
from newscrawl.corpus.capturing.server import CdxServer, query_for
from newscrawl.discovery.entries import SourceKind
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.frontier.rows import Found
from newscrawl.frontier.runs import FORBIDDEN, NOTHING_FOUND, UNREACHABLE
from newscrawl.middlewares.ledger import Report
from newscrawl.middlewares.robots import RobotsMiddleware
from newscrawl.mistakes import BadInput
from newscrawl.session.session import Session, session_of
from newscrawl.spiders.roles import ENTRY

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

CAPTURE_PRIORITY = 50
AT_ONCE = 500
"""Captures that are told to the ledger at a time."""
MOST_UNTOLD = 20
"""Such groups that the ledger has still to take before it is told of more."""
PAUSE = 0.05
LIVE = frozenset({*map(str, LinkKind), *map(str, SourceKind), ENTRY})
"""The kinds of rows that stand for pages where they are: an archive has no part in them."""

logger = logging.getLogger(__name__)


class ArchivedSite:
    """Lists the captures of a run's sites, each with a row of its own, in the order of time.

    Which of them the ledger knows already it says itself: a capture does not change, so that it
    is visited once.
    """

    def __init__(self, wanted: Arguments, gate: Gate) -> None:
        self._cdx = wanted.cdx or f"{wanted.archive}cdx"
        self._since = wanted.since
        self._gate = gate

    async def reports(self, crawler: Crawler) -> AsyncIterator[Report]:
        """Yield the captures as seeds; where the list is not whole, none, and the run has failed."""
        session = session_of(crawler)
        forbidden = await _forbidden(crawler, self._cdx) if is_server(self._cdx) else None
        if forbidden is not None:
            self._fail(session, *forbidden)
            return
        is_over = threading.Event()
        with Listing(self._gate.sites, self._since, None, replayed=True) as listing:
            try:
                number = await asyncio.to_thread(self._list, listing, crawler.settings, is_over)
            except (ServerFailed, BadInput) as error:
                self._fail(session, str(error), UNREACHABLE)
                return
            finally:
                is_over.set()
            for left, count in listing.left.items():
                crawler.stats.set_value(f"newscrawl/archive/left_out/{left.name.lower()}", count)
            crawler.stats.set_value("newscrawl/archive/captures", number)
            logger.info("%s: %d captures of %d lines", self._cdx, number, listing.rows)
            if not number:
                self._fail(session, "it lists no capture of the site", NOTHING_FOUND)
            shown = listing.in_time()
            while some := await asyncio.to_thread(lambda: list(islice(shown, AT_ONCE))):
                yield Report(links=list(self._rows(some)), revisits=False)
                while _is_behind(session):  # noqa: ASYNC110 - a session has no event for it
                    await asyncio.sleep(PAUSE)

    def _list(self, listing: Listing, settings: BaseSettings, is_over: threading.Event) -> int:
        """Take all captures; return how many are to be asked for.

        Raises:
            ServerFailed: the list is not whole, or is not wanted any more.
            BadInput: the file cannot be read.
        """
        if not is_server(self._cdx):
            listing.take(_while_wanted(rows_of_file(Path(self._cdx)), is_over), is_own=True)
            return listing.settle().captures
        server = CdxServer.from_settings(self._cdx, settings, partial(_sleep, is_over))
        for site in sorted(self._gate.sites):
            rows = server.rows(query_for(site, self._since, None))
            listing.take(_while_wanted(rows, is_over), is_own=False)
        return listing.settle().captures

    def _rows(self, shown: Iterable[Shown]) -> Iterator[Found]:
        for each in shown:
            address = Address.parse(each.url)
            why = self._gate.refusal(address)
            if why is not None:
                self._gate.count(why)
                continue
            yield Found(
                site=each.site,
                identity=capture_identity(each.page, each.timestamp),
                url=address.url,
                kind=CAPTURE,
                ways=Way.ARCHIVE,
                depth=1,
                priority=CAPTURE_PRIORITY,
            )

    def _fail(self, session: Session | None, why: str, word: str) -> None:
        logger.error("%s: %s", self._cdx, why)
        if session is not None:
            session.reach.not_listed(self._gate.sites, self._cdx, why, word)


def _is_behind(session: Session | None) -> bool:
    """Whether the ledger has more to take than is to be in memory."""
    return session is not None and session.is_open and session.unanswered > MOST_UNTOLD


async def _forbidden(crawler: Crawler, url: str) -> tuple[str, str] | None:
    """Return why a list may not be asked for, and the word for it, ``None`` where it may."""
    robots = crawler.get_downloader_middleware(RobotsMiddleware)
    if robots is None or await robots.allows(Request(url)):
        return None
    if await robots.knows(Request(url)):
        return "robots.txt forbids it", FORBIDDEN
    return "its robots.txt cannot be had", UNREACHABLE


def _sleep(is_over: threading.Event, seconds: float) -> None:
    is_over.wait(seconds)


def _while_wanted(rows: Iterable[Row | None], is_over: threading.Event) -> Iterator[Row | None]:
    for row in rows:
        if is_over.is_set():
            raise ServerFailed("the run is over")
        yield row

"""The lists that a site publishes of its own pages: which are read, and what is taken of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.http import TextResponse

from newscrawl.addresses.admission import Gate
from newscrawl.arguments.arguments import Arguments
from newscrawl.discovery.alternates import is_below, read_alternates
from newscrawl.discovery.entries import Entry, SourceKind, stamp
from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.discovery.sitemaps import (
    USUAL_PLACES,
    Sitemap,
    listing_kind,
    lists_no_articles,
    read_sitemap,
)
from newscrawl.discovery.wordpress_api import posts_url, read_posts
from newscrawl.frontier.rows import Found
from newscrawl.frontier.visits import Visit
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import NotASource, Outcome, Truncated
from newscrawl.spiders.named_sitemaps import NamedSitemaps
from newscrawl.spiders.roles import ENTRY, PRIORITIES
from newscrawl.url_parts import resolve

if TYPE_CHECKING:
    from scrapy.http import Response

SOURCE_PRIORITIES = {SourceKind.API: 30, SourceKind.SITEMAP: 20, SourceKind.FEED: 10}
"""After all links, so that a page is known by what links say of it; the richest source first."""
MAX_NAMED_SITEMAPS = 200
MAX_SITEMAPS = 5000
"""Sitemaps taken from indexes in one run."""
MAX_FEED_PAGES = 100
MAX_NAMED = 100_000
AT_ONCE = 500
"""Entries that are looked at before the reactor gets its turn."""
LEFT_OUT = "left_out"
"""What evidence calls the entries of a source that are beyond a limit."""

logger = logging.getLogger(__name__)


class Sources:
    """The sources of a run.

    Those of a seed have depth 0 and are visited in every run, what they lead to (dated
    sitemaps of an index, further pages of a feed) only where there is news.
    """

    def __init__(
        self,
        wanted: Arguments,
        gate: Gate,
        start_urls: Iterable[str],
        *,
        leave_out: Callable[[int], object],
    ) -> None:
        self._wanted = wanted
        self._gate = gate
        self._count_left_out = leave_out
        self._start_urls = list(start_urls)
        self.kinds = frozenset(kind for kind in SourceKind if kind in wanted.discover)
        self.read_before: frozenset[str] = frozenset()
        if wanted.max_depth == 0:
            self.kinds = frozenset()
        elif wanted.sections:
            self.kinds -= {SourceKind.SITEMAP}
        self._sitemaps = 0
        self._asked = NamedSitemaps()
        self._named: dict[SourceKind, set[str]] = {kind: set() for kind in SourceKind}

    @property
    def left_out(self) -> frozenset[str]:
        """The kinds of rows that this run leaves in the ledger as they are."""
        return frozenset(SourceKind) - self.kinds

    def named(self, sitemaps: Sequence[str], robots: str) -> list[Found]:
        """Return the rows of the sitemaps that a robots.txt names, else of the usual places."""
        if SourceKind.SITEMAP not in self.kinds:
            return []
        self._leave_out(robots, "sitemaps", max(len(sitemaps) - MAX_NAMED_SITEMAPS, 0))
        urls = [url for url in sitemaps[:MAX_NAMED_SITEMAPS] if not lists_no_articles(url)]
        found = self._rows(SourceKind.SITEMAP, urls, base=robots)
        if not found:
            return self.usual(robots)
        self._asked.begin(robots, found)
        return found

    def ended(self, visit: Visit) -> None:
        """Take the usual places where a robots.txt names only sitemaps that name nothing."""
        if visit.row.kind == SourceKind.SITEMAP:
            for robots in self._asked.ended(visit):
                visit.links += self.usual(robots)

    def usual(self, robots: str) -> list[Found]:
        """Return rows for the usual places of sitemaps on the host of a seed."""
        hosts = {urlsplit(url).netloc for url in self._start_urls}
        if SourceKind.SITEMAP not in self.kinds or urlsplit(robots).netloc not in hosts:
            return []
        return self._rows(SourceKind.SITEMAP, USUAL_PLACES, base=robots)

    def offered(self, response: Response, visit: Visit, *, is_article: bool) -> list[Found]:
        """Return the feeds and the API that a seed offers in its head."""
        if visit.row.depth > 0 or not self.kinds or not isinstance(response, TextResponse):
            return []
        headers = [value.decode("latin-1") for value in response.headers.getlist(b"Link")]
        offered = read_alternates(response.text, response.url, headers)
        found: list[Found] = []
        if SourceKind.API in self.kinds and offered.api is not None:
            api = posts_url(offered.api, terms=bool(self._wanted.sections))
            found += self._rows(SourceKind.API, [api or ""])
        if SourceKind.FEED in self.kinds:
            feeds = (
                feed for feed in offered.feeds if not (is_article and is_below(feed, response.url))
            )
            found += self._rows(SourceKind.FEED, feeds)
        return found

    async def read(self, response: Response, visit: Visit) -> Report:
        """Return what a source says: its pages, with their dates, and where it goes on."""
        match SourceKind(visit.row.kind):
            case SourceKind.SITEMAP:
                report = await self._sitemap(response, visit)
            case SourceKind.FEED:
                report = await self._feed(response, visit)
            case SourceKind.API:
                report = await self._api(response, visit)
        if report is None:
            return Report(Outcome.REFUSED, reason=NotASource.__name__)
        if report.outcome is None:
            report.outcome, report.reason = Outcome.LISTING, visit.row.kind.capitalize()
        return report

    async def _sitemap(self, response: Response, visit: Visit) -> Report | None:
        declared = _content_type(response)
        sitemap = await asyncio.to_thread(read_sitemap, response.body, response.url, declared)
        if sitemap is None:
            return await self._feed(response, visit)
        pages = sorted(sitemap.pages, key=_newest_first)
        report, _ = await self._report(pages, SourceKind.SITEMAP, visit, whole=sitemap.whole)
        beyond = self._add_children(report, sitemap)
        self._say_left_out(report, visit, "entries", sitemap.left_out + beyond)
        return report

    def _add_children(self, report: Report, sitemap: Sitemap) -> int:
        """Take the sitemaps of an index: dated ones are visited again when their date changes.

        Return how many are beyond the limit of a run.
        """
        beyond = 0
        for child in sorted(sitemap.sitemaps, key=_newest_first):
            if lists_no_articles(child.url):
                continue
            if self._sitemaps >= MAX_SITEMAPS:
                beyond += 1
                continue
            depth = 0 if child.modified is None else 1
            for row in self._rows(SourceKind.SITEMAP, [child.url], depth=depth):
                self._sitemaps += 1
                report.links.append(row)
                if child.modified is not None:
                    report.lastmods[row.identity] = stamp(child.modified)
        return beyond

    async def _feed(self, response: Response, visit: Visit) -> Report | None:
        declared = _content_type(response)
        feed = await asyncio.to_thread(read_feed, response.body, response.url, declared)
        if feed is None:
            return None
        report, is_fresh = await self._report(
            feed.entries, SourceKind.FEED, visit, whole=feed.whole
        )
        if report.outcome is None:
            report.outcome, report.reason = Outcome.LISTING, SourceKind.FEED.capitalize()
        self._say_left_out(report, visit, "entries", feed.left_out)
        if is_fresh and feed.following is not None and self._has_no_others():
            if visit.row.depth < MAX_FEED_PAGES:
                self._go_on(report, feed.following, visit)
            else:
                self._say_left_out(report, visit, "pages of the feed, at least", 1)
        return report

    def _leave_out(self, url: str, what: str, number: int) -> None:
        if number:
            self._count_left_out(number)
            logger.warning("Beyond the limit and not read: %d %s of %s", number, what, url)

    def _say_left_out(self, report: Report, visit: Visit, what: str, number: int) -> None:
        """Say in stats, log and ledger what of a source is beyond a limit."""
        if number:
            self._leave_out(visit.row.url, what, number)
            known = report.evidence or {}
            report.evidence = {**known, LEFT_OUT: known.get(LEFT_OUT, 0) + number}

    def _has_no_others(self) -> bool:
        """Whether feeds are all that the run has: others have been read before them, if any."""
        others = self.kinds - {SourceKind.FEED}
        return not any(self._named[kind] or kind in self.read_before for kind in others)

    async def _api(self, response: Response, visit: Visit) -> Report | None:
        total, pages = (
            (response.headers.get(name) or b"").decode("latin-1")
            for name in (b"X-WP-Total", b"X-WP-TotalPages")
        )
        posts = await asyncio.to_thread(
            read_posts,
            response.body,
            response.url,
            total=total,
            pages=pages,
            content_type=_content_type(response),
        )
        if posts is None:
            return None
        report, is_fresh = await self._report(posts.entries, SourceKind.API, visit)
        if posts.total is not None:
            report.evidence = {"total": posts.total}
        self._say_left_out(report, visit, "posts, at least", posts.left_out)
        if is_fresh:
            self._go_on(report, posts.following, visit)
        return report

    def _go_on(self, report: Report, following: str | None, visit: Visit) -> None:
        """Take the following page: at first as far as they go, later as long as there is news."""
        if following is None:
            return
        rows = self._rows(SourceKind(visit.row.kind), [following], depth=visit.row.depth + 1)
        report.next_pages = [row.identity for row in rows]
        if visit.row.depth > 0 or visit.row.interval is None:
            report.links += rows

    async def _report(
        self, entries: Iterable[Entry], kind: SourceKind, visit: Visit, *, whole: bool = True
    ) -> tuple[Report, bool]:
        """Report the entries that the run wants; say whether any was not named before in it.

        A source that ends early has failed; what it names is followed.
        """
        is_fresh = False
        report = Report() if whole else Report(Outcome.FAILED, Truncated.__name__)
        named = self._named[kind]
        if len(named) > MAX_NAMED:
            named.clear()
        async for entry in _in_turns(entries):
            row = self._row_of(entry, kind)
            if row is None:
                continue
            is_past = self._is_past(entry)
            is_fresh |= row.identity not in named and not is_past
            named.add(row.identity)
            if is_past or not self._is_wanted(entry, visit):
                continue
            report.links.append(row)
            if entry.modified is not None:
                report.lastmods[row.identity] = stamp(entry.modified)
        return report, is_fresh

    def _row_of(self, entry: Entry, source: SourceKind) -> Found | None:
        address = self._gate.admit(entry.url)
        if address is None:
            return None
        way, article = Way[source.name], LinkKind.ARTICLE
        row = Found.at(address, article, way, depth=1, priority=PRIORITIES[article])
        if source is not SourceKind.SITEMAP or entry.published is not None:
            return row
        listing = listing_kind(address.path)
        if listing is None:
            return row._replace(kind=ENTRY)
        if "links" not in self._wanted.discover:
            return None
        return row._replace(kind=listing, priority=PRIORITIES[listing])

    def _is_past(self, entry: Entry) -> bool:
        """Whether an entry was last changed before ``since``."""
        since, last = self._wanted.since, entry.modified or entry.published
        return since is not None and last is not None and last < since

    def _is_wanted(self, entry: Entry, visit: Visit) -> bool:
        wanted, published = self._wanted, entry.published
        if published is not None and (
            (wanted.since is not None and published < wanted.since)
            or (wanted.until is not None and published >= wanted.until)
        ):
            return False
        return (
            not wanted.sections
            or self._gate.of_section(visit.row.url)
            or any(map(self._gate.is_section, entry.sections))
        )

    def _rows(
        self, kind: SourceKind, urls: Iterable[str], *, base: str = "", depth: int = 0
    ) -> list[Found]:
        """Return rows for sources of the run's sites; they may look like traps."""
        found = []
        for url in urls:
            try:
                joined = resolve(base, url)
            except ValueError:
                continue
            address = self._gate.admit_source(joined)
            if address is not None:
                found.append(
                    Found.at(address, kind, Way[kind.name], depth, SOURCE_PRIORITIES[kind])
                )
        return found


def _content_type(response: Response) -> str | None:
    value = response.headers.get(b"Content-Type")
    return None if value is None else value.decode("latin-1")


def _newest_first(entry: Entry) -> float:
    return -entry.modified.timestamp() if entry.modified is not None else 0.0


async def _in_turns(entries: Iterable[Entry]) -> AsyncIterator[Entry]:
    """Let the reactor have its turn between entries, of which there may be 50,000."""
    for number, entry in enumerate(entries, 1):
        yield entry
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)

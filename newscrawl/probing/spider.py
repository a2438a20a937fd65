"""A spider that asks sites for what they offer: robots.txt first, then each a few times."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.addresses.address import fetch_url, site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.discovery.alternates import read_alternates
from newscrawl.discovery.entries import SourceKind
from newscrawl.discovery.feed_heads import read_head
from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.sitemaps import USUAL_PLACES, Sitemap, lists_no_articles, read_sitemap
from newscrawl.discovery.wordpress_api import posts_url, read_posts
from newscrawl.failures import outcome_of_error
from newscrawl.middlewares.guard import READ, as_text
from newscrawl.outcomes import NotText, RobotsForbidden
from newscrawl.probing.findings import Finding

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

MOST = 9
"""Requests to a site beside that for its robots.txt."""
MOST_FEEDS = 2
MOST_NAMED = 3
"""Sitemaps of a robots.txt that are read."""
SITE_SECONDS = 120.0
"""For one site, from its first request on; then what is known by then counts."""
AT_ONCE = 32
"""Sites that are asked side by side."""
MAX_SAID = 200

logger = logging.getLogger(__name__)


class ProbeSpider(Spider):
    """Fills ``findings``; ``is_done`` says that none was left out.

    Sites are asked side by side, those of one host one after another: its gap is theirs together,
    and the time of each is its own. Inner addresses are
    asked only where the user has named them.
    """

    name = "probe"
    own_urls: Sequence[str] = ()

    def __init__(self, *args: Any, findings: Sequence[Finding] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        self.findings = findings
        self.start_urls = [finding.given.url for finding in findings]
        self.sites = frozenset(map(site_of, self.start_urls))
        self.is_done = False
        self._sitemaps: dict[str, list[str]] = {}
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **named: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **named)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        return spider

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        named = list(getattr(robotparser, "sitemaps", ()))
        self._sitemaps[urljoin(request.url, "/")] = named

    async def start(self) -> AsyncIterator[Any]:
        turns = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._in_turn(each, turns) for each in self.findings))
        self.is_done = True
        requests: tuple[Request, ...] = ()  # all were asked for above, none is the scheduler's
        for request in requests:
            yield request

    async def _in_turn(self, finding: Finding, turns: asyncio.Semaphore) -> None:
        host = urlsplit(finding.given.url).hostname or ""
        async with self._hosts[host], turns:
            try:
                async with asyncio.timeout(SITE_SECONDS):
                    await Probe(self, finding).run()
            except TimeoutError:
                finding.is_cut = True
                finding.problem = "" if finding.url else f"did not answer in {SITE_SECONDS:.0f} s"
            except Exception as error:
                logger.exception("Cannot read what %s offers", finding.given.url)
                finding.problem = f"cannot be read: {type(error).__name__}"
            logger.info("%s: %s", finding.given.url, finding.problem or finding.sentence())

    def sitemaps_of(self, url: str) -> list[str]:
        """Return the sitemaps that the robots.txt of a page's host names."""
        named = self._sitemaps.get(urljoin(url, "/"), [])
        return [each for each in named if not lists_no_articles(each)]


class NotHad(Exception):  # noqa: N818 - named as what came of it
    """There is no answer that could be read; the message is why."""


class Probe:
    """The few requests to one site."""

    def __init__(self, spider: ProbeSpider, finding: Finding) -> None:
        self._spider = spider
        self._finding = finding
        self._asked = 0
        self._now = datetime.now(UTC)

    async def run(self) -> None:
        finding = self._finding
        try:
            home = await self._home(finding.given.url)
        except NotHad as error:
            finding.problem = str(error)
            return
        finding.url = fetch_url(home.url)
        finding.tell_language(*home.xpath("/html/@lang | /html/@xml:lang").getall())
        headers = [value.decode("latin-1") for value in home.headers.getlist(b"Link")]
        offered = read_alternates(home.text, home.url, headers)
        for feed in self._own(offered.feeds)[:MOST_FEEDS]:
            await self._feed(feed)
        if offered.api is not None:
            for api in self._own([posts_url(offered.api) or ""]):
                await self._api(api)
        await self._all_sitemaps(home.url)

    async def _home(self, url: str) -> HtmlResponse:
        """Return the page at an address; where that is a feed, the start page of its site.

        Raises:
            NotHad: there is none.
        """
        response = await self._ask(url)
        if read_feed(response.body, response.url, _type_of(response)) is not None:
            response = await self._ask(urljoin(response.url, "/"))
        try:
            page = as_text(response)
        except NotText:
            raise NotHad("is no web page") from None
        if not page.body or not isinstance(page, HtmlResponse):
            raise NotHad("is no web page")
        return page

    async def _ask(self, url: str) -> Response:
        """Return an answer that has something to say.

        Raises:
            NotHad: there is none, or the site was asked often enough.
        """
        if self._asked >= MOST:
            raise NotHad("was asked often enough")
        self._asked += 1
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self._spider.crawler.engine.download_async(request)
        except RobotsForbidden:
            raise NotHad("is forbidden by its robots.txt") from None
        except Exception as error:
            _, reason = outcome_of_error(error)
            said = str(error).partition("\n")[0][:MAX_SAID]
            told = f" ({said})" if said and said not in reason else ""
            raise NotHad(f"could not be had: {reason}{told}") from error
        if response.status not in READ:
            raise NotHad(f"was answered with {response.status}")
        return response

    def _own(self, urls: Iterable[str]) -> list[str]:
        """Return the addresses that are of the site: a crawl reads no others."""
        site = site_of(self._finding.url)
        found = []
        for url in urls:
            try:
                if site_of(url) == site:
                    found.append(fetch_url(url))
            except UnfetchableURL:
                continue
        return list(dict.fromkeys(found))

    async def _feed(self, url: str) -> None:
        try:
            response = await self._ask(url)
        except NotHad as error:
            logger.info("%s %s", url, error)
            return
        declared = _type_of(response)
        feed = await asyncio.to_thread(read_feed, response.body, response.url, declared)
        if feed is None:
            return
        head = await asyncio.to_thread(read_head, response.body, declared)
        self._finding.note(SourceKind.FEED, url)
        self._finding.tell_language(head.language)
        self._finding.dates += head.dates
        self._finding.count([each.published for each in feed.entries if each.published], self._now)

    async def _api(self, url: str) -> None:
        try:
            response = await self._ask(url)
        except NotHad as error:
            logger.info("%s %s", url, error)
            return
        posts = await asyncio.to_thread(
            read_posts,
            *(response.body, response.url),
            total=None,
            pages=None,
            content_type=_type_of(response),
        )
        if posts is not None:
            self._finding.note(SourceKind.API, url)
            dates = [each.published for each in posts.entries if each.published]
            self._finding.count(dates, self._now)

    async def _all_sitemaps(self, home: str) -> None:
        """Read those that robots.txt names, else the first that is at a usual place."""
        for url in self._own(self._spider.sitemaps_of(home))[:MOST_NAMED]:
            await self._sitemap(url)
        for place in USUAL_PLACES:
            if self._finding.sources.get(SourceKind.SITEMAP):
                return
            await self._sitemap(urljoin(home, place))

    async def _sitemap(self, url: str, *, is_child: bool = False) -> None:
        try:
            response = await self._ask(url)
        except NotHad as error:
            logger.info("%s %s", url, error)
            return
        found = await asyncio.to_thread(
            read_sitemap, response.body, response.url, _type_of(response)
        )
        if found is None:
            return
        if not is_child:
            self._finding.note(SourceKind.SITEMAP, url)
        self._finding.count([each.published for each in found.pages if each.published], self._now)
        child = None if is_child else self._child(found)
        if child is not None:
            await self._sitemap(child, is_child=True)

    def _child(self, index: Sitemap) -> str | None:
        """Return the sitemap of an index that tells most of its news, where more is to be known."""
        urls = self._own(each.url for each in index.sitemaps if not lists_no_articles(each.url))
        of_news = [url for url in urls if "news" in url.rpartition("/")[2].lower()]
        return of_news[0] if of_news else None


def _type_of(response: Response) -> str | None:
    value = response.headers.get(b"Content-Type")
    return None if value is None else value.decode("latin-1")

"""The traversal of a news site: which links are followed, in which order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar, Self
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import JsonResponse, Response, XmlResponse
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from web_poet import HttpClient, HttpResponse
from web_poet.exceptions import HttpError

from newscrawl.addresses.address import fetch_url, identity, site_of
from newscrawl.addresses.admission import EVERY_WAY, Gate
from newscrawl.addresses.captures import captured_at, replay_url, timestamp_in
from newscrawl.addresses.shapes import Shapes
from newscrawl.arguments.arguments import KNOWN, Arguments, signals_named
from newscrawl.arguments.limits import check_limits, depth_of
from newscrawl.arguments.own_arguments import OwnArguments, texts
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import Link, LinkKind, Way, absolute
from newscrawl.frontier.rows import Found, found_at
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article
from newscrawl.middlewares.archive import answer_to_part
from newscrawl.middlewares.browser import evidence_of, use_browser
from newscrawl.middlewares.ledger import Report, rejected
from newscrawl.mistakes import Mistakes
from newscrawl.outcomes import (
    BadField,
    NotText,
    OptedOut,
    Outcome,
)
from newscrawl.own_items import article_of
from newscrawl.pages.documents.sniffing import Media, media_of
from newscrawl.pages.fields.parts import join_parts
from newscrawl.pages.judging.evidence import Facts
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage
from newscrawl.pages.sites import unheard
from newscrawl.session.keeping import is_start_replaced
from newscrawl.session.session import session_of
from newscrawl.spiders.archived import LIVE, ArchivedSite
from newscrawl.spiders.components import components_of, keep
from newscrawl.spiders.deadline import TooSlow, deadline
from newscrawl.spiders.listings import Listings, is_far, next_pages
from newscrawl.spiders.placeholders import PLACEHOLDERS, WITH_MENUS
from newscrawl.spiders.plain import PlainWalk
from newscrawl.spiders.readiness import refuse_where_unready, why_not
from newscrawl.spiders.roles import ACROSS_SECTIONS, roles_on
from newscrawl.spiders.sources import Sources

MAX_PARTS = 50
NOFOLLOW = frozenset({"nofollow"})
SEED_PRIORITY = 120


class NewsSpider(Spider):
    """Follows category, pagination, related and previous/next links of a news site.

    A site's own spider names it and its ``start_urls``. Arguments: ``sections``,
    ``since``, ``until``, ``max_articles``, ``max_depth``, ``discover`` (which of ``links``,
    ``sitemap``, ``feed``, ``api``; or ``archive`` alone, with the address of an ``archive`` and
    perhaps of its ``cdx``), ``browser`` (``never`` or ``auto``: pages that cannot be
    read without their scripts), ``timezone`` (of dates without an offset), and ``url`` in place of
    ``start_urls``. A class of the user's may take others, in ``__init__`` or as annotated attributes.
    What services such as scrapyd say of their job (``_job`` and others) become attributes.
    """

    start_urls: list[str] = []
    """Where each run begins; it does not leave their registered domains."""
    never: ClassVar[Collection[str]] = ()
    """Paths that are not visited, nor what is below them: ``("/shop",)``."""
    own_urls: Collection[str] = ()
    """URLs that the spider's own code asks for, whose hosts may lie in an inner network."""
    required_arguments: ClassVar[Collection[str]] = ()
    """Names of arguments without which a run does not begin."""
    max_reading = 0.0
    obeyed: frozenset[str] = frozenset()
    archives = False

    def __init__(self, name: str | None = None, **given: Any) -> None:
        own = self._own_arguments()
        ours = texts(given)
        arguments = self._parsed(own, ours)
        kept = {key: each for key, each in given.items() if self._may_become_attribute(key)}
        super().__init__(name, **kept)
        self.arguments = own.kept(ours)
        self.start_urls = [*(arguments.urls or map(fetch_url, self.start_urls))]
        self.section_paths = [path for path in arguments.sections if path.startswith("/")]
        self.since = arguments.since
        self.until = arguments.until
        self.max_articles = arguments.max_articles
        self.max_depth = arguments.max_depth
        self.browser = arguments.browser
        self.zone = arguments.timezone
        self.gate = Gate(
            frozenset(map(site_of, self.start_urls)),
            count=self._count,
            never=self.never,
            sections=arguments.sections,
        )
        self.follows_links = "links" in arguments.discover
        self.replayed_from = arguments.archive
        self._archived = ArchivedSite(arguments, self.gate) if arguments.archive else None
        self.sources = Sources(
            arguments, self.gate, self.start_urls, leave_out=self._count_left_out
        )
        self._listings = Listings()
        self._plain = PlainWalk(self.gate)

    def _may_become_attribute(self, key: str) -> bool:
        """Whether an argument is none of ours, nor one of a job that is called as our own code."""
        return key not in KNOWN and not (key.startswith("_") and hasattr(self, key))

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Let components of ``custom_settings`` join those of the project, not take their place."""
        before = components_of(settings)
        super().update_settings(settings)
        keep(settings, before)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        own = cls._own_arguments()
        check_limits(crawler.settings)
        spider = super().from_crawler(crawler, *args, **own.read(kwargs))
        spider.arguments = own.kept(texts(kwargs))
        spider.max_depth = depth_of(crawler.settings, spider.max_depth)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(spider.opened, signal=signals.spider_opened)
        spider.obeyed = signals_named(crawler.settings)
        if spider.browser:
            use_browser(crawler.settings)
        return spider

    def opened(self) -> None:
        """Read settings that add-ons give, which Scrapy loads after it has made the spider.

        Raises:
            CloseSpider: something is missing without which nothing would be stored.
        """
        self.max_reading = self.settings.getfloat("NEWSCRAWL_MAX_READING")
        self.archives = bool(self.settings["NEWSCRAWL_ARCHIVE"])
        refuse_where_unready(self.crawler)

    @property
    def unready(self) -> str:
        """Why no crawl can begin, in one line; empty where it can."""
        return why_not(self.crawler)

    @property
    def sites(self) -> frozenset[str]:
        """The registered domains of the start URLs, which the run does not leave."""
        return self.gate.sites

    @property
    def shapes(self) -> Shapes:
        """What the run learns of shapes of URLs."""
        return self.gate.shapes

    @property
    def sources_read(self) -> frozenset[str]:
        """The kinds of sources that a run has read with which this one goes on."""
        return self.sources.read_before

    @sources_read.setter
    def sources_read(self, kinds: frozenset[str]) -> None:
        self.sources.read_before = kinds

    @property
    def left_out(self) -> frozenset[str]:
        """The kinds of rows that the run leaves as they are."""
        return LIVE if self.replayed_from else self.sources.left_out

    @classmethod
    def parse_arguments(cls, given: dict[str, str]) -> Arguments:
        """Check arguments before a crawl begins, also those that a spider of the user's own takes.

        Raises:
            BadInput: some are unknown, missing or malformed; each is named.
        """
        own = cls._own_arguments()
        mistakes = Mistakes()
        mistakes.trying({}, own.read, given)
        ours = {name: each for name, each in given.items() if name not in own.parameters}
        arguments = mistakes.trying(Arguments(), cls._parsed, own, texts(ours))
        mistakes.tell()
        return arguments

    @classmethod
    def _own_arguments(cls) -> OwnArguments:
        return OwnArguments.of(cls, NewsSpider, KNOWN)

    @classmethod
    def _parsed(cls, own: OwnArguments, given: dict[str, str]) -> Arguments:
        required = {*cls.required_arguments}.difference(own.parameters)
        return Arguments.parse(given, required=required, own=own, taken=dir(NewsSpider))

    async def start(self) -> AsyncIterator[Any]:
        for name in unheard():
            self.logger.warning("%s reads no page: take handle_urls from newscrawl.pages", name)
        if self._archived is not None:
            async for report in self._archived.reports(self.crawler):
                yield report
            return
        urls = list(self.start_urls)
        urls += [urljoin(url, path) for url in self.start_urls for path in self.section_paths]
        yield Report(
            links=[
                found_at(url, kind=LinkKind.CATEGORY, way=Way.SEED, depth=0, priority=SEED_PRIORITY)
                for url in dict.fromkeys(urls)
            ]
        )

    def plain_requests(self, found: Iterable[Found]) -> Iterator[Request]:
        """Yield requests for what a crawl without a ledger is to ask for, each once."""
        return self._plain.requests(found, self.parse)

    async def parse(
        self, response: Response, page: NewsPage, http: HttpClient
    ) -> AsyncIterator[Any]:
        """Yield the article of a page, and what the page leads to.

        To the ledger that is a report. A request that is not the ledger's brings requests.
        """
        visit: Visit | None = response.meta.get("visit")
        if visit is None:
            outputs = self._plain.outputs(response, self, partial(self._outputs, page, http))
        else:
            outputs = self._outputs(page, http, response, visit)
        async for output in outputs:
            yield output

    async def _outputs(
        self, page: NewsPage, http: HttpClient, response: Response, visit: Visit
    ) -> AsyncIterator[Any]:
        if visit.row.kind in SOURCES:
            yield await self.sources.read(response, visit)
            return
        if isinstance(response, XmlResponse):
            yield Report(Outcome.LISTING, reason="Xml")
            return
        if isinstance(response, JsonResponse):
            yield Report(Outcome.PAGE, reason="Json")
            return
        self._tell(page, visit)
        try:
            evidence, named = self._read(page, response, visit)
        except TooSlow:
            yield Report(Outcome.FAILED, TooSlow.__name__)
            return
        if page.kind in PLACEHOLDERS:
            yield self._placeholder(page, visit, evidence)
            return
        links = self.follow(named, visit)
        links += self.sources.offered(response, visit, is_article=page.kind is PageKind.ARTICLE)
        if page.kind is not PageKind.ARTICLE:
            yield self._no_article(page, visit, named, links, evidence)
        elif self.obeyed & {*page.signals} - NOFOLLOW:
            yield Report(Outcome.REFUSED, OptedOut.__name__, links=links, evidence=evidence)
        else:
            yield Report(links=links, evidence=evidence)
            is_asked_by_ledger = "visit" in response.meta
            read = self.parse_article(response, page, http) if is_asked_by_ledger else None
            async for output in read or self._article(page, http, visit):
                yield output

    def _no_article(
        self,
        page: NewsPage,
        visit: Visit,
        named: Sequence[Link],
        links: list[Found],
        evidence: Facts,
    ) -> Report:
        match page.kind:
            case PageKind.LISTING:
                articles = (link.url for link in named if link.kind is LinkKind.ARTICLE)
                visit.lists_new = self.shapes.lists_new(visit.row.url, articles)
                following = next_pages(named, visit.row.url, self.gate)
                return Report(Outcome.LISTING, links=links, next_pages=following, evidence=evidence)
            case PageKind.PART:
                links += self.follow(self._whole(page), visit)
                return Report(Outcome.PART, links=links, evidence=evidence)
            case _:
                return Report(Outcome.PAGE, links=links, evidence=evidence)

    def _read(self, page: NewsPage, response: Response, visit: Visit) -> tuple[Facts, list[Link]]:
        """Return the evidence and the links of a page.

        Raises:
            TooSlow: that took too long.
        """
        with deadline(self.max_reading):
            evidence = evidence_of(page, response)
            if page.signals:
                evidence = {**evidence, "signals": " ".join(page.signals)}
            if page.kind in PLACEHOLDERS:
                return evidence, []
            known = getattr(page, "shortlinks", ())  # a site's own page object may have none
            self.gate.learn_shortlinks(known, response.url)
            if visit.row.depth == 0:
                visit.leads = self._leads(page, visit)
            follows = not self.obeyed & {*page.signals} & NOFOLLOW
            return evidence, self._links(page, visit) if follows else []

    def _leads(self, page: NewsPage, visit: Visit) -> list[str]:
        """Return the identities of the pages of the site that a start page links to, but itself."""
        named = (self.gate.within(link.url) for link in page.links)
        keys = {address.identity for address in named if address is not None}
        return sorted(keys - {visit.row.identity})

    def _placeholder(self, page: NewsPage, visit: Visit, evidence: Facts) -> Report:
        outcome, reason = PLACEHOLDERS[page.kind]
        links = self.follow(self._links(page, visit), visit) if page.kind in WITH_MENUS else []
        return Report(outcome, reason.__name__, links=links, evidence=evidence)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Ask for the sitemaps that robots.txt names, else for those in the usual places.

        A ``ROBOTSTXT_PARSER`` of the user's names those that its attribute ``sitemaps`` has.
        """
        session = session_of(self.crawler)
        sitemaps = list(getattr(robotparser, "sitemaps", ()))
        if sitemaps:
            found = self.sources.named(sitemaps, request.url)
        else:
            found = self.sources.usual(request.url)
        if session is not None:
            session.discover(found, revisit=bool(sitemaps) and not session.resumed)
        elif not is_start_replaced(self) and self.crawler.crawling:
            for each in self.plain_requests(found):
                self.crawler.engine.crawl(each)

    def ended(self, visit: Visit) -> None:
        """Hear of the end of a visit before it is committed."""
        self.sources.ended(visit)

    async def parse_article(
        self, response: Response, page: NewsPage, http: HttpClient
    ) -> AsyncIterator[Any]:
        """Yield the article of a page, whatever kind of page it is, and follow nothing."""
        visit: Visit | None = response.meta.get("visit")
        read = partial(self._outputs_of_article, page, http)
        outputs = (
            self._plain.outputs(response, self, read)
            if visit is None
            else self._article(page, http, visit)
        )
        async for output in outputs:
            yield output

    async def _outputs_of_article(
        self, page: NewsPage, http: HttpClient, _: Response, visit: Visit
    ) -> AsyncIterator[Any]:
        self._tell(page, visit)
        async for output in self._article(page, http, visit):
            yield output

    def _tell(self, page: NewsPage, visit: Visit) -> None:
        """Tell a page what the run knows: when it came, and the zone that the user gave."""
        page.fetched = captured_at(visit.row.identity) or datetime.now(UTC)
        if self.zone is not None:
            page.zone = self.zone

    async def _article(self, page: NewsPage, http: HttpClient, visit: Visit) -> AsyncIterator[Any]:
        """Yield the article of ``page``, joined with the parts it is split into."""
        try:
            with deadline(self.max_reading):
                article = article_of(await page.to_item())
        except TooSlow:
            yield Report(Outcome.FAILED, TooSlow.__name__)
            return
        except BadField as error:
            yield rejected(error, visit.row.url)
            return
        if not isinstance(article, Article):
            yield article
            return
        article.found_via = visit.row.found_via
        article.last_seen = captured_at(visit.row.identity)
        parts = [url for url in page.part_urls if self.gate.within(url)][:MAX_PARTS]
        try:
            rest = [await self._part(page, http, url, visit) for url in parts]
        except (HttpError, NotText) as error:
            yield Report(Outcome.FAILED, reason=f"MissingPart: {error}")
            return
        if rest:
            article = join_parts(article, rest)
            yield Report(parts=[self._found_part(url, visit) for url in parts])
        yield article

    async def _part(self, page: NewsPage, http: HttpClient, url: str, visit: Visit) -> Article:
        visit.fetched += 1
        response = await self._answer_to_part(http, url, visit)
        declared = response.headers.get("Content-Type") or ""
        if media_of(bytes(response.body), declared.encode()) is Media.BINARY:
            raise NotText(url)
        beside = getattr(page, "beside", type(page))  # a site's own page object may have none
        article: Article = article_of(await beside(response).to_item())
        return article

    async def _answer_to_part(self, http: HttpClient, url: str, visit: Visit) -> HttpResponse:
        """Return the answer to a part; of a captured article it is that of the same time."""
        if timestamp := timestamp_in(visit.row.identity):
            shown = await http.get(replay_url(self.replayed_from, timestamp, url))
            return HttpResponse(url, bytes(shown.body), status=shown.status, headers=shown.headers)
        response = await http.get(url)
        if self.archives:
            visit.answers[identity(url)] = answer_to_part(response)
        return response

    def _found_part(self, url: str, visit: Visit) -> Found:
        return found_at(
            url,
            kind=LinkKind.PART,
            way=Way.PART,
            depth=visit.row.depth + 1,
            priority=0,
        )

    def _links(self, page: NewsPage, visit: Visit) -> list[Link]:
        """Return the links of a page, with the page that follows a listing without naming it."""
        if not self.follows_links:
            return []
        links = absolute(page.links, visit.row.url)
        if page.kind is PageKind.LISTING and page.offers_more:
            links += self._listings.unnamed(links, visit.row.url)
        return links

    def _whole(self, page: NewsPage) -> Iterable[Link]:
        if page.first_part_url:
            yield Link(page.first_part_url, LinkKind.ARTICLE)

    def follow(self, links: Iterable[Link], visit: Visit) -> list[Found]:
        """Return the rows for the links of a page that the rules let through."""
        depth = visit.row.depth + 1
        if self.max_depth is not None and depth > self.max_depth:
            self._count("too_deep")
            return []
        taken: dict[LinkKind, int] = {}
        found: list[Found] = []
        roles, has_seen = roles_on(visit.row.kind), self.gate.has_seen
        for link in links:
            role = roles.get(link.kind)
            if role is None or has_seen(link.url, role.bit):
                continue
            if link.kind is LinkKind.PAGINATION and is_far(link.url):
                self._count("trap/listing")
                continue
            if taken.get(link.kind, 0) >= role.a_page:
                self._count("too_many")
                continue
            if self.gate.sections and not self._in_sections(link, visit):
                continue
            address = self.gate.admit(link.url)
            self.gate.remember(link.url, EVERY_WAY if address is None else role.bit)
            if address is not None:
                taken[link.kind] = taken.get(link.kind, 0) + 1
                found.append(Found.at(address, role.kind, role.way, depth, role.priority))
        return found

    def _in_sections(self, link: Link, visit: Visit) -> bool:
        """Whether the ``sections`` asked for let a link through.

        A category must be of one of them; articles and pages count where they
        stand on a listing of one.
        """
        if link.kind in ACROSS_SECTIONS:
            return False
        return self.gate.of_section(link.url if link.kind is LinkKind.CATEGORY else visit.row.url)

    def _count(self, what: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"newscrawl/links/{what}")

    def _count_left_out(self, number: int) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value("newscrawl/sources/left_out", number)

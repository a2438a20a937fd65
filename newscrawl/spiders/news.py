"""The traversal of a news site: which links are followed, in which order."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any, ClassVar, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, XmlResponse
from scrapy.robotstxt import RobotParser
from web_poet import HttpClient
from web_poet.exceptions import HttpError

from newscrawl.addresses.shapes import Shapes
from newscrawl.addresses.traps import trap
from newscrawl.addresses.urls import UnfetchableURL, fetch_url, identity, site_of, untracked_url
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import LINKED, LISTED, Link, LinkKind, Way
from newscrawl.discovery.load_more import next_numbered
from newscrawl.frontier.rows import Found, found_at
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article
from newscrawl.middlewares.archive import answer_to_part
from newscrawl.middlewares.browser import evidence_of, use_browser
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import (
    BotWall,
    ConsentWall,
    NeedsBrowser,
    OptedOut,
    Outcome,
    PasswordProtected,
    SoftNotFound,
)
from newscrawl.pages.fields.parts import join_parts, numbered
from newscrawl.pages.judging.kinds import Facts, PageKind
from newscrawl.pages.news import NewsPage
from newscrawl.session.session import session_of
from newscrawl.spiders.arguments import Arguments, signals_named
from newscrawl.spiders.deadline import TooSlow, deadline
from newscrawl.spiders.sources import ENTRY, Sources

MAX_KNOWN_LINKS = 50_000
MAX_PARTS = 50
NOFOLLOW = frozenset({"nofollow"})


class LinkRule(NamedTuple):
    """How links of a kind are followed: a negative priority waits until all others are done."""

    priority: int
    a_page: int


LINK_RULES: dict[LinkKind, LinkRule] = {
    LinkKind.CATEGORY: LinkRule(priority=100, a_page=200),
    LinkKind.ARTICLE: LinkRule(priority=80, a_page=500),
    LinkKind.PAGINATION: LinkRule(priority=60, a_page=50),
    LinkKind.PREVNEXT: LinkRule(priority=40, a_page=4),
    LinkKind.RELATED: LinkRule(priority=40, a_page=200),
    LinkKind.AUTHOR: LinkRule(priority=-10, a_page=10),
    LinkKind.TAG: LinkRule(priority=-20, a_page=50),
}
STANDING_IN: dict[PageKind, tuple[Outcome, type[Exception]]] = {
    PageKind.CONSENT_WALL: (Outcome.REFUSED, ConsentWall),
    PageKind.BOT_WALL: (Outcome.REFUSED, BotWall),
    PageKind.PASSWORD_WALL: (Outcome.REJECTED, PasswordProtected),
    PageKind.NOT_FOUND: (Outcome.GONE, SoftNotFound),
    PageKind.SHELL: (Outcome.REJECTED, NeedsBrowser),
}
"""What a page stands for that is there in place of the one asked for."""
WITH_MENUS = frozenset({PageKind.SHELL, PageKind.PASSWORD_WALL})
"""Of these the links of the site may be there; relative links of what is not found lead nowhere."""
SEED_PRIORITY = 120
MAX_LISTING_PAGE = 10_000
"""Number of a page of a listing beyond which none is followed: no archive is read so far."""
LISTING_PAGE = re.compile(r"(?:/page/|[?&](?:paged?|pg|seite)=)(?P<number>\d{1,18})")
MAX_WALKED = 1000
"""Listings whose pages are told apart by what they list."""
LISTINGS = frozenset({LinkKind.CATEGORY, LinkKind.PAGINATION, LinkKind.TAG, LinkKind.AUTHOR})
WAYS: dict[str, int] = {kind.value: Way[kind.name].value for kind in LinkKind}
LISTED_WAYS, LINKED_WAYS, EVERY_WAY = LISTED.value, LINKED.value, -1
ACROSS_SECTIONS = frozenset({LinkKind.RELATED, LinkKind.PREVNEXT, LinkKind.TAG, LinkKind.AUTHOR})


class NewsSpider(Spider):
    """Follows category, pagination, related and previous/next links of a news site.

    A site's own spider names it, its ``start_urls`` and, where it needs to,
    ``never`` (paths that are not visited, nor what is below them) and ``own_urls`` (URLs that its
    own code asks for, whose hosts may lie in an inner network). Arguments: ``sections``,
    ``since``, ``until``, ``max_articles``, ``max_depth``, ``discover`` (which of ``links``,
    ``sitemap``, ``feed``, ``api``), ``browser`` (``never`` or ``auto``: pages that cannot be
    read without their scripts), and ``url`` in place of ``start_urls``.
    """

    start_urls: list[str] = []
    never: ClassVar[Collection[str]] = ()
    own_urls: Collection[str] = ()
    required_arguments: ClassVar[Collection[str]] = ()
    max_reading = 0.0
    obeyed: frozenset[str] = frozenset()
    archives = False
    sources_read: frozenset[str] = frozenset()
    """The kinds of sources that a run has read with which this one goes on."""

    def __init__(self, name: str | None = None, **given: str) -> None:
        super().__init__(name)
        arguments = self.parse_arguments(given)
        self.arguments = dict(given)
        self.start_urls = [*(arguments.urls or map(fetch_url, self.start_urls))]
        self.sections = frozenset(map(_slug, arguments.sections))
        self.section_paths = [path for path in arguments.sections if path.startswith("/")]
        self.since = arguments.since
        self.until = arguments.until
        self.max_articles = arguments.max_articles
        self.max_depth = arguments.max_depth
        self.browser = arguments.browser
        self.sites = frozenset(map(site_of, self.start_urls))
        self._never = tuple(f"{path}/" for path in self.never)
        self.follows_links = "links" in arguments.discover
        self.sources = Sources(
            self, arguments.discover, {kind: rule.priority for kind, rule in LINK_RULES.items()}
        )
        self.shapes = Shapes()
        self._known: dict[str, int] = {}
        self._walked: dict[str, set[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        spider.max_reading = crawler.settings.getfloat("NEWSCRAWL_MAX_READING")
        spider.obeyed = signals_named(crawler.settings)
        spider.archives = bool(crawler.settings["NEWSCRAWL_ARCHIVE"])
        if spider.browser:
            use_browser(crawler.settings)
        return spider

    @property
    def left_out(self) -> frozenset[str]:
        """The kinds of rows that the run leaves as they are."""
        return self.sources.left_out

    @classmethod
    def parse_arguments(cls, given: dict[str, str]) -> Arguments:
        """Check arguments before a crawl begins.

        Raises:
            ValueError: one is unknown, missing or malformed; the message names it.
        """
        return Arguments.parse(given, required=cls.required_arguments)

    async def start(self) -> AsyncIterator[Any]:
        urls = list(self.start_urls)
        urls += [urljoin(url, path) for url in self.start_urls for path in self.section_paths]
        yield Report(
            links=[
                found_at(
                    url,
                    kind=LinkKind.CATEGORY,
                    way=Way.SEED,
                    depth=0,
                    priority=SEED_PRIORITY,
                )
                for url in dict.fromkeys(urls)
            ]
        )

    async def parse(
        self, response: Response, page: NewsPage, http: HttpClient
    ) -> AsyncIterator[Any]:
        visit: Visit = response.meta["visit"]
        if visit.row.kind in SOURCES:
            yield await self.sources.read(response, visit)
            return
        if isinstance(response, XmlResponse):
            yield Report(Outcome.LISTING, reason="Xml")
            return
        try:
            evidence, named = self._read(page, response, visit)
        except TooSlow:
            yield Report(Outcome.FAILED, TooSlow.__name__)
            return
        if page.kind in STANDING_IN:
            yield self._standing_in(page, visit, evidence)
            return
        links = self.follow(named, visit)
        links += self.sources.offered(response, visit, is_article=page.kind is PageKind.ARTICLE)
        match page.kind:
            case PageKind.ARTICLE if self.obeyed & {*page.signals} - {"nofollow"}:
                yield Report(Outcome.REFUSED, OptedOut.__name__, links=links, evidence=evidence)
            case PageKind.ARTICLE:
                yield Report(links=links, evidence=evidence)
                async for output in self.parse_article(page, http, visit):
                    yield output
            case PageKind.LISTING:
                articles = (link.url for link in named if link.kind is LinkKind.ARTICLE)
                visit.lists_new = self.shapes.lists_new(visit.row.url, articles)
                yield Report(
                    Outcome.LISTING,
                    links=links,
                    next_pages=self._next_pages(named, visit),
                    evidence=evidence,
                )
            case PageKind.PART:
                links += self.follow(self._whole(page), visit)
                yield Report(Outcome.PART, links=links, evidence=evidence)
            case _:
                yield Report(Outcome.PAGE, links=links, evidence=evidence)

    def _read(self, page: NewsPage, response: Response, visit: Visit) -> tuple[Facts, list[Link]]:
        """Return the evidence and the links of a page.

        Raises:
            TooSlow: that took too long.
        """
        with deadline(self.max_reading):
            evidence = evidence_of(page, response)
            if page.signals:
                evidence = {**evidence, "signals": " ".join(page.signals)}
            if page.kind in STANDING_IN:
                return evidence, []
            if visit.row.depth == 0:
                visit.leads = self._leads(page, visit)
            follows = not self.obeyed & {*page.signals} & NOFOLLOW
            return evidence, self._links(page, visit) if follows else []

    def _leads(self, page: NewsPage, visit: Visit) -> list[str]:
        """Return the identities of the pages of the site that a start page links to, but itself."""
        keys = {identity(fetch_url(link.url)) for link in page.links if self._in_scope(link.url)}
        return sorted(keys - {visit.row.identity})

    def _standing_in(self, page: NewsPage, visit: Visit, evidence: Facts) -> Report:
        outcome, reason = STANDING_IN[page.kind]
        links = self.follow(self._links(page, visit), visit) if page.kind in WITH_MENUS else []
        return Report(outcome, reason.__name__, links=links, evidence=evidence)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Take the sitemaps that robots.txt names into the ledger, else try the usual places.

        A ``ROBOTSTXT_PARSER`` of the user's names those that its attribute ``sitemaps`` has.
        """
        session = session_of(self.crawler)
        if session is None:
            return
        sitemaps = list(getattr(robotparser, "sitemaps", ()))
        if sitemaps:
            named = self.sources.named(sitemaps, request.url)
            session.discover(named, revisit=not session.resumed)
        else:
            session.discover(self.sources.usual(request.url))

    async def parse_article(
        self, page: NewsPage, http: HttpClient, visit: Visit
    ) -> AsyncIterator[Any]:
        """Yield the article of ``page``, joined with the parts it is split into."""
        try:
            with deadline(self.max_reading):
                article = await page.to_item()
        except TooSlow:
            yield Report(Outcome.FAILED, TooSlow.__name__)
            return
        article.found_via = visit.row.found_via
        parts = [url for url in page.part_urls if self._in_scope(url)][:MAX_PARTS]
        try:
            rest = [await self._part(page, http, url, visit) for url in parts]
        except HttpError as error:
            yield Report(Outcome.FAILED, reason=f"MissingPart: {error}")
            return
        if rest:
            article = join_parts(article, rest)
            yield Report(parts=[self._found_part(url, visit) for url in parts])
        yield article

    async def _part(self, page: NewsPage, http: HttpClient, url: str, visit: Visit) -> Article:
        response = await http.get(url)
        if self.archives:
            visit.answers[identity(fetch_url(url))] = answer_to_part(response)
        article: Article = await type(page)(response).to_item()
        return article

    def _found_part(self, url: str, visit: Visit) -> Found:
        return found_at(
            fetch_url(url),
            kind=LinkKind.PART,
            way=Way.PART,
            depth=visit.row.depth + 1,
            priority=0,
        )

    def _links(self, page: NewsPage, visit: Visit) -> list[Link]:
        """Return the links of a page, with the page that follows a listing without naming it."""
        if not self.follows_links:
            return []
        links = list(page.links)
        if page.kind is PageKind.LISTING and page.offers_more:
            following = next_numbered(visit.row.url)
            if following is not None and self._may_go_on(links, visit.row.url):
                links.append(Link(following, LinkKind.PAGINATION))
        return links

    def _may_go_on(self, links: Iterable[Link], url: str) -> bool:
        """Whether a listing names no page after it, and articles that pages before it did not."""
        stem, here = numbered(url)
        if any(
            link.kind is LinkKind.PAGINATION and numbered(link.url)[1] >= here for link in links
        ):
            return False
        if len(self._walked) >= MAX_WALKED:
            self._walked.clear()
        walked = self._walked.setdefault(stem, set())
        articles = {link.url for link in links if link.kind is LinkKind.ARTICLE}
        is_fresh = not articles <= walked
        walked |= articles
        return is_fresh

    def _next_pages(self, links: Iterable[Link], visit: Visit) -> list[str]:
        """Return the identity of the page that follows a listing page, as a list of one or none."""
        _, number = numbered(visit.row.url)
        following = {
            identity(fetch_url(link.url))
            for link in links
            if link.kind is LinkKind.PAGINATION
            and self._in_scope(link.url)
            and numbered(link.url)[1] == number + 1
        }
        return sorted(following)

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
        for link in links:
            rule = LINK_RULES.get(link.kind)
            if rule is None:
                continue
            way = _way(link, visit)
            if self._is_known(link.url, way):
                continue
            if link.kind is LinkKind.PAGINATION and _is_far(link.url):
                self._count("trap/listing")
                continue
            if taken.get(link.kind, 0) >= rule.a_page:
                self._count("too_many")
                continue
            if self.sections and not self._in_sections(link, visit):
                continue
            row = self._found(link, way, rule, visit, depth)
            self._remember(link.url, way if row is not None else EVERY_WAY)
            if row is not None:
                taken[link.kind] = taken.get(link.kind, 0) + 1
                found.append(row)
        return found

    def _found(
        self, link: Link, way: int, rule: LinkRule, visit: Visit, depth: int
    ) -> Found | None:
        kind = link.kind
        if kind is LinkKind.PAGINATION and visit.row.kind in {LinkKind.TAG, LinkKind.AUTHOR}:
            kind = LinkKind(visit.row.kind)
            rule = LINK_RULES[kind]
        return self.admit(link.url, kind=kind, way=Way(way), depth=depth, priority=rule.priority)

    def admit(self, url: str, *, kind: str, way: Way, depth: int, priority: int) -> Found | None:
        """Return the row for a URL, unless a rule keeps it from being visited."""
        try:
            url = untracked_url(url)
            site = site_of(url)
        except UnfetchableURL:
            self._count("unfetchable")
            return None
        if site not in self.sites:
            self._count("offsite")
            return None
        caught = trap(url)
        if caught is None and self.shapes.is_closed(url):
            caught = "shape"
        if caught is not None:
            self._count(f"trap/{caught}")
            return None
        if f"{urlsplit(url).path}/".startswith(self._never):
            self._count("never")
            return None
        return Found(
            site=site,
            identity=identity(url),
            url=url,
            kind=kind,
            ways=way,
            depth=depth,
            priority=priority,
        )

    def _in_sections(self, link: Link, visit: Visit) -> bool:
        """Whether the ``sections`` asked for let a link through.

        A category must be of one of them; articles and pages count where they
        stand on a listing of one.
        """
        if link.kind in ACROSS_SECTIONS:
            return False
        return self.of_section(link.url if link.kind is LinkKind.CATEGORY else visit.row.url)

    def of_section(self, url: str) -> bool:
        """Whether the path of a URL names one of the ``sections`` asked for."""
        path = urlsplit(url).path.strip("/").casefold()
        return path in self.sections or not self.sections.isdisjoint(path.split("/"))

    def is_section(self, name: str) -> bool:
        """Whether one of the ``sections`` asked for is called so."""
        return _slug(name) in self.sections

    def _in_scope(self, url: str) -> bool:
        try:
            return site_of(fetch_url(url)) in self.sites
        except UnfetchableURL:
            return False

    def _is_known(self, url: str, way: int) -> bool:
        """Whether the ledger was told of a URL by as strong a way of the same group.

        That keeps most links from it; its unique index is the truth.
        """
        told = self._known.get(url, 0) & (LISTED_WAYS if way & LISTED_WAYS else LINKED_WAYS)
        return bool(told) and told & -told <= way

    def _remember(self, url: str, way: int) -> None:
        if len(self._known) >= MAX_KNOWN_LINKS:
            self._known.clear()
        self._known[url] = self._known.get(url, 0) | way

    def _count(self, what: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"newscrawl/links/{what}")


def _way(link: Link, visit: Visit) -> int:
    """Return how a link is found: an article on a listing by the kind of the listing.

    A listing that a sitemap was first to name counts as a category.
    """
    if link.kind is not LinkKind.ARTICLE:
        return WAYS[link.kind]
    kind = visit.row.kind
    return WAYS[LinkKind.CATEGORY if kind == ENTRY else kind if kind in LISTINGS else link.kind]


def _is_far(url: str) -> bool:
    found = LISTING_PAGE.search(url)
    return found is not None and int(found["number"]) > MAX_LISTING_PAGE


def _slug(section: str) -> str:
    """Return a section as it stands in a path, also if it was given by its name."""
    return "-".join(section.strip("/").casefold().split())

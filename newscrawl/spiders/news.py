"""The traversal of a news site: which links are followed, in which order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any, ClassVar, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, XmlResponse
from scrapy.robotstxt import RobotParser
from web_poet import HttpClient
from web_poet.exceptions import HttpError

from newscrawl.discovery.links import LINKED, LISTED, Link, LinkKind, Way
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.items import Article
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import Outcome
from newscrawl.pages.kinds import PageKind
from newscrawl.pages.news import NewsPage
from newscrawl.pages.parts import join_parts, numbered
from newscrawl.scheduler import ledger_of
from newscrawl.spiders.arguments import Arguments
from newscrawl.store.ledger import Found, Visit, found_at
from newscrawl.traps import trap
from newscrawl.urls import UnfetchableURL, fetch_url, identity, site_of, untracked_url

MAX_KNOWN_LINKS = 50_000
MAX_PARTS = 50


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
SEED_PRIORITY = 120
SITEMAP = "sitemap"
SITEMAP_PRIORITY = 0
MAX_SITEMAPS = 200
MAX_LASTMOD = 40
LISTINGS = frozenset({LinkKind.CATEGORY, LinkKind.PAGINATION, LinkKind.TAG, LinkKind.AUTHOR})
WAYS: dict[str, int] = {kind.value: Way[kind.name].value for kind in LinkKind}
LISTED_WAYS, LINKED_WAYS, EVERY_WAY = LISTED.value, LINKED.value, -1
ACROSS_SECTIONS = frozenset({LinkKind.RELATED, LinkKind.PREVNEXT, LinkKind.TAG, LinkKind.AUTHOR})


class NewsSpider(Spider):
    """Follows category, pagination, related and previous/next links of a news site.

    A site's own spider names it, its ``start_urls`` and, where it needs to,
    ``never`` (paths that are not visited, nor what is below them). Arguments: ``sections``,
    ``since``, ``until``, ``max_articles``, ``max_depth``, and ``url`` in place of
    ``start_urls``.
    """

    start_urls: list[str] = []
    never: ClassVar[Collection[str]] = ()
    required_arguments: ClassVar[Collection[str]] = ()

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
        self.sites = frozenset(map(site_of, self.start_urls))
        self._never = tuple(f"{path}/" for path in self.never)
        self._known: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        return spider

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
        if isinstance(response, XmlResponse):
            yield self.read_xml(response, visit)
            return
        links = self.follow(page.links, visit)
        match page.kind:
            case PageKind.ARTICLE:
                yield Report(links=links, evidence=page.evidence)
                async for output in self.parse_article(page, http, visit):
                    yield output
            case PageKind.LISTING:
                yield Report(
                    Outcome.LISTING,
                    links=links,
                    next_pages=self._next_pages(page, visit),
                    evidence=page.evidence,
                )
            case PageKind.PART:
                links += self.follow(self._whole(page), visit)
                yield Report(Outcome.PART, links=links, evidence=page.evidence)
            case _:
                yield Report(Outcome.PAGE, links=links, evidence=page.evidence)

    def read_xml(self, response: Response, visit: Visit) -> Report:
        """Report a sitemap: further ones, and the dates by which pages are visited again.

        The pages themselves are found by links; feeds are not read.
        """
        sitemap = read_sitemap(response.body) if visit.row.kind == SITEMAP else None
        if sitemap is None:
            return Report(Outcome.LISTING, reason="Xml")
        children = [self._sitemap(e.url) for e in sitemap.sitemaps if self._in_scope(e.url)]
        return Report(
            Outcome.LISTING,
            reason="Sitemap",
            links=children[:MAX_SITEMAPS],
            again=[child.identity for child in children[:MAX_SITEMAPS]],
            lastmods={
                identity(entry.url): entry.lastmod
                for entry in sitemap.pages
                if entry.lastmod and len(entry.lastmod) <= MAX_LASTMOD and self._in_scope(entry.url)
            },
        )

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """Take the sitemaps that robots.txt names into the ledger; other parsers name none."""
        named = list(getattr(getattr(robotparser, "rp", None), "sitemaps", ()))[:MAX_SITEMAPS]
        ledger = ledger_of(self.crawler)
        if ledger is not None:
            found = [self._sitemap(url) for url in named if self._in_scope(url)]
            ledger.discover(found, revisit=not ledger.resumed)

    def _sitemap(self, url: str) -> Found:
        return found_at(
            fetch_url(url),
            kind=SITEMAP,
            way=Way.SITEMAP,
            depth=0,
            priority=SITEMAP_PRIORITY,
        )

    async def parse_article(
        self, page: NewsPage, http: HttpClient, visit: Visit
    ) -> AsyncIterator[Any]:
        """Yield the article of ``page``, joined with the parts it is split into."""
        article = await page.to_item()
        article.found_via = visit.row.found_via
        parts = [url for url in page.part_urls if self._in_scope(url)][:MAX_PARTS]
        try:
            rest = [await self._part(page, http, url) for url in parts]
        except HttpError as error:
            yield Report(Outcome.FAILED, reason=f"MissingPart: {error}")
            return
        if rest:
            article = join_parts(article, rest)
            yield Report(parts=[self._found_part(url, visit) for url in parts])
        yield article

    async def _part(self, page: NewsPage, http: HttpClient, url: str) -> Article:
        response = await http.get(url)
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

    def _next_pages(self, page: NewsPage, visit: Visit) -> list[str]:
        """Return the identity of the page that follows a listing page, as a list of one or none."""
        _, number = numbered(visit.row.url)
        following = {
            identity(fetch_url(link.url))
            for link in page.links
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
            if taken.get(link.kind, 0) >= rule.a_page:
                self._count("too_many")
                continue
            if self.sections and not self._in_sections(link, visit):
                continue
            row = self._found(link, rule, visit, depth)
            self._remember(link.url, way if row is not None else EVERY_WAY)
            if row is not None:
                taken[link.kind] = taken.get(link.kind, 0) + 1
                found.append(row)
        return found

    def _found(self, link: Link, rule: LinkRule, visit: Visit, depth: int) -> Found | None:
        try:
            url = untracked_url(link.url)
            site = site_of(url)
        except UnfetchableURL:
            self._count("unfetchable")
            return None
        if site not in self.sites:
            self._count("offsite")
            return None
        caught = trap(url)
        if caught is not None:
            self._count(f"trap/{caught}")
            return None
        if f"{urlsplit(url).path}/".startswith(self._never):
            self._count("never")
            return None
        kind = link.kind
        if kind is LinkKind.PAGINATION and visit.row.kind in {LinkKind.TAG, LinkKind.AUTHOR}:
            kind = LinkKind(visit.row.kind)
            rule = LINK_RULES[kind]
        return Found(
            site=site,
            identity=identity(url),
            url=url,
            kind=kind,
            ways=Way(_way(link, visit)),
            depth=depth,
            priority=rule.priority,
        )

    def _in_sections(self, link: Link, visit: Visit) -> bool:
        """Whether the ``sections`` asked for let a link through.

        A category must be of one of them; articles and pages count where they
        stand on a listing of one.
        """
        if link.kind in ACROSS_SECTIONS:
            return False
        return self._of_section(link.url if link.kind is LinkKind.CATEGORY else visit.row.url)

    def _of_section(self, url: str) -> bool:
        path = urlsplit(url).path.strip("/").casefold()
        return path in self.sections or not self.sections.isdisjoint(path.split("/"))

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
    """Return how a link is found: an article on a listing by the kind of the listing."""
    listed = link.kind is LinkKind.ARTICLE and visit.row.kind in LISTINGS
    return WAYS[visit.row.kind if listed else link.kind]


def _slug(section: str) -> str:
    """Return a section as it stands in a path, also if it was given by its name."""
    return "-".join(section.strip("/").casefold().split())

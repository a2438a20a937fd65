"""What each stage of an article's way costs, in multiples of one parse of its page."""

from __future__ import annotations

import asyncio
import copy
import statistics
from collections.abc import Callable
from time import process_time
from typing import NamedTuple, TypeVar

from lxml import etree
from sqlalchemy import Connection
from web_poet import HttpResponse

from newscrawl.addresses.address import site_of
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dedup.shingles import Shingled
from newscrawl.discovery.links import Link, LinkKind, Way
from newscrawl.frontier import claims, rows, runs, visits
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found, found_at
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.pages.documents.document import PARSER
from newscrawl.pages.news import NewsPage
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.store.database import connect, migrate
from tests.demo.truth import KnownSite

T = TypeVar("T")

ARTICLES = 200
PAGE_KB = 120
POLICY = RevisitPolicy(3600.0, 86_400.0)


class Timed(NamedTuple):
    """Seconds of CPU of one page."""

    parse: float
    links: float
    page_object: float
    clean: float
    signature: float
    store: float
    ledger: float


class Stages:
    """Takes one article after the other through all stages, with a database in memory."""

    def __init__(self, connection: Connection, site: KnownSite) -> None:
        self._db = connection
        self._sites = [site_of(site.base_url)]
        self._run = runs.begin_run(
            connection, spider="bench", sites=self._sites, arguments={}, version="", policy=POLICY
        ).run
        self._known: set[str] = set()
        self._store = ArticleStore("")
        self._loop = asyncio.new_event_loop()
        self._sign = DedupePipeline()
        self._times: list[float] = []

    def take(self, url: str, body: bytes) -> Timed:
        self._times = []
        response = HttpResponse(url, body, status=200, headers={"Content-Type": "text/html"})
        self._time(lambda: etree.fromstring(body, PARSER))
        page = NewsPage(response)
        links = self._time(lambda: page.links)
        article = self._time(lambda: self._loop.run_until_complete(page.to_item()))
        signed: Article = self._time(lambda: self._sign.process_item(clean(article)))
        self._time(lambda: Shingled(signed.text).sample)
        self._time(lambda: self._store.store(self._db, copy.copy(signed)))
        new = [link for link in links if link.url not in self._known]
        self._known.update(link.url for link in new)
        self._time(lambda: self._settle(url, new))
        return Timed(*self._times)

    def _settle(self, url: str, links: list[Link]) -> None:
        """Claim a row and finish its visit, with the links that the site has not shown before."""
        found = [_found(link.url) for link in links]
        rows.discover(self._db, self._run, [_found(url)])
        (row,) = claims.claim(self._db, self._run, self._sites, 1, Stage.ORDINARY, claimed_before=1)
        visit = Visit(row, outcome=Outcome.ARTICLE, status=200, links=found)
        visits.finish(self._db, self._run, [visit], POLICY, cycle=self._run)

    def _time(self, stage: Callable[[], T]) -> T:
        began = process_time()
        done = stage()
        self._times.append(process_time() - began)
        return done


def _found(url: str) -> Found:
    return found_at(url, kind=LinkKind.RELATED, way=Way.RELATED, depth=1, priority=1)


def run() -> None:
    site = KnownSite(articles=ARTICLES, page_kb=PAGE_KB)
    engine = connect("sqlite://")
    migrate(engine)
    with engine.begin() as connection:
        stages = Stages(connection, site)
        timed = []
        for article in site.truth():
            answer = site.respond(article.url.removeprefix(site.base_url), {})
            timed.append(stages.take(article.url, answer.body))
    engine.dispose()
    parse = statistics.median(each.parse for each in timed)
    print(f"  parse: {1000 * parse:.2f} ms")
    for stage in Timed._fields[1:]:
        median = statistics.median(getattr(each, stage) for each in timed)
        print(f"  {stage}: {median / parse:.2f} parses")

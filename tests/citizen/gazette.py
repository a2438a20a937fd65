"""A user's own project with page objects of its own, and the site that they are for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.crawl.answering import Answer, Server, answering, front, story

ROOT = Path(__file__).parents[2]
SETTINGS = """
from newscrawl.settings import *

BOT_NAME = "gazette"
SPIDER_MODULES = ["gazette.spiders"]
SCRAPY_POET_DISCOVER = ["newscrawl.pages", "gazette.pages"]
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = False
NEWSCRAWL_ALARM_WEBHOOK = "http://127.0.0.1:9/"
NEWSCRAWL_ARCHIVE = "archive"
FEEDS = {"feed.jsonl": {"format": "jsonlines"}}
"""
WITHOUT_COMMANDS = """
from gazette.settings import *

COMMANDS_MODULE = ""
"""
SPIDERS = """
from scrapy import Spider
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

from gazette.pages import Note, NotePage, SplitPage
from newscrawl.pages.news import NewsPage
from newscrawl.spiders.news import NewsSpider


class GazetteSpider(NewsSpider):
    name = "gazette"
    start_urls = ["{url}/"]


class NotesSpider(Spider):
    name = "notes"

    def parse(self, response):
        yield response.follow("/note", self.parse_note)

    def parse_note(self, response, note: Note):
        yield note


class RulesSpider(CrawlSpider):
    name = "rules"
    rules = [
        Rule(LinkExtractor(allow="/split"), callback="parse_split"),
        Rule(LinkExtractor(allow="/today"), callback="parse_today"),
    ]

    def parse_split(self, response, page: SplitPage):
        return page.to_item()

    def parse_today(self, response, page: NewsPage):
        return page.to_item()


class SeveralSpider(RulesSpider):
    name = "several"
    rules = []


class BareSpider(Spider):
    name = "bare"
"""
PAGES = '''
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import random

import attrs
from web_poet import HttpClient, WebPage, field, handle_urls
from web_poet.exceptions import UseFallback

from newscrawl.pages.article import ArticlePage
from newscrawl.pages.fields.parts import join_parts
from newscrawl.pages.news import NewsPage


class GazetteArticle(ArticlePage):
    @field
    def subtitle(self):
        return self.css(".dek::text").get()


class GazetteArticle2024(ArticlePage):
    valid_until = date(2025, 6, 1)

    @field
    def subtitle(self):
        return self.css(".kicker::text").get()


@handle_urls("{host}", instead_of=NewsPage)
class GazettePage(NewsPage):
    article_class = GazetteArticle
    earlier = (GazetteArticle2024,)


@attrs.define
class SplitPage(NewsPage):
    """Asks for the further pages of an article by itself."""

    http: HttpClient
    part_urls = ()

    async def to_item(self):
        first = await super().to_item()
        rest = [self.beside(await self.http.get(url)) for url in super().part_urls]
        return join_parts(first, [await NewsPage.to_item(page) for page in rest])


@dataclass
class Note:
    title: str
    on: date
    read: datetime


@handle_urls("{host}")
class NotePage(WebPage[Note]):
    @field
    def title(self):
        return self.css("h1::text").get()

    @field
    def on(self):
        return date(2025, 3, 1)

    @field
    def read(self):
        return datetime.now(UTC).replace(second=0, microsecond=0)


class RandomPage(NotePage):
    @field
    def title(self):
        return str(random())


class BrokenPage(NotePage):
    @field
    def title(self):
        raise KeyError("no title")


class ElsewherePage(NotePage):
    def validate_input(self):
        raise UseFallback("elsewhere")
'''


def _dated(name: str, *lines: str) -> str:
    return story(name).replace("<time", f"{''.join(lines)}<time")


def _parts(number: int) -> str:
    links = "".join(f'<a href="/split?page={each}">{each}</a> ' for each in (1, 2, 3))
    head = f'<link rel="prev" href="/split?page={number - 1}">' if number > 1 else ""
    page = story(f"Part {number} of the tale").replace("</head>", f"{head}</head>")
    return page.replace("</article>", f'<div class="pagination">{links}</div></article>')


PAGES_OF_SITE: dict[str, Answer | str] = {
    "/robots.txt": Answer("User-agent: *\nDisallow: /private/\n", headers=()),
    "/": front("/today", "/split"),
    "/today": _dated("Ferries of today", '<p class="dek">New</p><p class="kicker">Old</p>'),
    "/split": _parts(1),
    "/split?page=2": _parts(2),
    "/split?page=3": _parts(3),
    "/note": "<h1>A note</h1>",
    "/feed": Answer("<rss><channel></channel></rss>", headers=(("Content-Type", "text/xml"),)),
    "/picture": Answer(b"\x89PNG\r\n\x1a\n" + bytes(200), headers=(("Content-Type", "image/png"),)),
    "/moved": Answer(status=301, headers=(("Location", "/today"),)),
    "/private/": story("Hidden"),
}


@dataclass
class Project:
    """A folder with the project; its commands are run as a user runs them."""

    folder: Path
    site: Server

    def url(self, path: str) -> str:
        return self.site.url + path

    @property
    def fixtures(self) -> Path:
        return self.folder / "fixtures"

    @property
    def recorded(self) -> set[str]:
        """The fixtures by page object and name."""
        found = self.fixtures.glob("*/*")
        return {str(each.relative_to(self.fixtures)) for each in found}

    def python(self, *arguments: str, settings: str = "") -> subprocess.CompletedProcess[str]:
        own = {"PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": settings, "COLUMNS": "200"}
        environment = {name: value for name, value in {**os.environ, **own}.items() if value}
        environment.pop("PYTEST_ADDOPTS", None)
        if not settings:
            environment.pop("SCRAPY_SETTINGS_MODULE", None)
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment,
            timeout=300,
        )

    def scrapy(self, *arguments: str, settings: str = "") -> subprocess.CompletedProcess[str]:
        return self.python("scrapy", *arguments, settings=settings)

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        own = ("-p", "no:cacheprovider", "-p", "newscrawl.recording.failing", "-rA")
        return self.python("pytest", *own, *arguments)


@contextmanager
def own_project(folder: Path) -> Iterator[Project]:
    with answering(PAGES_OF_SITE) as site:
        package = folder / "gazette"
        (package / "spiders").mkdir(parents=True)
        host = site.url.removeprefix("http://")
        for name, text in {
            "__init__.py": "",
            "settings.py": SETTINGS,
            "plain.py": WITHOUT_COMMANDS,
            "pages.py": PAGES.replace("{host}", host),
            "spiders/__init__.py": SPIDERS.replace("{url}", site.url),
        }.items():
            (package / name).write_text(text, encoding="utf-8")
        (folder / "scrapy.cfg").write_text("[settings]\ndefault = gazette.settings\n")
        yield Project(folder, site)

"""Each of Scrapy's tools on one article and one site: does it say what it should, and store nothing?"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL, OWN_SERVER

SPIDER = '''\
from newscrawl.pages.news import NewsPage
from newscrawl.spiders.news import NewsSpider
from web_poet import HttpClient


class Own(NewsSpider):
    name = "own"
    start_urls = ["{site}"]

    async def parse_article(self, response, page: NewsPage, http: HttpClient):
        """The article.

        @url {article}
        @returns items 1 1
        @scrapes headline text
        """
        async for output in super().parse_article(response, page, http):
            yield output
'''
FOREIGN = """\
from scrapy import Spider


class Foreign(Spider):
    name = "foreign"
    start_urls = ["{article}"]

    def parse(self, response):
        yield {{"title": response.css("title::text").get()}}
"""


class Tool(NamedTuple):
    """A command, and what has to stand in what it prints."""

    name: str
    command: Sequence[str]
    expected: str
    status: int = 0


class Tried(NamedTuple):
    """What became of a tool."""

    tool: Tool
    status: int
    stdout: str
    stderr: str

    @property
    def passed(self) -> bool:
        return self.status == self.tool.status and self.tool.expected in self.stdout + self.stderr


class Tally(NamedTuple):
    """All tools, and the files that they made unasked, a ledger among them."""

    tried: list[Tried]
    left: list[str]

    @property
    def passed(self) -> int:
        return sum(each.passed for each in self.tried)


def tools(site: str, article: str, headline: str, folder: Path) -> Iterator[Tool]:
    """Yield the tools for a site and an article of it, whose headline is known."""
    page = folder / "page.html"
    yield Tool("parse", ["parse", article], headline)
    yield Tool("parse: links", ["parse", "--noitems", site], "links: article (")
    yield Tool("parse: evidence", ["parse", "--nolinks", site], "listing: ")
    yield Tool("parse: spider", ["parse", "--spider", "site", article], headline)
    yield Tool("parse: callback", ["parse", "-c", "parse_article", article], headline)
    yield Tool("parse: pipelines", ["parse", "--pipelines", article], headline)
    yield Tool("parse: depth", ["parse", "--depth", "2", "--noitems", site], "links: ")
    yield Tool("parse: missing", ["parse", f"{site}missing-page-of-none/"], "404", 1)
    yield Tool("parse: malformed", ["parse", "http://127.0.0.1:80x/"], "is not a web address", 2)
    yield Tool("parse: file", ["parse", page.as_uri()], headline)
    yield Tool("shell", ["shell", article, "-c", "page.headline"], headline)
    yield Tool("shell: file", ["shell", str(page), "-c", "page.headline"], headline)
    yield Tool("fetch", ["fetch", article], "</html>")
    yield Tool("fetch: file", ["fetch", page.as_uri()], "</html>")
    yield Tool("view", ["view", article], "Spider closed (finished)")
    yield Tool("bench", ["bench", "-s", "CLOSESPIDER_TIMEOUT=1"], "closespider_timeout")
    yield Tool("list", ["list"], "site")
    yield Tool("settings", ["settings", "--get", "NEWSCRAWL_LEDGER"], "auto")
    yield Tool("version", ["version", "-v"], "Twisted")
    own, out = str(folder / "own.py"), str(folder / "out.jsonl")
    yield Tool("runspider", ["runspider", own, "-O", out], "Spider closed (finished)")
    foreign = str(folder / "foreign.py")
    yield Tool("runspider: foreign", ["runspider", foreign, "-o", "-:jsonl"], '"title"')
    check = ["check", "own", "-s", "SPIDER_MODULES=own"]
    yield Tool("check", check, "Ran 2 contracts")


def try_tools(site: str, article: str, page: str, headline: str, folder: Path) -> Tally:
    """Run every tool in an empty folder of its own beside the files that they are given."""
    given, empty = folder / "given", folder / "empty"
    given.mkdir()
    empty.mkdir()
    (given / "own.py").write_text(SPIDER.format(site=site, article=article))
    (given / "foreign.py").write_text(FOREIGN.format(article=article))
    (given / "page.html").write_text(page, encoding="utf-8")
    environment = {**ENVIRONMENT, "PYTHONPATH": str(given), "BROWSER": "true"}
    tried = [_tried(tool, empty, environment) for tool in tools(site, article, headline, given)]
    return Tally(tried, sorted(str(path.relative_to(empty)) for path in empty.rglob("*")))


def _tried(tool: Tool, folder: Path, environment: dict[str, str]) -> Tried:
    settings = [part for name, value in OWN_SERVER.items() for part in ("-s", f"{name}={value}")]
    done = subprocess.run(
        [*NEWSCRAWL, *tool.command, *settings],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        timeout=120,
    )
    return Tried(tool, done.returncode, done.stdout, done.stderr)

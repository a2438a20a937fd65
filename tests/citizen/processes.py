"""Programs of users that start several crawls in one process, and two small sites to crawl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.crawl.answering import Answer, Asked, Server, answering, front, story
from tests.crawl.crawling import ENVIRONMENT, OWN_SERVER

FOREIGN = '''
import json

import scrapy
from scrapy.statscollectors import MemoryStatsCollector


class Stamp:
    """A pipeline of the user."""

    def process_item(self, item):
        item["stamp"] = "mine"
        return item


class Key:
    """A downloader middleware of the user."""

    def process_request(self, request):
        request.headers["X-Key"] = "k1"


class Depth:
    """A spider middleware of the user."""

    async def process_spider_output(self, response, result):
        async for each in result:
            if isinstance(each, dict):
                each["from"] = response.url.rpartition("/")[2]
            yield each


class Shop(scrapy.Spider):
    name = "shop"
    custom_settings = {
        "COOKIES_ENABLED": True,
        "ITEM_PIPELINES": {Stamp: 50},
        "DOWNLOADER_MIDDLEWARES": {Key: 400},
        "SPIDER_MIDDLEWARES": {Depth: 500},
        "FEEDS": {"shop.csv": {"format": "csv"}},
    }

    async def start(self):
        for term in ("tide", "tram"):
            yield scrapy.Request(
                self.server + "/search",
                method="POST",
                body=json.dumps({"term": term}),
                callback=self.found,
                cb_kwargs={"term": term},
            )

    def found(self, response, term):
        self.crawler.stats.inc_value("shop/found")
        yield {"term": term, "heard": response.json()["body"], "key": response.json()["key"]}
        yield response.follow("/basket", self.basket, dont_filter=True)

    def basket(self, response):
        yield {"term": "basket", "heard": response.json()["cookie"], "key": response.json()["key"]}
'''

PROCESS = """
import json
import sys

from scrapy.crawler import AsyncCrawlerProcess, CrawlerProcess
from scrapy.utils.project import get_project_settings

from newscrawl.extensions.ending import EndingExtension
from shop import Shop

kind, crawls = json.loads(sys.argv[1])
process = {"AsyncCrawlerProcess": AsyncCrawlerProcess, "CrawlerProcess": CrawlerProcess}[kind](
    get_project_settings()
)
crawlers = []
for name, arguments in crawls:
    crawlers.append(process.create_crawler(Shop if name == "shop" else name))
    process.crawl(crawlers[-1], **arguments)
process.start()
print(json.dumps([
    {
        "stats": crawler.stats.get_stats(),
        "status": crawler.get_extension(EndingExtension).status,
        "account": (account := crawler.get_extension(EndingExtension).account) and account.as_dict(),
    }
    for crawler in crawlers
], default=str))
"""

RUNNER = """
import asyncio
import json
import signal
import sys

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.defer import deferred_f_from_coro_f
from scrapy.utils.log import configure_logging
from scrapy.utils.project import get_project_settings
from scrapy.utils.reactor import install_reactor
from twisted.internet.task import react

from newscrawl.extensions.ending import EndingExtension
from shop import Shop


async def tick(ticks):
    while True:
        ticks.append(1)
        await asyncio.sleep(0.01)


async def main(*_):
    settings = get_project_settings()
    configure_logging(settings)
    runner = AsyncCrawlerRunner(settings)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, lambda: loop.create_task(runner.stop()))
    ticks = []
    other = asyncio.create_task(tick(ticks))
    kind, crawls = json.loads(sys.argv[1])
    crawlers = [runner.create_crawler(Shop if name == "shop" else name) for name, _ in crawls]
    await asyncio.gather(
        *(runner.crawl(each, **given) for each, (_, given) in zip(crawlers, crawls))
    )
    other.cancel()
    assert len(ticks) > 1
    print(json.dumps([
        {
            "stats": crawler.stats.get_stats(),
            "status": crawler.get_extension(EndingExtension).status,
            "account": (account := crawler.get_extension(EndingExtension).account) and account.as_dict(),
        }
        for crawler in crawlers
    ], default=str))


install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
react(deferred_f_from_coro_f(main))
"""

SETTINGS = """
from newscrawl.settings import *

NEWSCRAWL_DATABASE_URL = "sqlite:///news.db"
NEWSCRAWL_JSONL = "{site}.jsonl"
"""

PROGRAMS = {"AsyncCrawlerProcess": PROCESS, "CrawlerProcess": PROCESS, "AsyncCrawlerRunner": RUNNER}


class Ended(NamedTuple):
    """What a crawl came to, as its program told."""

    stats: dict[str, Any]
    status: int
    account: Any


class Program:
    """A folder with a user's program, and what its crawls left behind."""

    def __init__(self, folder: Path, kind: str = "AsyncCrawlerProcess", **settings: object) -> None:
        self.folder = folder
        self.kind = kind
        own = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        gentle = "".join(f"{name} = {value!r}\n" for name, value in OWN_SERVER.items())
        (folder / "own_settings.py").write_text(f"{SETTINGS}{gentle}{own}")
        (folder / "shop.py").write_text(FOREIGN)
        (folder / "program.py").write_text(PROGRAMS[kind])

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def start(self, *crawls: tuple[str, dict[str, str]]) -> subprocess.Popen[str]:
        with (self.folder / "log").open("w") as log:
            return subprocess.Popen(
                [sys.executable, "program.py", json.dumps([self.kind, crawls])],
                cwd=self.folder,
                env={
                    **ENVIRONMENT,
                    "SCRAPY_SETTINGS_MODULE": "own_settings",
                    "PYTHONPATH": _path(),
                },
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def run(self, *crawls: tuple[str, dict[str, str]]) -> list[Ended]:
        return self.ended(self.start(*crawls))

    def ended(self, process: subprocess.Popen[str]) -> list[Ended]:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, self.log[-4000:]
        return [Ended(**each) for each in json.loads(out)]


def _path() -> str:
    return os.pathsep.join(filter(None, [".", os.environ.get("PYTHONPATH", "")]))


def echo(asked: Asked) -> Answer:
    told = {"cookie": asked.headers.get("Cookie"), "key": asked.headers.get("X-Key")}
    body = json.dumps({**told, "body": asked.body})
    return Answer(body, headers=(("Content-Type", "application/json"), ("Set-Cookie", "basket=7")))


def pages(name: str, stories: int) -> dict[str, Answer | str]:
    paths = [f"/{name}-{number}" for number in range(stories)]
    return {"/": front(*paths), **{path: story(path) for path in paths}}


@contextmanager
def two_sites(stories: int = 5) -> Iterator[tuple[Server, Server, Server]]:
    """Serve two news sites and a shop that tells what it was asked."""
    with ExitStack() as stack:
        quay, tram = (
            stack.enter_context(answering(pages(name, stories))) for name in ("quay", "tram")
        )
        shop = stack.enter_context(answering({"/search": echo, "/basket": echo}))
        yield quay, tram, shop

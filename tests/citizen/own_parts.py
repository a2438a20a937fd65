"""A user's project with a part of their own at every place that Scrapy has for one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.crawl.crawling import ENVIRONMENT, OWN_SERVER

SETTINGS = """
from newscrawl.settings import *

NEWSCRAWL_DATABASE_URL = "sqlite:///news.db"
NEWSCRAWL_JSONL = "articles.jsonl"
SPIDER_MODULES = [*SPIDER_MODULES, "parts"]
ITEM_PIPELINES = {**ITEM_PIPELINES, "parts.Before": 50, "parts.After": 900}
DOWNLOADER_MIDDLEWARES = {**DOWNLOADER_MIDDLEWARES, "parts.Outer": 50, "parts.Inner": 900}
SPIDER_MIDDLEWARES = {**SPIDER_MIDDLEWARES, "parts.Answers": 600}
EXTENSIONS = {**EXTENSIONS, "parts.Listener": 600}
STATS_CLASS = "parts.Stats"
LOG_FORMATTER = "parts.Formatter"
FEEDS = {
    **{
        f"feed.{form}": {"format": form}
        for form in ("jsonlines", "json", "csv", "xml", "pickle")
    },
    "batch-%(batch_id)d.jsonl": {"format": "jsonlines", "batch_item_count": 2},
    "fields.csv": {"format": "csv", "fields": ["headline", "url"]},
    "articles-only.json": {"format": "json", "item_classes": ["newscrawl.items.Article"]},
}
"""

PARTS = """
import json
from collections import Counter

from scrapy import signals
from scrapy.exceptions import DropItem
from scrapy.logformatter import LogFormatter
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.spiders.site import SiteSpider

SEEN = Counter()


class Before:
    def process_item(self, item):
        SEEN["before, with an id" if item.id else "before"] += 1
        if "unwanted" in item.headline:
            raise DropItem("nobody wants it")
        item.tags.append("of the user")
        return item


class After:
    def process_item(self, item):
        SEEN["after, with an id" if item.id else "after"] += 1
        return item


class Outer:
    place = "outer"

    def process_request(self, request):
        SEEN[f"{self.place} request"] += 1
        request.headers["X-" + self.place] = "1"

    def process_response(self, request, response):
        SEEN[f"{self.place} {response.status}"] += 1
        return response


class Inner(Outer):
    place = "inner"


class Answers:
    def process_spider_input(self, response):
        SEEN["spider input"] += 1

    async def process_spider_output(self, response, result):
        async for each in result:
            SEEN[f"spider output {type(each).__name__}"] += 1
            yield each


class Listener:
    @classmethod
    def from_crawler(cls, crawler):
        listener = cls()
        for name in ("item_scraped", "item_dropped", "spider_closed", "engine_stopped"):
            crawler.signals.connect(getattr(listener, name), getattr(signals, name))
        return listener

    def item_scraped(self, item, response):
        SEEN["item_scraped"] += 1

    def item_dropped(self, exception):
        SEEN[f"item_dropped {type(exception).__name__}"] += 1

    def spider_closed(self, reason):
        SEEN[f"spider_closed {reason}"] += 1

    def engine_stopped(self):
        with open("seen.json", "w") as file:
            json.dump(SEEN, file)


class Stats(MemoryStatsCollector):
    def close_spider(self, *arguments, **named):
        with open("stats.json", "w") as file:
            json.dump(self.get_stats(), file, default=str)
        super().close_spider(*arguments, **named)


class Formatter(LogFormatter):
    def dropped(self, item, exception, response, spider):
        told = super().dropped(item, exception, response, spider)
        return {**told, "msg": "LEFT OUT: %(exception)s"}


class AddsPipeline(SiteSpider):
    name = "adds_pipeline"
    custom_settings = {"ITEM_PIPELINES": {After: 600}}


class AddsMiddleware(SiteSpider):
    name = "adds_middleware"
    custom_settings = {"DOWNLOADER_MIDDLEWARES": {Inner: 900}, "EXTENSIONS": {Listener: 1}}


class TakesAway(SiteSpider):
    name = "takes_away"
    custom_settings = {
        "ITEM_PIPELINES": {After: 600, "newscrawl.pipelines.validate.ValidatePipeline": None}
    }
"""


def crawl(
    folder: Path, *arguments: str, settings: str = SETTINGS
) -> subprocess.CompletedProcess[str]:
    """Run ``scrapy crawl`` in a project of a user, where nothing of Scrapy may be deprecated."""
    gentle = "".join(f"{name} = {value!r}\n" for name, value in OWN_SERVER.items())
    (folder / "own_settings.py").write_text(f"{settings}{gentle}")
    (folder / "parts.py").write_text(PARTS)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = own_settings\n")
    strictly = "error::scrapy.exceptions.ScrapyDeprecationWarning"
    environment = {name: ENVIRONMENT[name] for name in ENVIRONMENT if name[:7] != "SCRAPY_"}
    return subprocess.run(
        [sys.executable, "-W", strictly, "-m", "scrapy", "crawl", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=120,
    )

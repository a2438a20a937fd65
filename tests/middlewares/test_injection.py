"""Callbacks are given what scrapy-poet's own middleware gives them, whatever they ask for."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.answering import answering
from tests.crawl.crawling import Crawl
from tests.middlewares.asking_spider import AskingSpider

ASKED = ("page", "far", "item", "url", "unread", "extra", "parse")
OURS = "newscrawl.middlewares.injection.PageMiddleware"
THEIRS = "scrapy_poet.InjectionMiddleware"
PAGES = {
    **{f"{path}?{name}": path for path in AskingSpider.paths for name in ASKED},
    **dict.fromkeys(("/plain?fickle", "/plain?lambda", "/plain?coloured", "/beside"), "other"),
}
OWN = {"SPIDER_MODULES": "asking_spider", "SCRAPY_POET_DISCOVER": "asking_spider"}
SETTINGS = """
from newscrawl.settings import *
from newscrawl import settings as ours
DOWNLOADER_MIDDLEWARES = {**ours.DOWNLOADER_MIDDLEWARES, %r: 543, %r: None}
LOG_LEVEL = "DEBUG"
%s
"""
PROVIDERS = 'SCRAPY_POET_PROVIDERS = {"asking_spider.ColourProvider": 500}'


def told(
    folder: Path, on: str, off: str, more: str = ""
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return what the callbacks say they were given, and scrapy-poet's counts."""
    crawl = Crawl(folder)
    shutil.copy(Path(__file__).with_name("asking_spider.py"), folder)
    (folder / "chosen.py").write_text(SETTINGS % (on, off, more))
    crawl.environment["SCRAPY_SETTINGS_MODULE"] = "chosen"
    pages = {path: f"<html><body><p>{text}</p></body></html>" for path, text in PAGES.items()}
    with answering(pages) as server:
        (folder / "site.txt").write_text(server.url.removeprefix("http://"))
        process = crawl.run("asking", "-a", f"server={server.url}", "-O", "feed.jsonl", **OWN)
    assert process.returncode == 0, process.stderr + crawl.log
    assert "Traceback" not in crawl.log, crawl.log
    items = [json.loads(line) for line in (folder / "feed.jsonl").read_text().splitlines()]
    counts = re.findall(
        r"'(poet/[^']+|scrapy_poet/[^']+|downloader/re[^']+count)': (\d+)", crawl.log
    )
    in_order = sorted(items, key=lambda item: (item["what"], item["path"]))
    return in_order, {name: int(number) for name, number in counts}


@pytest.fixture(scope="module", params=["", PROVIDERS], ids=["", "with a provider"])
def both(request, tmp_path_factory):
    folders = [tmp_path_factory.mktemp(name) for name in ("ours", "theirs")]
    ours = told(folders[0], OURS, THEIRS, request.param)
    return ours, told(folders[1], THEIRS, OURS, request.param)


def test_every_callback_is_given_the_same(both):
    (ours, _), (theirs, _) = both
    assert {item["what"] for item in ours} >= {*ASKED, "fickle", "closure"}
    assert ours == theirs


def test_the_same_page_objects_are_counted(both):
    (_, ours), (_, theirs) = both
    assert ours["poet/injector/asking_spider.Ruled"] > 0
    assert ours == theirs

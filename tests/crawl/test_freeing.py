"""What a crawl keeps in memory of pages that it is done with."""

from __future__ import annotations

import json
import re

from newscrawl.settings import EXTENSIONS
from tests.crawl.answering import answering, front, story
from tests.crawl.crawling import Crawl

COPIES = [f"/copy-{number}" for number in range(24)]
ONE_BY_ONE = {"CONCURRENT_REQUESTS": "1", "DOWNLOAD_DELAY": "0.05"}


def test_pages_whose_article_is_dropped_are_freed_at_once(crawl: Crawl):
    extensions = json.dumps({**EXTENSIONS, "tests.crawl.live_pages.LivePages": 900})
    pages = {path: story("the quay") for path in COPIES}
    with answering({"/": front(*COPIES), **pages}) as server:
        done = crawl.run("site", "-a", f"url={server.url}/", EXTENSIONS=extensions, **ONE_BY_ONE)
    assert done.returncode == 0, done.stderr
    dropped = [row for row in crawl.pages().values() if row["outcome"] == "duplicate"]
    assert len(dropped) == len(COPIES) - 1
    (live,) = re.findall(r"'live': (\d+)", crawl.log)
    assert 1 <= int(live) <= len(COPIES) // 3
